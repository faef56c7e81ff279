import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedDatabase } from '@parley/embedded-db';
import { systemClock } from '@parley/kernel';
import type { Logger } from '@parley/telemetry';
import { describeEventLogContract } from '../testing/index.js';
import { createEmbeddedEventLog } from './embedded-event-log.js';

// Failing handlers are what the suite is about; what must follow from them it checks itself.
const quiet = (): void => undefined;
const logger: Logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };

describeEventLogContract('embedded', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'parley-log-'));
  let database = await openEmbeddedDatabase({ dir });
  let log = createEmbeddedEventLog({ database, clock: systemClock, logger });
  const close = async (): Promise<void> => {
    await log.close();
    await database.close();
  };
  return {
    log,
    reopen: async () => {
      await close();
      database = await openEmbeddedDatabase({ dir });
      log = createEmbeddedEventLog({ database, clock: systemClock, logger });
      return log;
    },
    close: async () => {
      await close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
});
