// The journal: one sequence of files for all partitions of all topics of a process. It knows partitions as lanes,
// numbered from 0, and nothing of topics, keys' meaning or groups.
//
//   append ─▶ AppendQueue ─▶ chunk in memory (RecentRecords) ─▶ SegmentWriter ─▶ segment files
//   read   ─▶ RecentRecords, or OldRecords ◀── segment files
import { checkFreeSpace, type EmbeddedDatabase } from '@parley/embedded-db';
import type { ChatError, Clock } from '@parley/kernel';
import type { Logger } from '@parley/telemetry';
import type { LogRecord } from '../event-log.js';
import { RESERVE_BYTES } from '../limits.js';
import { type Append, type Appended, AppendQueue } from './append-queue.js';
import type { NewestSegment } from './create-segment.js';
import { toJournalError } from './journal-error.js';
import { JOURNAL_SPACE, JournalState } from './journal-state.js';
import { Lane } from './lane.js';
import { OldRecords } from './old-records.js';
import { RecentRecords } from './recent-records.js';
import { Collected, type RecordQuery } from './record-block.js';
import { type Recovered, recoverSegments } from './recover-segments.js';
import type { Segment } from './segment.js';
import { removeSegment } from './segment-file.js';
import { SegmentWriter } from './segment-writer.js';
import { startOf } from './starts.js';

export interface JournalOptions {
  readonly dir: string;
  /** Remembers which files there are. */
  readonly database: EmbeddedDatabase;
  /** Lanes that the catalog of topics has given out. */
  readonly lanes: number;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Called with the time that a flush took. */
  readonly onFlush: (durationMs: number) => void;
  readonly sizes: JournalSizes;
}

/** For tests; by default what limits.ts says. */
export interface JournalSizes {
  readonly segmentBytes?: number;
  readonly recentBytesMax?: number;
  readonly reserveBytes?: number;
}

/** What a segment has of a lane, for whoever decides whether it may be deleted. */
export interface LaneInSegment {
  readonly lane: number;
  /** Offset after its last record there. */
  readonly end: number;
  /** No record there is younger. */
  readonly newestMs: number;
}

interface JournalParts extends Recovered {
  readonly state: JournalState;
  readonly recent: RecentRecords;
}

export class Journal {
  readonly #options: JournalOptions;
  readonly #lanes: Lane[];
  readonly #segments: Segment[];
  readonly #state: JournalState;
  readonly #recent: RecentRecords;
  readonly #old: OldRecords;
  readonly #writer: SegmentWriter;
  readonly #queue: AppendQueue;

  private constructor(options: JournalOptions, { segments, newest, ends, state, recent }: JournalParts) {
    this.#options = options;
    this.#segments = segments;
    this.#state = state;
    this.#recent = recent;
    this.#lanes = Array.from(ends, (end, index) => new Lane(index, end));
    this.#old = new OldRecords({ segments, newest, laneCount: () => this.#lanes.length });
    const { dir, clock, sizes } = options;
    this.#writer = new SegmentWriter({
      dir,
      clock,
      newest,
      ...(sizes.segmentBytes === undefined ? {} : { segmentBytes: sizes.segmentBytes }),
      ends: () => Float64Array.from(this.#lanes, (lane) => lane.end),
      onNext: (next) => this.#follow(next),
    });
    this.#queue = new AppendQueue({
      recent,
      write: (frame) => this.#write(frame),
      toError: (thrown) => this.#toError(thrown),
      nextOffsets: () => Float64Array.from(this.#lanes, (lane) => lane.next),
    });
  }

  /** @throws ChatError UNAVAILABLE when the directory cannot be used, INTERNAL when it is damaged. */
  static async open(options: JournalOptions): Promise<Journal> {
    const { dir, database, sizes } = options;
    try {
      const state = new JournalState(await database.space(JOURNAL_SPACE));
      const recovered = await recoverSegments({ ...options, state });
      return new Journal(options, { ...recovered, state, recent: new RecentRecords(sizes.recentBytesMax) });
    } catch (thrown) {
      throw toJournalError(dir, thrown);
    }
  }

  get waitingBytes(): number {
    return this.#queue.waitingBytes;
  }

  get segmentCount(): number {
    return this.#segments.length;
  }

  /** Durable bytes of all segments. */
  get bytes(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.end, 0);
  }

  /** The lane of that number; made when it is new. */
  lane(index: number): Lane {
    while (this.#lanes.length <= index) this.#lanes.push(new Lane(this.#lanes.length, 0));
    return this.#lanes[index] as Lane;
  }

  /** Records of the lane before it were deleted with their segments. */
  firstOffset(lane: Lane): number {
    const [oldest] = this.#segments;
    return oldest ? startOf(oldest, lane.index) : 0;
  }

  /** The record is durable when the frame settles. @throws ChatError OVERLOADED. */
  append(append: Append): Appended {
    return this.#queue.append(append);
  }

  /** Durable records, in order; at once when they are recent. */
  read(query: RecordQuery): LogRecord[] | Promise<LogRecord[]> {
    const collected = new Collected(query);
    if (collected.isFull) return collected.records;
    if (!this.#recent.has(query.lane, collected.next)) return this.#readOld(collected);
    this.#recent.collect(collected);
    return collected.records;
  }

  /** Deletes the oldest segment if `isDone` with every lane that has records in it. Answers whether it did. */
  async dropOldest(isDone: (part: LaneInSegment) => boolean): Promise<boolean> {
    const [oldest, next] = this.#segments;
    if (!oldest || !next) return false;
    const newestMs = next.head.createdAtMs;
    for (const { index: lane } of this.#lanes) {
      const end = startOf(next, lane);
      if (end > startOf(oldest, lane) && !isDone({ lane, end, newestMs })) return false;
    }
    try {
      await this.#state.saveFirst(next.number);
      this.#segments.shift();
      await removeSegment(oldest.path);
      return true;
    } catch (thrown) {
      throw this.#toError(thrown);
    }
  }

  /** Waits for all appends, then lets go of the files. Nothing may be appended meanwhile. */
  async close(): Promise<void> {
    await this.#queue.settled();
    await this.#writer.close();
  }

  async #readOld(collected: Collected): Promise<LogRecord[]> {
    try {
      await this.#old.collect(collected);
      return collected.records;
    } catch (thrown) {
      throw this.#toError(thrown);
    }
  }

  async #write(frame: Buffer): Promise<void> {
    const { database, sizes } = this.#options;
    const startedAt = performance.now();
    checkFreeSpace(database.dir, (sizes.reserveBytes ?? RESERVE_BYTES) + frame.length);
    await this.#writer.write(frame);
    this.#noteNewest();
    this.#options.onFlush(performance.now() - startedAt);
  }

  #follow(next: NewestSegment): void {
    this.#segments.push(next.segment);
    this.#old.follow(next);
    this.#noteNewest();
  }

  #noteNewest(): void {
    const newest = this.#segments.at(-1);
    if (newest) this.#state.saveNewest({ number: newest.number, durableBytes: newest.end });
  }

  #toError(thrown: unknown): ChatError {
    return toJournalError(this.#options.dir, thrown);
  }
}
