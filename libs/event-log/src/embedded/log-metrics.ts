// What the log tells about itself.
import type { Counter, Histogram, Metrics } from '@parley/telemetry';
import type { Journal } from '../journal/journal.js';
import type { StoredTopic } from './stored-topic.js';

const FLUSH_BOUNDS_MS = [0.25, 0.5, 1, 2, 5, 10, 25, 50, 100, 250, 1_000];
const IGNORED = { add: () => undefined, record: () => undefined };

export class LogMetrics {
  readonly #metrics: Metrics | undefined;
  readonly #shownLags = new Set<string>();
  readonly appended: Counter;
  readonly buried: Counter;
  readonly flushMs: Histogram;

  constructor(metrics: Metrics | undefined) {
    this.#metrics = metrics;
    this.appended = metrics?.counter('parley.event_log.appended', 'Records that became durable') ?? IGNORED;
    this.buried = metrics?.counter('parley.event_log.buried', 'Records that went to dead letters') ?? IGNORED;
    const help = 'Time to write a frame of records to the disk';
    this.flushMs = metrics?.histogram('parley.event_log.flush.duration_ms', help, FLUSH_BOUNDS_MS) ?? IGNORED;
  }

  showJournal(journal: Journal): void {
    const gauge = (name: string, help: string, read: () => number): void =>
      this.#metrics?.gauge(`parley.event_log.${name}`, help, read);
    gauge('waiting_bytes', 'Appended bytes that are not durable yet', () => journal.waitingBytes);
    gauge('segments', 'Files of the log', () => journal.segmentCount);
    gauge('stored_bytes', 'Durable bytes in the files of the log', () => journal.bytes);
  }

  showLag(topic: StoredTopic, group: string): void {
    const labels = { topic: topic.topic.name, group };
    const name = `${labels.topic}/${group}`;
    if (this.#shownLags.has(name)) return;
    this.#shownLags.add(name);
    const help = 'Records that the group has not finished';
    this.#metrics?.gauge('parley.event_log.lag', help, () => topic.lag(group), labels);
  }
}
