// The only place that knows lmdb. Sub-databases as bytes, and one commit at a time.
import { join } from 'node:path';
import { type Database, open, type RootDatabase } from 'lmdb';
import type { Entry, RangeOptions } from './byte-space.js';
import { SPACES_MAX } from './limits.js';
import { SpaceWrites } from './space-writes.js';

export type Environment = RootDatabase;
export type LmdbTable = Database<Buffer, Uint8Array>;

const BYTES = { keyEncoding: 'binary', encoding: 'binary' } as const;

export interface EnvironmentOptions {
  readonly dir: string;
  readonly initialMapBytes: number;
}

export function openEnvironment({ dir, initialMapBytes }: EnvironmentOptions): Environment {
  const options = {
    path: join(dir, 'db'),
    noSubdir: false,
    maxDbs: SPACES_MAX,
    mapSize: initialMapBytes,
    // A commit's promise must mean "on disk"; with overlapping sync it means "visible".
    overlappingSync: false,
    // The commit queue gathers a turn's writes itself and wants them started at once.
    eventTurnBatching: false,
    txnStartThreshold: 1,
    ...BYTES,
  };
  return open(options);
}

/** Commits a trifle: a directory that cannot be written should be refused now rather than with the first message. */
export function proveWritable(environment: Environment): void {
  const table = openTable(environment, 'environment');
  const writes = new SpaceWrites();
  writes.add(Buffer.from('opened-at-ms'), Buffer.from(String(Date.now())));
  commitInPlace(environment, [[table, writes]]);
}

export const openTable = (environment: Environment, name: string): LmdbTable =>
  environment.openDB<Buffer, Uint8Array>({ name, ...BYTES });

export const readTable = (table: LmdbTable, key: Uint8Array): Buffer | undefined => table.getBinary(key);

export function readRange(table: LmdbTable, options: RangeOptions): Entry[] {
  const { start, end, limit, bytesMax = Number.POSITIVE_INFINITY } = options;
  const entries: Entry[] = [];
  let bytes = 0;
  const bounds = options.isReverse
    ? { reverse: true, limit, exclusiveStart: true, inclusiveEnd: true, ...named(end, start) }
    : { limit, ...named(start, end) };
  for (const { key, value } of table.getRange(bounds)) {
    entries.push({ key: key as Buffer, value });
    bytes += value.length;
    if (bytes >= bytesMax) break;
  }
  return entries;
}

/** lmdb tells an absent bound from an undefined one. */
const named = (start: Uint8Array | undefined, end: Uint8Array | undefined) => ({
  ...(start && { start }),
  ...(end && { end }),
});

export type TableWrites = readonly (readonly [LmdbTable, SpaceWrites])[];

function applyWrites(writes: TableWrites): void {
  for (const [table, { keys, values }] of writes) {
    for (let i = 0; i < keys.length; i++) {
      const value = values[i];
      // Their promises are those of the transaction around them.
      if (value === undefined) void table.remove(keys[i] as Uint8Array);
      else void table.put(keys[i] as Uint8Array, value as Buffer);
    }
  }
}

/** One transaction on the engine's own thread; resolves after its fsync. */
export async function commit(environment: Environment, writes: TableWrites): Promise<void> {
  try {
    await environment.batch(() => applyWrites(writes));
  } catch (thrown) {
    throw await reasonOf(thrown);
  }
}

/**
 * The same on this thread, which waits for the disk. Used after a failure only: here a failure is
 * a plain exception, while the asynchronous path prints every one of them to stderr.
 */
export function commitInPlace(environment: Environment, writes: TableWrites): void {
  environment.transactionSync(() => applyWrites(writes));
}

/** The engine rejects with a wrapper whose `commitError` rejects with the reason. */
async function reasonOf(thrown: unknown): Promise<unknown> {
  if (typeof thrown !== 'object' || thrown === null || !('commitError' in thrown)) return thrown;
  try {
    return await thrown.commitError;
  } catch (reason) {
    return reason;
  }
}
