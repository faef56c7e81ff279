// Names and values in Cassandra's language.
import type { ColumnType } from '../table.js';

/** Numbers are bigint throughout: a u32 does not fit into int, and values keep their order. Text orders by UTF-8 bytes. */
export const CQL_TYPES: Readonly<Record<ColumnType, string>> = {
  text: 'text',
  u32: 'bigint',
  u64: 'bigint',
  bool: 'boolean',
  bytes: 'blob',
};

/** Quoted, so that no name is a keyword. Names are declared in small letters, digits and underscores. */
export const quote = (name: string): string => `"${name}"`;

/** Values for the driver. Bytes are copied: the caller may change his. */
const ENCODE: { readonly [T in ColumnType]: (value: never) => unknown } = {
  text: (value: string) => value,
  u32: (value: number) => BigInt(value),
  u64: (value: bigint) => value,
  bool: (value: boolean) => value,
  bytes: (value: Uint8Array) => Buffer.from(value),
};

export const ZEROS: { readonly [T in ColumnType]: unknown } = {
  text: '',
  u32: 0,
  u64: 0n,
  bool: false,
  bytes: new Uint8Array(0),
};

export const encode = (type: ColumnType, value: unknown): unknown => ENCODE[type](value as never);

/** A column that a row lacks was added later: it reads as zero. */
export function decode(type: ColumnType, stored: unknown): unknown {
  if (stored === null || stored === undefined) return type === 'bytes' ? new Uint8Array(0) : ZEROS[type];
  if (type === 'u32') return Number(stored);
  if (type !== 'bytes') return stored;
  const bytes = stored as Buffer;
  return new Uint8Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.length);
}

/** What a value counts toward the bounds of rows and batches, bytes. */
export function bytesOf(type: ColumnType, value: unknown): number {
  if (type === 'text') return Buffer.byteLength(value as string);
  if (type === 'bytes') return (value as Uint8Array).byteLength;
  return type === 'bool' ? 1 : 8;
}

export function isZero(value: unknown): boolean {
  if (ArrayBuffer.isView(value)) return value.byteLength === 0;
  return value === '' || value === 0 || value === 0n || value === false;
}
