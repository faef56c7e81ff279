import { openEmbeddedDatabase } from '@parley/embedded-db';
import { type AppId, type ConversationId, systemClock } from '@parley/kernel';
import { createEmbeddedTableStore, type TableStore } from '@parley/table-store';
import { type TemporaryDirectory, temporaryDirectory } from '@parley/testkit';
import { seqFloors } from '../tables.js';
import { SeqFloorStore } from './seq-floor-store.js';

const CONVERSATION = { appId: 1 as AppId, id: 'c2c:a:b' as ConversationId };

let directory: TemporaryDirectory;
let database: Awaited<ReturnType<typeof openEmbeddedDatabase>>;
let tables: TableStore;
beforeEach(async () => {
  directory = await temporaryDirectory();
  database = await openEmbeddedDatabase({ dir: directory.path });
  tables = createEmbeddedTableStore({ database, clock: systemClock });
  await tables.migrate([seqFloors]);
});
afterEach(async () => {
  await tables.close();
  await database.close();
  await directory.remove();
});

describe('floors of numbers', () => {
  it('give each claim numbers of its own', async () => {
    const floors = new SeqFloorStore(tables);
    const claims = await Promise.all([1, 2, 3].map(() => floors.claim(CONVERSATION, 10n)));
    expect(claims.map(({ first }) => first).sort()).toEqual([1n, 11n, 21n]);
  });

  it('never give a number that is taken, though the floor came from a backup', async () => {
    const floors = new SeqFloorStore(tables);
    await floors.claim(CONVERSATION, 10n);
    expect(await floors.claim(CONVERSATION, 10n, 57n)).toEqual({ first: 58n, last: 67n });
    expect(await floors.claim(CONVERSATION, 10n, 60n)).toEqual({ first: 68n, last: 77n });
  });
});
