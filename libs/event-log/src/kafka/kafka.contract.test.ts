import { systemClock } from '@parley/kernel';
import { silentLogger } from '@parley/telemetry';
import { describeWithEngine, engineAddress } from '@parley/test-engines';
import { describeEventLogContract } from '../testing/index.js';
import { createKafkaEventLog } from './kafka-event-log.js';

await describeWithEngine('Kafka', engineAddress('kafka'), (address) => {
  // Failing handlers are what the suite is about; what must follow from them it checks itself.
  // The suite appends 64 MiB at once, which one broker on a busy machine does not take within the usual 5 s.
  const open = () =>
    createKafkaEventLog({
      brokers: [address],
      clock: systemClock,
      logger: silentLogger,
      appendDeadlineMs: 60_000,
    });

  describeEventLogContract('kafka', async () => {
    let log = open();
    return {
      log,
      reopen: async () => {
        await log.close();
        log = open();
        return log;
      },
      close: () => log.close(),
    };
  });
});
