// Files of the journal. The only place that calls the file system for segments.
import { close, fdatasync, fsync, ftruncate, open, write } from 'node:fs';
import { open as openHandle, unlink } from 'node:fs/promises';
import { promisify } from 'node:util';

const openFile = promisify(open);
const closeFile = promisify(close);
const truncateFile = promisify(ftruncate);
const syncFile = promisify(fsync);

/** A segment that is being written. */
export interface SegmentFile {
  /** Writes all of it, in as many steps as the system needs; after a failure any part of it may be there. */
  write(bytes: Buffer, position: number): Promise<void>;
  /** Resolves when everything that was written is on the disk. */
  sync(): Promise<void>;
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}

class DiskFile implements SegmentFile {
  readonly #descriptor: number;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  write(bytes: Buffer, position: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const writeFrom = (done: number): void => {
        write(this.#descriptor, bytes, done, bytes.length - done, position + done, (error, count) => {
          if (error) reject(error);
          // A disk that is almost full takes a part; the next step tells what is wrong.
          else if (done + count < bytes.length) writeFrom(done + count);
          else resolve();
        });
      };
      writeFrom(0);
    });
  }

  sync(): Promise<void> {
    return new Promise((resolve, reject) => {
      fdatasync(this.#descriptor, (error) => (error ? reject(error) : resolve()));
    });
  }

  truncate(length: number): Promise<void> {
    return truncateFile(this.#descriptor, length);
  }

  close(): Promise<void> {
    return closeFile(this.#descriptor);
  }
}

const OWNER_ONLY = 0o600;

/** Replaces what may have been left there by an attempt that failed. */
export const createSegmentFile = async (path: string): Promise<SegmentFile> =>
  new DiskFile(await openFile(path, 'w', OWNER_ONLY));

export const openSegmentFile = async (path: string): Promise<SegmentFile> =>
  new DiskFile(await openFile(path, 'r+'));

/** Makes durable which files there are. */
export async function syncDirectory(dir: string): Promise<void> {
  const descriptor = await openFile(dir, 'r');
  try {
    await syncFile(descriptor);
  } finally {
    await closeFile(descriptor);
  }
}

/** Reads up to `length` bytes; fewer at the end of the file. */
export async function readSegment(path: string, position: number, length: number): Promise<Buffer> {
  const handle = await openHandle(path, 'r');
  try {
    const bytes = Buffer.allocUnsafeSlow(length);
    let read = 0;
    while (read < length) {
      const { bytesRead } = await handle.read(bytes, read, length - read, position + read);
      if (bytesRead === 0) break;
      read += bytesRead;
    }
    return bytes.subarray(0, read);
  } finally {
    await handle.close();
  }
}

export const removeSegment = (path: string): Promise<void> => unlink(path);
