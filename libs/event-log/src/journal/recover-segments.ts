// Opens the segments of a directory after whatever happened to the process that wrote them.
//
// Only the end of the newest segment may be torn: a flush that never became durable. It is cut off. Anything else that
// is not whole was whole once, so it is an error, and nothing is changed.
import { mkdir, readdir, stat } from 'node:fs/promises';
import type { Clock } from '@parley/kernel';
import type { Logger } from '@parley/telemetry';
import { CHUNK_BYTES, LANES_MAX } from '../limits.js';
import { createSegment, type NewestSegment, segmentNumberOf, segmentPath } from './create-segment.js';
import { hasFrameBehind } from './frame.js';
import { damagedAt, missingSegment, unknownJournal } from './journal-error.js';
import type { JournalState } from './journal-state.js';
import { scanSegment } from './scan-segment.js';
import { Segment } from './segment.js';
import { openSegmentFile, readSegment, removeSegment, syncDirectory } from './segment-file.js';
import { decodeHead, headBytes } from './segment-head.js';

const HEAD_BYTES_MAX = headBytes(LANES_MAX);

export interface RecoveryOptions {
  readonly dir: string;
  readonly state: JournalState;
  /** How many lanes the database knows. */
  readonly lanes: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface Recovered {
  /** Oldest first. */
  readonly segments: Segment[];
  readonly newest: NewestSegment;
  /** Offset after the last record of each lane. */
  readonly ends: Float64Array;
}

/** @throws ChatError INTERNAL when something that was durable is missing or changed. */
export async function recoverSegments(options: RecoveryOptions): Promise<Recovered> {
  const { dir, state, lanes, clock } = options;
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const first = await firstNumber(options);
  const segments = await openHeads(options, await presentNumbers(dir, first));
  if (segments.some(({ starts }) => starts.length > lanes)) throw unknownJournal(dir);
  const last = segments.at(-1);
  if (last) return { segments, ...(await recoverEnd(options, last)) };
  const ends = new Float64Array(lanes);
  const facts = { number: first, createdAtMs: clock.now(), formerEnd: 0, starts: ends.slice() };
  const newest = await createSegment(dir, facts);
  state.saveNewest({ number: first, durableBytes: newest.segment.end });
  return { segments: [newest.segment], newest, ends };
}

async function firstNumber({ dir, state }: RecoveryOptions): Promise<number> {
  if (state.first !== undefined) return state.first;
  if ((await numbersIn(dir)).length > 0) throw unknownJournal(dir);
  await state.saveFirst(1);
  return 1;
}

async function numbersIn(dir: string): Promise<number[]> {
  const numbers = (await readdir(dir)).map(segmentNumberOf).filter((number) => number !== undefined);
  return numbers.sort((a, b) => a - b);
}

/** Finishes a deletion that was interrupted, and answers which segments there are. */
async function presentNumbers(dir: string, first: number): Promise<number[]> {
  const numbers = await numbersIn(dir);
  for (const number of numbers) if (number < first) await removeSegment(segmentPath(dir, number));
  const present = numbers.filter((number) => number >= first);
  present.forEach((number, index) => {
    if (number !== first + index) throw missingSegment(segmentPath(dir, first + index));
  });
  return present;
}

async function openHeads({ dir, state }: RecoveryOptions, numbers: readonly number[]): Promise<Segment[]> {
  const segments: Segment[] = [];
  const known = state.newest?.number ?? 0;
  for (const number of numbers) {
    const path = segmentPath(dir, number);
    const bytes = await readSegment(path, 0, HEAD_BYTES_MAX + 1);
    const head = decodeHead(bytes);
    if (head?.number === number) {
      const former = segments.at(-1);
      if (former) former.end = head.formerEnd;
      segments.push(new Segment(path, head, 0));
      continue;
    }
    // Nothing is written to a segment before its head is durable.
    const isUnfinished = number > known && number === numbers.at(-1) && bytes.length <= HEAD_BYTES_MAX;
    if (!isUnfinished) throw damagedAt(path, 0);
    await removeSegment(path);
  }
  const missing = (segments.at(-1)?.number ?? 0) + 1;
  if (known >= missing) throw missingSegment(segmentPath(dir, Math.max(missing, state.first ?? 1)));
  return segments;
}

async function recoverEnd(
  options: RecoveryOptions,
  segment: Segment,
): Promise<{ newest: NewestSegment; ends: Float64Array }> {
  const { dir, lanes } = options;
  const { size } = await stat(segment.path);
  const { end, ends, marks } = await scanSegment(segment, size, lanes);
  await checkEnd(options, segment, { end, size });
  const file = await openSegmentFile(segment.path);
  try {
    if (end < size) await file.truncate(end);
    // What was read may be only in the system's memory, and consumers are about to act on it.
    await file.sync();
    await syncDirectory(dir);
  } catch (thrown) {
    await file.close();
    throw thrown;
  }
  segment.end = end;
  marks.seal(end, ends.slice());
  return { newest: { segment, file, marks }, ends };
}

/** @throws ChatError INTERNAL when what is behind the last sound frame is more than a torn flush. */
async function checkEnd(
  { state, logger }: RecoveryOptions,
  { path, number, head }: Segment,
  { end, size }: { end: number; size: number },
): Promise<void> {
  const { newest } = state;
  if (newest?.number === number && end < newest.durableBytes) throw damagedAt(path, end);
  const rest = await readSegment(path, end, size - end);
  const torn = lengthWithoutZeros(rest);
  if (torn === 0) return;
  // The next flush begins when the one before is durable.
  if (torn > CHUNK_BYTES || hasFrameBehind(rest, 1, head.salt)) throw damagedAt(path, end);
  logger.warn('torn end cut off', { path, position: end, bytes: torn });
}

function lengthWithoutZeros(bytes: Buffer): number {
  let length = bytes.length;
  while (length > 0 && bytes[length - 1] === 0) length--;
  return length;
}
