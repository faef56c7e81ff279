// Reads records from segment files, for consumers that are behind.
//
//   (lane, offset) ─▶ segment (by its head) ─▶ mark (sparse index) ─▶ stretch between two marks (one read, cached)
//
// The index of a segment is made while it is written. That of an older one is made anew from the file when somebody
// reads it, and the last few are kept.
import { FETCH_STRETCHES_MAX, INDEXED_SEGMENTS_MAX, STRETCH_CACHE_BYTES_MAX } from '../limits.js';
import type { NewestSegment } from './create-segment.js';
import { damagedAt } from './journal-error.js';
import { type Collected, RecordBlock } from './record-block.js';
import { scanSegment } from './scan-segment.js';
import type { Mark, Marks, Segment } from './segment.js';
import { readSegment } from './segment-file.js';
import { lastBefore, type Place, startOf } from './starts.js';
import { StretchCache } from './stretch-cache.js';

/** Frames between two places of a segment. */
interface Stretch {
  readonly segment: Segment;
  readonly from: number;
  readonly to: number;
}

export interface OldRecordsOptions {
  /** Oldest first; shared with the journal, which adds and removes. */
  readonly segments: readonly Segment[];
  readonly newest: NewestSegment;
  readonly laneCount: () => number;
}

export class OldRecords {
  readonly #options: OldRecordsOptions;
  readonly #cache = new StretchCache(STRETCH_CACHE_BYTES_MAX);
  #newest: NewestSegment;
  /** By segment, the longest unused first. Never the newest's. */
  readonly #marks = new Map<number, Promise<Marks>>();

  constructor(options: OldRecordsOptions) {
    this.#options = options;
    this.#newest = options.newest;
  }

  /** A segment has followed the newest. */
  follow(next: NewestSegment): void {
    this.#keepMarks(this.#newest.segment.number, Promise.resolve(this.#newest.marks));
    this.#newest = next;
  }

  /** Adds wanted records: all there are, or until the answer is full or FETCH_STRETCHES_MAX stretches were passed. */
  async collect(collected: Collected): Promise<void> {
    const { lane } = collected.query;
    // A copy: segments may be deleted while this one reads.
    const segments = [...this.#options.segments];
    let stretches = 0;
    for (const segment of onTheWay(segments, lane, collected)) {
      const { list } = await this.#marksOf(segment);
      for (const mark of onTheWay(list, lane, collected)) {
        if (stretches++ >= FETCH_STRETCHES_MAX && collected.records.length > 0) return;
        const block = await this.#read(segment, mark, list[list.indexOf(mark) + 1]);
        block?.collect(collected);
      }
    }
  }

  async #read(segment: Segment, mark: Mark, next: Mark | undefined): Promise<RecordBlock | undefined> {
    const from = mark.position;
    const stretch = { segment, from, to: next?.position ?? segment.end };
    if (stretch.to <= from) return undefined;
    // The last stretch of the newest segment still grows.
    if (!next && segment === this.#newest.segment) return readStretch(stretch);
    return this.#cache.get(`${segment.number}:${from}`, stretch.to - from, () => readStretch(stretch));
  }

  #marksOf(segment: Segment): Promise<Marks> {
    if (segment === this.#newest.segment) return Promise.resolve(this.#newest.marks);
    const known = this.#marks.get(segment.number);
    this.#marks.delete(segment.number);
    const marks = known ?? readMarks(segment, this.#options.laneCount());
    this.#keepMarks(segment.number, marks);
    return marks;
  }

  #keepMarks(number: number, marks: Promise<Marks>): void {
    this.#marks.set(number, marks);
    marks.catch(() => this.#marks.delete(number));
    for (const oldest of this.#marks.keys()) {
      if (this.#marks.size <= INDEXED_SEGMENTS_MAX) return;
      this.#marks.delete(oldest);
    }
  }
}

/** The places, in order, behind which there are wanted records; behind the last one there may be some. */
function* onTheWay<P extends Place>(places: readonly P[], lane: number, collected: Collected): Generator<P> {
  const first = Math.max(lastBefore(places, lane, collected.next), 0);
  for (let at = first; at < places.length && !collected.isFull; at++) {
    const [place, next] = [places[at] as P, places[at + 1]];
    if (!next || startOf(next, lane) > startOf(place, lane)) yield place;
  }
}

async function readMarks(segment: Segment, lanes: number): Promise<Marks> {
  const { end, marks } = await scanSegment(segment, segment.end, lanes);
  if (end !== segment.end) throw damagedAt(segment.path, end);
  return marks;
}

async function readStretch({ segment, from, to }: Stretch): Promise<RecordBlock> {
  const bytes = await readSegment(segment.path, from, to - from);
  const { block, frameBytes } = RecordBlock.ofFrames(bytes, segment.head.salt);
  if (frameBytes < to - from) throw damagedAt(segment.path, from + frameBytes);
  return block;
}
