import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedDatabase } from '@parley/embedded-db';
import { describeTableStoreContract } from '../testing/index.js';
import { createEmbeddedTableStore } from './embedded-table-store.js';

describeTableStoreContract('embedded', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'parley-tables-'));
  let nowMs = 1_700_000_000_000;
  const clock = { now: () => nowMs };
  let database = await openEmbeddedDatabase({ dir });
  let store = createEmbeddedTableStore({ database, clock });
  const close = async (): Promise<void> => {
    await store.close();
    await database.close();
  };
  return {
    store,
    advance: async (ms) => {
      nowMs += ms;
    },
    reopen: async () => {
      await close();
      database = await openEmbeddedDatabase({ dir });
      store = createEmbeddedTableStore({ database, clock });
      return store;
    },
    close: async () => {
      await close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
});
