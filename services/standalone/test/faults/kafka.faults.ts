// Kafka's broker killed and started again on its data, and consumer groups that never come to rest, under load.
import { OwnEngine } from '@parley/test-engines';
import { expectHeld } from './harness/expect-held.js';
import { underLoad } from './harness/under-load.js';

const SCENARIO_MS = 600_000;
const RESTARTS = 2;
/** Between a death and the next start, as a supervisor needs to notice. */
const GONE_MS = 2_000;
const REBALANCE_EVERY_MS = 10_000;
const REBALANCES = 6;

describe('Kafka', () => {
  describe('with a broker of its own', () => {
    let kafka: OwnEngine;
    beforeAll(async () => {
      kafka = await OwnEngine.start('kafka');
    }, SCENARIO_MS);
    afterAll(() => kafka?.remove());

    it(
      'is restarted',
      async () => {
        const report = await underLoad({
          name: 'kafka-restarted',
          env: { PARLEY_KAFKA_BROKERS: kafka.address },
          disturb: async ({ phase, pause }) => {
            for (let count = 1; count <= RESTARTS; count += 1) {
              await phase(`kill -9 ${count}`, async () => {
                await kafka.kill();
                await pause(GONE_MS);
                await kafka.start();
              });
            }
          },
        });
        expectHeld(report);
      },
      SCENARIO_MS,
    );
  });

  it(
    'gives its groups other members every 10 s',
    async () => {
      const report = await underLoad({
        name: 'groups-rebalanced',
        disturb: async ({ cluster, phase, pause }) => {
          const members = cluster.of('message');
          await phase(`${REBALANCES} in a row`, async () => {
            for (let count = 0; count < REBALANCES; count += 1) {
              const beganAtMs = Date.now();
              const member = members[count % members.length];
              await member?.process.stop();
              await member?.process.start();
              await pause(Math.max(0, REBALANCE_EVERY_MS - (Date.now() - beganAtMs)));
            }
          });
        },
      });
      expectHeld(report);
    },
    SCENARIO_MS,
  );
});
