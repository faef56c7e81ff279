// The way of a checked message, the same for sends and imports: remember and number, append,
// ack; deliver beside the ack. docs/life-of-a-message.md shows it from outside.
import type { Coordination } from '@parley/coordination';
import type { Position } from '@parley/event-log';
import { ChatError, type Clock, ErrorCode, type UserId } from '@parley/kernel';
import type { Draft } from '../domain/decide-send.js';
import { formatReservation } from '../domain/reservation.js';
import { encodeMessage } from '../encoding/message-encoding.js';
import { encodeRecord } from '../encoding/record-encoding.js';
import type { MessageEvents } from '../events.js';
import type { AppendMessage } from './append-message.js';
import type { DeliverMessage } from './deliver-message.js';
import type { NumberSource } from './number-source.js';
import type { IdentifiedDraft, Resolved, RetryResolver, SendAttempt } from './retry-resolver.js';
import type { SendFactsDirectory } from './send-facts-directory.js';
import type { SendGate } from './send-gate.js';

export interface Accepted {
  readonly seq: bigint;
  /** Server time of numbering, ms. */
  readonly timeMs: number;
  /** The send was a retry of a message that had a number already. */
  readonly isDuplicate: boolean;
}

export interface AcceptCall extends SendAttempt {
  readonly deadlineMs: number | undefined;
  /** What may have to ask others before the message may be numbered; undefined when nothing has to. */
  readonly check: () => Promise<void> | undefined;
}

export interface AcceptMessageOptions {
  readonly coordination: Coordination;
  readonly clock: Clock;
  readonly gate: SendGate;
  readonly facts: SendFactsDirectory;
  readonly numbers: NumberSource;
  readonly retries: RetryResolver;
  readonly append: AppendMessage;
  readonly deliver: DeliverMessage;
  readonly events: MessageEvents;
}

export class AcceptMessage {
  constructor(private readonly options: AcceptMessageOptions) {}

  /**
   * Answers only when the message is durable. Messages of one sender in one conversation get
   * their numbers in the order of the calls.
   */
  async run(draft: Draft, call: AcceptCall): Promise<Accepted> {
    const { gate, facts, append, deliver, events } = this.options;
    const lane = laneOf(draft.conversation.key, draft.from);
    const turn = gate.enter(lane);
    if (turn !== undefined) await turn;
    let numbered: Resolved;
    let message: Uint8Array;
    let appending: Promise<Position>;
    try {
      this.#checkTime(call);
      const checking = call.check();
      if (checking !== undefined) await checking;
      numbered = await this.#number(draft, call);
      if (numbered.kind === 'known') {
        events.duplicateAnswered();
        return { seq: numbered.send.seq, timeMs: numbered.send.timeMs, isDuplicate: true };
      }
      // The log is called in the same turn as the number came: that keeps the order.
      const stamp = facts.stampOf(draft.conversation.appId, draft.from);
      message = encodeMessage(draft, numbered.seq, numbered.timeMs, stamp);
      appending = append.run(draft.conversation, encodeRecord(draft, message), numbered.timeMs);
    } finally {
      gate.leave(lane);
    }
    const position = await appending;
    deliver.start(draft, message, position);
    this.#markAppended(draft, numbered.seq, numbered.timeMs);
    return { seq: numbered.seq, timeMs: numbered.timeMs, isDuplicate: numbered.isAgain };
  }

  /** Who waited too long has no caller any more: numbered now, it could stand behind what its sender sent later. */
  #checkTime(call: AcceptCall): void {
    if (call.deadlineMs !== undefined && this.options.clock.now() >= call.deadlineMs) {
      throw new ChatError(ErrorCode.TIMEOUT, 'the message waited too long behind others');
    }
  }

  #number(draft: Draft, call: AcceptCall): Promise<Resolved> {
    const { retries } = this.options;
    if (isIdentified(draft) && retries.mayBeForgotten(draft, call)) return this.#recallOrNumber(draft, call);
    return this.#take(draft);
  }

  async #recallOrNumber(draft: IdentifiedDraft, call: AcceptCall): Promise<Resolved> {
    const { retries } = this.options;
    const { known, judgedBy } = await retries.recall(draft, call);
    if (known !== undefined) return { kind: 'known', send: known };
    // The question may have taken long, and the sender may have gone on by now.
    this.#checkTime(call);
    const numbered = await this.#take(draft);
    const isNew = numbered.kind === 'number' && !numbered.isAgain;
    if (isNew && judgedBy !== undefined) await retries.confirm(draft, judgedBy);
    return numbered;
  }

  #take(draft: Draft): Promise<Resolved> {
    const { numbers, retries } = this.options;
    return numbers.next(draft.conversation, draft.identity).then((numbered) => {
      if (numbered.kind === 'existing') return retries.resolve(draft as IdentifiedDraft, numbered.value);
      return { kind: 'number', seq: numbered.seq, timeMs: numbered.timeMs, isAgain: false };
    });
  }

  /** Spares later retries the question to the log. Not waited for: losing it loses nothing else. */
  #markAppended(draft: Draft, seq: bigint, timeMs: number): void {
    const { identity } = draft;
    if (identity === undefined) return;
    const reserved = formatReservation(seq, timeMs, 'r');
    const appended = formatReservation(seq, timeMs, 'a');
    this.options.coordination
      .replace(identity.reservation, reserved, appended, identity.windowMs)
      .catch((error: unknown) => this.options.events.markFailed(draft.conversation, error));
  }
}

const laneOf = (conversationKey: string, from: UserId): string => `${conversationKey} ${from}`;

const isIdentified = (draft: Draft): draft is IdentifiedDraft => draft.identity !== undefined;
