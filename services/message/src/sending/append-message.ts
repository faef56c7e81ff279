// The durable write of a message.
import type { EventLog, Position } from '@parley/event-log';
import { APPEND_DEADLINE_MS, ChatError, type Clock, ErrorCode } from '@parley/kernel';
import type { Stream } from '../domain/conversation.js';
import type { MessageEvents } from '../events.js';
import type { HistoryProgress } from '../reading/history-progress.js';
import { messagesTopic } from '../topics.js';
import type { Deadlines } from './deadlines.js';

export interface AppendMessageOptions {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly progress: HistoryProgress;
  readonly deadlines: Deadlines;
  readonly events: MessageEvents;
}

export class AppendMessage {
  constructor(private readonly options: AppendMessageOptions) {}

  /**
   * Resolves only when the record is durable and came within APPEND_DEADLINE_MS of its numbering, so that
   * every reader of the log accepts it. The log gets the record in this turn: calls keep their order.
   * @throws ChatError UNAVAILABLE otherwise; the record may then still appear.
   */
  run(conversation: Stream, record: Uint8Array, numberedAtMs: number): Promise<Position> {
    const { log, clock, deadlines } = this.options;
    const work = log.append(messagesTopic, conversation.key, record).then((position) => {
      // Also when nobody waits any more: readers must know that there is more to read.
      this.options.progress.appended(position.partition, position.offset);
      // The process may have stood still while the timer and the answer became due together.
      if (clock.now() - numberedAtMs <= APPEND_DEADLINE_MS) return position;
      throw new ChatError(ErrorCode.UNAVAILABLE, 'the log answered too late; retry');
    });
    const leftMs = numberedAtMs + APPEND_DEADLINE_MS - clock.now();
    return deadlines
      .within(work, leftMs, 'the log does not answer; retry')
      .catch((thrown: unknown) => this.#fail(conversation, thrown));
  }

  #fail(conversation: Stream, thrown: unknown): never {
    const { log, progress, events } = this.options;
    const error = ChatError.from(thrown);
    progress.doubt(log.partitionOf(messagesTopic, conversation.key));
    events.appendFailed(conversation, error);
    throw error;
  }
}
