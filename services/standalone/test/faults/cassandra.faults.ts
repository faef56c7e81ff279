// Cassandra stands still under load, as in a long collection of garbage: its connections stay open, nobody answers.
import { OwnEngine } from '@parley/test-engines';
import { expectHeld } from './harness/expect-held.js';
import { underLoad } from './harness/under-load.js';

const SCENARIO_MS = 600_000;
const PAUSES = 2;
const PAUSE_MS = 10_000;

describe('Cassandra', () => {
  let cassandra: OwnEngine;
  beforeAll(async () => {
    cassandra = await OwnEngine.start('cassandra');
  }, SCENARIO_MS);
  afterAll(() => cassandra?.remove());

  it(
    'stands still for 10 s',
    async () => {
      const report = await underLoad({
        name: 'cassandra-paused',
        env: { PARLEY_CASSANDRA_CONTACT_POINTS: cassandra.address },
        disturb: async ({ phase, pause }) => {
          for (let count = 1; count <= PAUSES; count += 1) {
            await phase(`SIGSTOP ${count}`, async () => {
              cassandra.freeze();
              try {
                await pause(PAUSE_MS);
              } finally {
                cassandra.thaw();
              }
            });
          }
        },
      });
      expectHeld(report);
    },
    SCENARIO_MS,
  );
});
