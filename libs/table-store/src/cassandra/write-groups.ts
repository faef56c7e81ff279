// Which writes travel as one request: those of one partition, as the replicas take them as one; and small ones of
// several partitions that the same nodes hold, which spares everybody requests and costs no node a hop more. The
// latter stay below the sizes at which Cassandra warns of batches of several partitions.
import { BATCH_WRITES_MAX } from '../limits.js';
import type { CassandraTable } from './cassandra-table.js';
import type { RowRecord } from './row-key.js';
import type { Statement } from './session.js';

/** A write that was checked; its statement is final unless it deletes from a versioned table. */
export interface CheckedWrite {
  readonly table: CassandraTable;
  readonly partition: string;
  readonly key: RowRecord;
  readonly bytes: number;
  readonly statement: Statement;
  /** Of a versioned put. */
  readonly version: bigint | undefined;
  readonly isVersionedDelete: boolean;
}

/** Rows that are sent as one; larger mutations only make replicas stumble. */
const GROUP_BYTES_MAX = 256 * 1024;
/** Cassandra's `unlogged_batch_across_partitions_warn_threshold`. */
const PARCEL_PARTITIONS_MAX = 10;
/** Cassandra's `batch_size_warn_threshold` is 5 KiB, what surrounds the values included. */
const PARCEL_BYTES_MAX = 2_560;
/** What a row costs in Cassandra's count beside its values, roughly. */
const ROW_EXTRA_BYTES = 64;

interface Group {
  readonly writes: CheckedWrite[];
  bytes: number;
}

/**
 * Writes of any tables and partitions as requests; the writes of a request are in their order. `replicasOf` is the
 * same text for writes whose partitions the same nodes hold, and undefined where that is not known.
 */
export function toRequests(
  writes: readonly CheckedWrite[],
  replicasOf: (write: CheckedWrite) => string | undefined,
): CheckedWrite[][] {
  const groups = groupByPartition(writes);
  return groups.length === 1 ? groups.map((group) => group.writes) : joinByReplicas(groups, replicasOf);
}

/** As far as they are few and small. */
function groupByPartition(writes: readonly CheckedWrite[]): Group[] {
  const groups: Group[] = [];
  const open = new Map<string, Group>();
  for (const write of writes) {
    let last = open.get(write.partition);
    if (!last || last.writes.length >= BATCH_WRITES_MAX || last.bytes + write.bytes > GROUP_BYTES_MAX) {
      last = { writes: [], bytes: 0 };
      open.set(write.partition, last);
      groups.push(last);
    }
    last.writes.push(write);
    last.bytes += write.bytes;
  }
  return groups;
}

function joinByReplicas(
  groups: readonly Group[],
  replicasOf: (write: CheckedWrite) => string | undefined,
): CheckedWrite[][] {
  const requests: CheckedWrite[][] = [];
  const open = new Map<string, Group & { partitions: number }>();
  for (const { writes, bytes } of groups) {
    const cost = bytes + writes.length * ROW_EXTRA_BYTES;
    const [first] = writes;
    // What the replicas have to agree on, they agree on by itself.
    const isAlone = first === undefined || first.table.isConditional || cost > PARCEL_BYTES_MAX / 2;
    const replicas = isAlone ? undefined : replicasOf(first);
    if (replicas === undefined) {
      requests.push(writes);
      continue;
    }
    let parcel = open.get(replicas);
    if (!parcel || parcel.partitions >= PARCEL_PARTITIONS_MAX || parcel.bytes + cost > PARCEL_BYTES_MAX) {
      parcel = { writes: [], bytes: 0, partitions: 0 };
      open.set(replicas, parcel);
      requests.push(parcel.writes);
    }
    parcel.writes.push(...writes);
    parcel.bytes += cost;
    parcel.partitions += 1;
  }
  return requests;
}
