// Puts, deletes, batches and writeAll. Plain writes carry their time, versioned ones their version; writes of conditional
// tables are agreed on by the replicas, one partition's after another.
import { mapBounded } from '@parley/kernel';
import { checkVersion } from '../request-checks.js';
import type { Write } from '../table-store.js';
import { PARTITION_WAITING_MAX, REQUESTS_PER_CALL_MAX } from './cassandra-options.js';
import type { CassandraTable } from './cassandra-table.js';
import { PartitionTurns } from './partition-turns.js';
import type { RowRecord } from './row-key.js';
import type { Session, Statement } from './session.js';
import type { WriteClock } from './write-clock.js';
import { type CheckedWrite, toRequests } from './write-groups.js';

export class TableWriter {
  readonly turns: PartitionTurns;
  readonly #session: Session;
  readonly #clock: WriteClock;

  constructor(session: Session, clock: WriteClock) {
    this.#session = session;
    this.#clock = clock;
    this.turns = new PartitionTurns(PARTITION_WAITING_MAX, session.deadlineMs);
  }

  /** @throws ChatError INTERNAL. */
  check(table: CassandraTable, write: Write): CheckedWrite {
    const isVersioned = table.declaration.isVersioned === true;
    if (write.kind === 'delete') {
      const bytes = table.checkKey(write.key);
      const statement = table.isConditional
        ? table.agreedDelete(write.key)
        : table.delete(write.key, isVersioned ? 0n : this.#clock.next());
      const isVersionedDelete = isVersioned;
      const partition = table.partitionOf(write.key);
      return { table, partition, key: write.key, bytes, statement, version: undefined, isVersionedDelete };
    }
    const { row, version } = write;
    checkVersion(table.declaration, version);
    const bytes = table.checkPut(row, version);
    const statement = table.isConditional
      ? table.agreedPut(row)
      : table.put(row, version ?? this.#clock.next());
    const partition = table.partitionOf(row);
    return { table, partition, key: row, bytes, statement, version, isVersionedDelete: false };
  }

  /** Writes of one partition, all or none, in their order; or of several that are not agreed on, each for itself. */
  async writeTogether(writes: readonly CheckedWrite[]): Promise<void> {
    const first = writes[0];
    if (first === undefined) return;
    if (first.table.isConditional) {
      const statements = lastOfEachRow(writes).map(({ statement }) => statement);
      await this.turns.take(first.partition, (sinceMs) => this.#send(statements, 'agreed', sinceMs));
      return;
    }
    await this.#send(await this.#withVersions(writes), 'write');
  }

  /** Writes of any tables and partitions; those of one row take effect in their order. */
  async writeApart(writes: readonly CheckedWrite[]): Promise<void> {
    const requests = toRequests(writes, ({ table, key }) => this.#session.replicasOf(table.routingKey(key)));
    await mapBounded(requests, REQUESTS_PER_CALL_MAX, (request) => this.writeTogether(request));
  }

  async #send(statements: readonly Statement[], kind: 'write' | 'agreed', sinceMs?: number): Promise<void> {
    const [first] = statements;
    if (first === undefined) return;
    if (statements.length === 1) await this.#session.execute(first, kind, sinceMs);
    else await this.#session.batch(statements, kind, sinceMs);
  }

  /**
   * Statements of plain and versioned tables. A delete from a versioned table takes the version of the row that there is,
   * or of a put before it in `writes`; where there is none it is left out.
   */
  async #withVersions(writes: readonly CheckedWrite[]): Promise<Statement[]> {
    const statements: Statement[] = [];
    const versions = new Map<string, bigint>();
    for (const { table, partition, key, statement, version, isVersionedDelete } of writes) {
      if (version === undefined && !isVersionedDelete) {
        statements.push(statement);
        continue;
      }
      const row = `${partition} ${table.rowOf(key)}`;
      const former = versions.get(row) ?? -1n;
      if (version !== undefined) {
        versions.set(row, version > former ? version : former);
        statements.push(statement);
        continue;
      }
      const stored = await this.#storedVersion(table, key);
      const highest = stored > former ? stored : former;
      if (highest >= 0n) statements.push(table.delete(key, highest));
    }
    return statements;
  }

  async #storedVersion(table: CassandraTable, key: RowRecord): Promise<bigint> {
    const { rows } = await this.#session.execute(table.writeTime(key), 'read');
    const [found] = rows as unknown as { time: bigint | null }[];
    return found?.time ?? -1n;
  }
}

/** All statements of a lightweight transaction have one time: of two writes of a row only the last may be among them. */
function lastOfEachRow(writes: readonly CheckedWrite[]): CheckedWrite[] {
  const rows = new Map<string, CheckedWrite>();
  for (const write of writes) {
    const row = write.table.rowOf(write.key);
    // Deleted first, so that the map's order is that of the last writes.
    rows.delete(row);
    rows.set(row, write);
  }
  return [...rows.values()];
}
