// A message process that stands still for 15 s, above all between numbering a message and appending it: what it
// appends when it wakes up comes too late and must be void for everybody.
import { waitFor } from '@parley/testkit';
import { expectHeld } from './harness/expect-held.js';
import { STOP_BEFORE_APPEND } from './harness/patches.js';
import { freezeWriters, lateRecordsDropped } from './harness/process-faults.js';
import { underLoad } from './harness/under-load.js';

const SCENARIO_MS = 600_000;

describe('SIGSTOP of message processes', () => {
  it(
    'between numbering and append, and at any moment',
    async () => {
      let dropped = 0;
      const report = await underLoad({
        name: 'message-frozen',
        patches: [STOP_BEFORE_APPEND],
        disturb: async (stage) => {
          await freezeWriters(stage);
          // Without it nothing was tried: each process had a number in hand when it stopped.
          dropped = await waitFor(() => lateRecordsDropped(stage), { what: 'late records to be dropped' });
        },
      });
      console.info(`${dropped} late records were dropped`);
      expectHeld(report);
      expect(dropped).toBeGreaterThanOrEqual(1);
    },
    SCENARIO_MS,
  );
});
