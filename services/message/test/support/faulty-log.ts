// The embedded log with appends that fail, before or after they happened, and appends that are held.
import type { EventLog, Position, Topic } from '@parley/event-log';
import { ChatError, ErrorCode } from '@parley/kernel';

export type AppendFault =
  /** Rejected, and never in the log. */
  | 'lost'
  /** In the log, but the caller is told that it is unknown. */
  | 'unknown'
  /** In the log once released. */
  | { readonly heldUntil: Promise<void> };

export class FaultyLog implements EventLog {
  appends = 0;
  /** Asked for every append, in order; undefined: no fault. */
  fault: (key: string) => AppendFault | undefined = () => undefined;

  constructor(private readonly inner: EventLog) {}

  async append(topic: Topic, key: string, value: Uint8Array): Promise<Position> {
    this.appends++;
    const fault = this.fault(key);
    if (fault === 'lost') throw unavailable();
    if (typeof fault === 'object') await fault.heldUntil;
    const position = await this.inner.append(topic, key, value);
    if (fault === 'unknown') throw unavailable();
    return position;
  }

  ensureTopics: EventLog['ensureTopics'] = (topics) => this.inner.ensureTopics(topics);
  partitionOf: EventLog['partitionOf'] = (topic, key) => this.inner.partitionOf(topic, key);
  subscribe: EventLog['subscribe'] = (options) => this.inner.subscribe(options);
  endOffsets: EventLog['endOffsets'] = (topic) => this.inner.endOffsets(topic);
  committedOffsets: EventLog['committedOffsets'] = (topic, group) =>
    this.inner.committedOffsets(topic, group);
  deadLetters: EventLog['deadLetters'] = (topic, limit) => this.inner.deadLetters(topic, limit);
  close: EventLog['close'] = () => this.inner.close();
}

const unavailable = (): ChatError => new ChatError(ErrorCode.UNAVAILABLE, 'injected by the test');
