// What must be right before the engine opens its files: it ends the process on a file it cannot open,
// so everything that can be foreseen is refused here, in words.
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fstatSync,
  openSync,
  readSync,
  statfsSync,
} from 'node:fs';
import { join } from 'node:path';
import { ChatError, ErrorCode } from '@parley/kernel';

// Layout of the engine's two first pages (MDB_meta in mdb.c of the bundled lmdb): a page header of
// 24 bytes, then magic u32, version u32, address and map size u64, and the page size u32; little-endian.
const MAGIC_AT = 24;
const VERSION_AT = 28;
const PAGE_BYTES_AT = 48;
const META_BYTES = 52;
const MAGIC = 0xbeefc0de;
const FILE_VERSION = 2;
const PAGE_BYTES_MAX = 65_536;

const damaged = (dir: string): ChatError =>
  new ChatError(ErrorCode.INTERNAL, `the database in ${dir} is damaged: restore the directory from a backup`);

/** The page size that a first page names; undefined: it is not one. */
function pageBytesOf(file: number, at: number): number | undefined {
  const meta = Buffer.alloc(META_BYTES);
  if (readSync(file, meta, 0, META_BYTES, at) < META_BYTES) return undefined;
  if (meta.readUInt32LE(MAGIC_AT) !== MAGIC) return undefined;
  if ((meta.readUInt32LE(VERSION_AT) & 0xffff) !== FILE_VERSION) return undefined;
  return meta.readUInt32LE(PAGE_BYTES_AT);
}

/** @throws ChatError INTERNAL when `data.mdb` exists and does not begin as the engine's files do. */
export function checkDatabaseFile(dir: string): void {
  const path = join(dir, 'db', 'data.mdb');
  if (!existsSync(path)) return;
  const file = openSync(path, 'r');
  try {
    if (fstatSync(file).size === 0) return;
    const pageBytes = pageBytesOf(file, 0);
    if (!pageBytes || pageBytes > PAGE_BYTES_MAX) throw damaged(dir);
    if (pageBytesOf(file, pageBytes) !== pageBytes) throw damaged(dir);
  } finally {
    closeSync(file);
  }
}

/** @throws the system's error when the engine could not write its files. */
export function checkWritable(dir: string): void {
  const { R_OK, W_OK, X_OK } = constants;
  accessSync(dir, R_OK | W_OK | X_OK);
  if (!existsSync(join(dir, 'db'))) return;
  accessSync(join(dir, 'db'), R_OK | W_OK | X_OK);
  for (const file of ['data.mdb', 'lock.mdb']) {
    const path = join(dir, 'db', file);
    if (existsSync(path)) accessSync(path, R_OK | W_OK);
  }
}

/** Costs one call of the system. @throws ChatError UNAVAILABLE when less than `bytes` are free on the directory's disk. */
export function checkFreeSpace(dir: string, bytes: number): void {
  const disk = statfsSync(dir);
  if (disk.bavail * disk.bsize >= bytes) return;
  throw new ChatError(
    ErrorCode.UNAVAILABLE,
    `the disk of the data directory ${dir} is full: free at least ${Math.ceil(bytes / 1024 / 1024)} MiB`,
  );
}
