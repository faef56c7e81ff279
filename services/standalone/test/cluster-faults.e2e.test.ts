// The shortest of the fault scenarios, so that every run of the tests has one: a message process and a gateway of
// a cluster are killed under load. All of them: `make faults`.
import { describeWithEngine, engineAddress } from '@parley/test-engines';
import { expectHeld } from './faults/harness/expect-held.js';
import { killOneOf } from './faults/harness/process-faults.js';
import { underLoad } from './faults/harness/under-load.js';

// Kafka and Redis come up with Cassandra.
await describeWithEngine('Cassandra', engineAddress('cassandra'), () => {
  it('kill -9 of a message process and a gateway: I1-I9 hold', async () => {
    const report = await underLoad({
      name: 'short',
      isRecorded: false,
      users: 10,
      sendsPerSecond: 40,
      disturb: (stage) => killOneOf(stage, ['message', 'access-gateway']),
    });
    expectHeld(report);
  }, 120_000);
});
