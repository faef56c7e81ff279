// Migration: the catalog says what tables are, the cluster's schema what there is. Whatever is missing is made by one
// process at a time; those that find nothing missing take no lock. Nothing is dropped, narrowed or renamed.
import { randomUUID } from 'node:crypto';
import type { Logger } from '@parley/telemetry';
import type { Table } from '../../table.js';
import { mergeEntry, type StoredColumn, storedColumns } from '../../table-catalog.js';
import { unavailable } from '../cassandra-error.js';
import { quote } from '../cql.js';
import type { Session } from '../session.js';
import { CatalogTable } from './catalog-table.js';
import { awaitAgreement } from './schema-agreement.js';
import { hasKeyspace, planChanges, readSchema } from './stored-schema.js';

/** Nodes that have all rows, at least; if there are as many. */
const REPLICAS = 3;
const LOCK_WAIT_MS = 120_000;
const LOCK_POLL_MS = 250;

export interface MigrateRequest {
  readonly session: Session;
  readonly keyspace: string;
  readonly dataCenter: string;
  readonly replication: Readonly<Record<string, number>> | undefined;
  readonly logger: Logger;
  readonly tables: readonly Table[];
}

/** What is to be done for one table. */
interface Plan {
  readonly table: Table;
  readonly entry: string;
  readonly isNewEntry: boolean;
  readonly columns: readonly StoredColumn[];
  readonly changes: readonly string[];
}

/** The stored columns of each table, in the order of the request. @throws ChatError INTERNAL before anything is changed. */
export async function migrate(request: MigrateRequest): Promise<(readonly StoredColumn[])[]> {
  const { session, keyspace } = request;
  const catalog = new CatalogTable(session, keyspace);
  await makeKeyspace(request);
  await awaitAgreement(session);
  const schema = await readSchema(session, keyspace);
  if (!schema.has(CatalogTable.tableName)) await catalog.create();
  const plans = await makePlans(request, catalog);
  if (plans.every(isDone)) return plans.map(({ columns }) => columns);
  return withLock(request, catalog, async (renew) => {
    // Somebody else may have done it, or something else, while the lock was his.
    const fresh = await makePlans(request, catalog);
    for (const plan of fresh) await carryOut(request, catalog, plan, renew);
    return fresh.map(({ columns }) => columns);
  });
}

const isDone = ({ isNewEntry, changes }: Plan): boolean => !isNewEntry && changes.length === 0;

async function makeKeyspace({
  session,
  keyspace,
  dataCenter,
  replication,
  logger,
}: MigrateRequest): Promise<void> {
  if (await hasKeyspace(session, keyspace)) return;
  const replicas = replication ?? {
    [dataCenter]: Math.min(REPLICAS, Math.max(1, session.nodesOf(dataCenter))),
  };
  const placed = Object.entries(replicas).map(([name, count]) => `'${name}': ${count}`);
  await session.changeSchema(
    `CREATE KEYSPACE IF NOT EXISTS ${quote(keyspace)} WITH replication = ` +
      `{'class': 'NetworkTopologyStrategy', ${placed.join(', ')}}`,
  );
  logger.info('cassandra_keyspace_made', { keyspace, replicas });
}

async function makePlans(
  { session, keyspace, tables }: MigrateRequest,
  catalog: CatalogTable,
): Promise<Plan[]> {
  // Before: a column that some node lacks yet would be added twice. After: what another process is just making may be
  // unknown to the nodes that are asked next.
  await awaitAgreement(session);
  const schema = await readSchema(session, keyspace);
  await awaitAgreement(session);
  const stored = await catalog.read(tables.map(({ name }) => name));
  return tables.map((table) => {
    const known = stored.get(table.name);
    const entry = mergeEntry(table, known);
    const columns = storedColumns(entry);
    const changes = planChanges(keyspace, table, columns, schema);
    return { table, entry, isNewEntry: entry !== known, columns, changes };
  });
}

/** The entry first: if the process dies between, the schema is completed by the next one. */
async function carryOut(
  { session, logger }: MigrateRequest,
  catalog: CatalogTable,
  { table, entry, isNewEntry, changes }: Plan,
  renew: () => Promise<void>,
): Promise<void> {
  if (isNewEntry) await catalog.write(table.name, entry);
  for (const change of changes) {
    await renew();
    await session.changeSchema(change);
    await awaitAgreement(session);
  }
  if (changes.length > 0) logger.info('cassandra_table_migrated', { table: table.name });
}

async function withLock<T>(
  { logger }: MigrateRequest,
  catalog: CatalogTable,
  work: (renew: () => Promise<void>) => Promise<T>,
): Promise<T> {
  const holder = randomUUID();
  const take = async (): Promise<void> => {
    if (await catalog.lock(holder)) return;
    throw unavailable('another process changes the tables; try again');
  };
  const endMs = performance.now() + LOCK_WAIT_MS;
  while (!(await catalog.lock(holder))) {
    if (performance.now() > endMs) throw unavailable('another process changes the tables; try again');
    await new Promise((resolve) => setTimeout(resolve, LOCK_POLL_MS * (0.5 + Math.random())));
  }
  try {
    return await work(take);
  } finally {
    await catalog.unlock(holder).catch((thrown: Error) => {
      // It ends by itself.
      logger.warn('cassandra_lock_kept', { reason: thrown.message });
    });
  }
}
