// Keys as bytes whose order is the order of the values.
//
//   text   its UTF-8 bytes with 00 written as 00 FF, then 00 00
//   u32    4 bytes, most significant first
//   u64    8 bytes, most significant first
//
// Every column delimits itself, so the bytes of a partition key are a prefix of exactly its own rows.
import { ROW_KEY_BYTES_MAX } from '../limits.js';
import { checkSoleText, checkValue, misuse } from '../request-checks.js';
import type { KeySpec, KeyType, Table } from '../table.js';

export type KeyRecord = Readonly<Record<string, unknown>>;

interface KeyColumn {
  readonly name: string;
  readonly type: KeyType;
}

const toColumns = (spec: KeySpec): KeyColumn[] =>
  Object.entries(spec).map(([name, type]) => ({ name, type }));

// One scratch area for all keys: encoding is synchronous, and what leaves it is a copy.
const scratch = Buffer.allocUnsafe(ROW_KEY_BYTES_MAX);

function reserve(at: number, bytes: number): void {
  if (at + bytes > ROW_KEY_BYTES_MAX) {
    throw misuse(`the encoded key of a row has at most ${ROW_KEY_BYTES_MAX} bytes`);
  }
}

function writePlainText(text: string, at: number): number {
  // Buffer.write cuts off silently; three bytes per UTF-16 unit is the most that UTF-8 takes.
  if (at + text.length * 3 > ROW_KEY_BYTES_MAX) reserve(at, Buffer.byteLength(text));
  return at + scratch.write(text, at, 'utf8');
}

function writeZeros(at: number, second: 0x00 | 0xff): number {
  reserve(at, 2);
  scratch[at] = 0;
  scratch[at + 1] = second;
  return at + 2;
}

function writeText(text: string, start: number): number {
  let at = start;
  if (text.includes('\0')) {
    const parts = text.split('\0');
    const last = parts.pop() as string;
    for (const part of parts) at = writeZeros(writePlainText(part, at), 0xff);
    at = writePlainText(last, at);
  } else {
    at = writePlainText(text, at);
  }
  return writeZeros(at, 0);
}

function writeValue(type: KeyType, value: unknown, at: number): number {
  if (type === 'text') return writeText(value as string, at);
  if (type === 'u32') {
    reserve(at, 4);
    return scratch.writeUInt32BE(value as number, at);
  }
  reserve(at, 8);
  return scratch.writeBigUInt64BE(value as bigint, at);
}

/** Where a decoder stands; moves on with every column. */
interface Reader {
  readonly bytes: Buffer;
  at: number;
}

function readText(reader: Reader): string {
  const { bytes } = reader;
  let text = '';
  for (let from = reader.at; ; ) {
    const zero = bytes.indexOf(0, from);
    text += bytes.toString('utf8', from, zero);
    reader.at = zero + 2;
    if (bytes[zero + 1] === 0) return text;
    text += '\0';
    from = zero + 2;
  }
}

function readValue(type: KeyType, reader: Reader): string | number | bigint {
  if (type === 'text') return readText(reader);
  const at = reader.at;
  if (type === 'u32') {
    reader.at = at + 4;
    return reader.bytes.readUInt32BE(at);
  }
  reader.at = at + 8;
  return reader.bytes.readBigUInt64BE(at);
}

/** The smallest bytes above everything that begins with `prefix`; undefined: there are none. */
export function afterPrefix(prefix: Uint8Array): Buffer | undefined {
  let length = prefix.length;
  while (length > 0 && prefix[length - 1] === 0xff) length--;
  if (length === 0) return undefined;
  const after = Buffer.from(prefix.subarray(0, length));
  after[length - 1] = (after[length - 1] as number) + 1;
  return after;
}

/** The smallest key above `key`. */
export const nextKey = (key: Uint8Array): Buffer => Buffer.concat([key, Buffer.of(0)]);

/** Encodes and decodes the keys of one table. */
export class KeyCodec {
  readonly #table: string;
  readonly #partition: readonly KeyColumn[];
  readonly #clustering: readonly KeyColumn[];

  constructor(table: Table) {
    this.#table = table.name;
    this.#partition = toColumns(table.partition);
    this.#clustering = toColumns(table.clustering);
  }

  /** The key of one row. */
  encode(record: KeyRecord): Buffer {
    const at = this.#write(this.#clustering, record, this.#writePartition(record));
    return Buffer.from(scratch.subarray(0, at));
  }

  encodePartition(record: KeyRecord): Buffer {
    return Buffer.from(scratch.subarray(0, this.#writePartition(record)));
  }

  /** The partition's bytes and those of a prefix of the clustering key. */
  encodePrefix(partition: KeyRecord, prefix: KeyRecord): Buffer {
    const given = this.#clustering.filter(({ name }) => prefix[name] !== undefined);
    if (given.some((column, i) => column !== this.#clustering[i])) {
      throw misuse(`table ${this.#table}: a bound names the first columns of the clustering key`);
    }
    const at = this.#write(given, prefix, this.#writePartition(partition));
    return Buffer.from(scratch.subarray(0, at));
  }

  /** Puts the key's columns into `row`; the partition's come from `partition`, the rest from the bytes. */
  decodeInto(row: Record<string, unknown>, partition: KeyRecord, key: Buffer, partitionBytes: number): void {
    for (const { name } of this.#partition) row[name] = partition[name];
    const reader: Reader = { bytes: key, at: partitionBytes };
    for (const { name, type } of this.#clustering) row[name] = readValue(type, reader);
  }

  /** Puts the key's columns of `record` into `row`, and nothing else of it. */
  copyInto(row: Record<string, unknown>, record: KeyRecord): void {
    for (const { name } of this.#partition) row[name] = record[name];
    for (const { name } of this.#clustering) row[name] = record[name];
  }

  #writePartition(record: KeyRecord): number {
    const [first] = this.#partition;
    if (this.#partition.length === 1 && first) checkSoleText(this.#table, first.name, record[first.name]);
    return this.#write(this.#partition, record, 0);
  }

  #write(columns: readonly KeyColumn[], record: KeyRecord, start: number): number {
    let at = start;
    for (const { name, type } of columns) {
      const value = record[name];
      checkValue(this.#table, name, type, value);
      at = writeValue(type, value, at);
    }
    return at;
  }
}
