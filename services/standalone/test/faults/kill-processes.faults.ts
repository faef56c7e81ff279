// kill -9 of service processes under load.
import { expectHeld } from './harness/expect-held.js';
import { killAll, killEachReplica } from './harness/process-faults.js';
import { killedBeforeDelivery, killedWhileWriting } from './harness/process-scenarios.js';
import { underLoad } from './harness/under-load.js';

const SCENARIO_MS = 600_000;

describe('kill -9', () => {
  const scenarios = {
    'of every process in turn': () => underLoad({ name: 'kill-each-replica', disturb: killEachReplica }),
    'of all processes at once, twice': () => underLoad({ name: 'kill-all', disturb: killAll }),
    'of both message processes while rows are on their way': () => killedWhileWriting(),
    'of both message processes between ack and delivery, at the end of the chat': () =>
      killedBeforeDelivery(),
  };

  it.each(Object.entries(scenarios))(
    '%s',
    async (_name, run) => {
      expectHeld(await run());
    },
    SCENARIO_MS,
  );
});
