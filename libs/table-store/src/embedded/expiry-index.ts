// Which rows end when. One entry per write call, not per row: the rows that were put together end together.
//
//   key    expires-at ms u48 · run 6 random bytes · count u32
//   value  length u8, table name; then per row length u16, row key
import { randomBytes } from 'node:crypto';
import type { ByteSpace, EmbeddedDatabase, Transaction } from '@parley/embedded-db';
import { isExpired } from './row-codec.js';

const RUN_BYTES = 6;
/** Entries and their bytes that one sweep step reads at most; an entry may itself hold many rows. */
const STEP_ENTRIES_MAX = 64;
const STEP_BYTES_MAX = 16 * 1024;

export const spaceOfTable = (table: string): string => `table:${table}`;

function encodeRows(table: string, keys: readonly Uint8Array[]): Buffer {
  let size = 1 + table.length;
  for (const key of keys) size += 2 + key.length;
  const bytes = Buffer.allocUnsafe(size);
  bytes[0] = table.length;
  let at = 1 + bytes.write(table, 1, 'latin1');
  for (const key of keys) {
    at = bytes.writeUInt16BE(key.length, at);
    bytes.set(key, at);
    at += key.length;
  }
  return bytes;
}

function decodeRows(bytes: Buffer): { table: string; keys: Buffer[] } {
  let at = 1 + (bytes[0] as number);
  const table = bytes.toString('latin1', 1, at);
  const keys: Buffer[] = [];
  while (at < bytes.length) {
    const end = at + 2 + bytes.readUInt16BE(at);
    keys.push(bytes.subarray(at + 2, end));
    at = end;
  }
  return { table, keys };
}

function timePrefix(timeMs: number): Buffer {
  const bytes = Buffer.allocUnsafe(6);
  bytes.writeUIntBE(timeMs, 0, 6);
  return bytes;
}

export class ExpiryIndex {
  readonly #database: EmbeddedDatabase;
  readonly #space: ByteSpace;
  readonly #run = randomBytes(RUN_BYTES);
  #count = 0;

  constructor(database: EmbeddedDatabase, space: ByteSpace) {
    this.#database = database;
    this.#space = space;
  }

  /** Notes, in the same transaction as the rows, when they end. */
  add(transaction: Transaction, table: string, expiresAtMs: number, keys: readonly Uint8Array[]): void {
    const count = Buffer.allocUnsafe(4);
    count.writeUInt32BE(this.#count);
    this.#count = (this.#count + 1) >>> 0;
    const key = Buffer.concat([timePrefix(expiresAtMs), this.#run, count]);
    transaction.put(this.#space, key, encodeRows(table, keys));
  }

  /** Removes some rows whose time has come. Answers whether there may be more. */
  async sweep(nowMs: number): Promise<boolean> {
    const entries = this.#space.range({
      end: timePrefix(nowMs + 1),
      limit: STEP_ENTRIES_MAX,
      bytesMax: STEP_BYTES_MAX,
    });
    if (entries.length === 0) return false;
    const ended = await Promise.all(
      entries.map(async (entry) => {
        const { table, keys } = decodeRows(entry.value);
        return { entry, keys, space: await this.#database.space(spaceOfTable(table)) };
      }),
    );
    await this.#database.transact((transaction) => {
      for (const { entry, keys, space } of ended) {
        for (const key of keys) {
          const row = transaction.get(space, key);
          // A row that was put again since has an entry of its own.
          if (row && isExpired(row, nowMs)) transaction.remove(space, key);
        }
        transaction.remove(this.#space, entry.key);
      }
    });
    return true;
  }
}
