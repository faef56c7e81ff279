// kill -9 of service processes under load: one after the other, and all at once.
import { expectHeld } from './harness/expect-held.js';
import { underLoad } from './harness/under-load.js';

const SCENARIO_MS = 600_000;
/** A moment without the process, as its supervisor needs to notice. */
const GONE_MS = 2_000;

describe('kill -9', () => {
  it(
    'of every process in turn',
    async () => {
      const report = await underLoad({
        name: 'kill-each-replica',
        disturb: async ({ cluster, phase, pause }) => {
          for (const { name, process } of cluster.members) {
            await phase(name, async () => {
              await process.kill();
              await pause(GONE_MS);
              await process.start();
            });
          }
        },
      });
      expectHeld(report);
    },
    SCENARIO_MS,
  );
});
