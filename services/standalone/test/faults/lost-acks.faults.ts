// The answer to a send is lost and the send comes again elsewhere: one message, the same number.
import { expectHeld } from './harness/expect-held.js';
import { lostAcks } from './harness/process-scenarios.js';

const SCENARIO_MS = 600_000;

describe('lost acks', () => {
  it(
    'after 1 s and after 60 s, on the other gateway',
    async () => {
      const { report, retried } = await lostAcks();
      expectHeld(report);
      for (const { stored, answered, isDuplicate } of retried) {
        expect({ stored, isDuplicate }).toEqual({ stored: [answered], isDuplicate: true });
      }
      expect(retried).toHaveLength(2);
    },
    SCENARIO_MS,
  );
});
