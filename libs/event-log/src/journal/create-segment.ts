// The files of a journal by name, and how a new one begins.
import { randomInt } from 'node:crypto';
import { basename, join } from 'node:path';
import { type Marks, Segment } from './segment.js';
import { createSegmentFile, removeSegment, type SegmentFile, syncDirectory } from './segment-file.js';
import { encodeHead, headBytes, type SegmentHead } from './segment-head.js';

const NAME = /^(\d{10})\.log$/;
const SALTS = 2 ** 32;

export const segmentPath = (dir: string, number: number): string =>
  join(dir, `${String(number).padStart(10, '0')}.log`);

/** Undefined: no file of a journal. */
export function segmentNumberOf(path: string): number | undefined {
  const digits = NAME.exec(basename(path))?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** The segment that is being written. */
export interface NewestSegment {
  readonly segment: Segment;
  readonly file: SegmentFile;
  readonly marks: Marks;
}

/** Resolves when the file, its head and its name are on the disk; leaves nothing when it fails. */
export async function createSegment(dir: string, facts: Omit<SegmentHead, 'salt'>): Promise<NewestSegment> {
  const path = segmentPath(dir, facts.number);
  const head = { ...facts, salt: randomInt(SALTS) };
  const file = await createSegmentFile(path);
  try {
    await file.write(encodeHead(head), 0);
    await file.sync();
    await syncDirectory(dir);
  } catch (thrown) {
    await file.close();
    await removeSegment(path);
    throw thrown;
  }
  const segment = new Segment(path, head, headBytes(head.starts.length));
  return { segment, file, marks: segment.newMarks() };
}
