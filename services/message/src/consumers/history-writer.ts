// The consumer that decides what exists: it turns log records into rows, counts and heads.
//
//   records ─▶ heads known? (one getMany for the rest) ─▶ decide in order ─▶ rows durable ─▶ heads durable
//
// Rows come before heads because the tables promise no atomicity across partitions: a head that
// covers a record makes a replay skip it, so its rows must be there. Everything is
// decided by the log's order alone; doing it twice, or in two processes, gives the same rows.
import type { BatchHandler, LogBatch, LogRecord } from '@parley/event-log';
import type { Clock } from '@parley/kernel';
import type { TableStore, Write } from '@parley/table-store';
import type { ConversationHead } from '../domain/conversation-head.js';
import { readRecord } from '../encoding/record-encoding.js';
import type { MessageEvents } from '../events.js';
import type { HistoryProgress } from '../reading/history-progress.js';
import type { ChangeStore } from '../stores/change-store.js';
import { type HeadStore, putHead } from '../stores/head-store.js';
import type { ConversationRef, MessageStore } from '../stores/message-store.js';
import type { SightStore } from '../stores/sight-store.js';
import type { AppliedChange } from './change-batch.js';
import type { HeadCache } from './head-cache.js';
import { type BatchRecord, HistoryBatch, refOf } from './history-batch.js';
import type { WriterRest } from './writer-rest.js';

const WRITES_PER_CALL = 10_000;

export interface HistoryWriterOptions {
  readonly tables: TableStore;
  readonly heads: HeadStore;
  readonly messages: MessageStore;
  readonly changes: ChangeStore;
  readonly sights: SightStore;
  /** Tells of changes that are durable. */
  readonly announce: (changes: readonly AppliedChange[]) => void;
  readonly cache: HeadCache;
  readonly progress: HistoryProgress;
  readonly events: MessageEvents;
  readonly clock: Clock;
  /** Absent where other processes wait for what this one commits: they could not end a pause. */
  readonly rest?: WriterRest;
}

interface Written {
  readonly heads: Map<string, ConversationHead>;
  readonly messages: number;
  readonly applied: readonly AppliedChange[];
}

export class HistoryWriter {
  constructor(private readonly options: HistoryWriterOptions) {}

  readonly handle: BatchHandler = async (batch, signal) => {
    const first = batch.records[0];
    const last = batch.records.at(-1);
    if (first === undefined || last === undefined) return;
    const { cache, progress, events, clock } = this.options;
    const cached = cache.open(batch.partition, first.offset);
    try {
      const changed = await this.#write(batch, cached, signal);
      cache.commit(batch.partition, last.offset + 1n, changed.heads);
      progress.written(batch.partition, last.offset + 1n);
      if (changed.applied.length > 0) this.options.announce(changed.applied);
      events.historyWritten(changed.messages, clock.now() - last.appendedAtMs);
    } catch (error) {
      cache.forget(batch.partition);
      throw error;
    }
    if (!progress.isAwaited) await this.options.rest?.rest();
  };

  /** No more pauses: what the log still has is written, and the subscription can end. */
  stop(): void {
    this.options.rest?.stop();
  }

  async #write(
    batch: LogBatch,
    cached: ReadonlyMap<string, ConversationHead>,
    signal: AbortSignal,
  ): Promise<Written> {
    const { messages, changes, sights, events, clock } = this.options;
    const records = batch.records.map(open);
    const heads = await this.#headsOf(records, cached);
    const work = new HistoryBatch({ messages, changes, sights, events, heads, nowMs: clock.now() });
    for (const record of records) await work.add(record);
    const changed = new Map<string, ConversationHead>();
    const headWrites = [];
    for (const [key, { stream, head }] of work.heads()) {
      changed.set(key, head);
      headWrites.push(putHead(stream, head));
    }
    // The partition may have another owner by now, who writes the same; this one has to stop.
    signal.throwIfAborted();
    const firstWrites = work.firstWrites();
    if (firstWrites.length > 0) await this.#writeAll(firstWrites);
    await this.#writeAll(work.rowWrites());
    await this.#writeAll(headWrites);
    return { heads: changed, messages: work.messages, applied: work.applied };
  }

  async #headsOf(
    records: readonly BatchRecord[],
    cached: ReadonlyMap<string, ConversationHead>,
  ): Promise<Map<string, ConversationHead | undefined>> {
    const heads = new Map<string, ConversationHead | undefined>();
    const unknown = new Map<string, ConversationRef>();
    for (const { key, read } of records) {
      const head = cached.get(key);
      if (head !== undefined) heads.set(key, head);
      else unknown.set(key, refOf(read));
    }
    if (unknown.size === 0) return heads;
    const found = await this.options.heads.getMany([...unknown.values()]);
    [...unknown.keys()].forEach((key, index) => {
      heads.set(key, found[index]);
    });
    return heads;
  }

  // biome-ignore lint/suspicious/noExplicitAny: writes of different tables share no row type
  async #writeAll(writes: readonly Write<any>[]): Promise<void> {
    for (let at = 0; at < writes.length; at += WRITES_PER_CALL) {
      await this.options.tables.writeAll(writes.slice(at, at + WRITES_PER_CALL));
    }
  }
}

const open = (log: LogRecord): BatchRecord => ({ key: log.key, log, read: readRecord(log.value) });
