// The way of a checked message, the same for sends and imports: remember and number, append,
// ack; deliver beside the ack. docs/life-of-a-message.md shows it from outside.
import type { Coordination } from '@parley/coordination';
import type { Position } from '@parley/event-log';
import { ChatError, type Clock, ErrorCode, type UserId } from '@parley/kernel';
import type { Draft } from '../domain/decide-send.js';
import { formatReservation, reservationKey } from '../domain/reservation.js';
import { encodeMessage } from '../encoding/message-encoding.js';
import { encodeRecord } from '../encoding/record-encoding.js';
import type { MessageEvents } from '../events.js';
import type { AppendMessage } from './append-message.js';
import type { DeliverMessage } from './deliver-message.js';
import type { NumberSource } from './number-source.js';
import type { IdentifiedDraft, Resolved, RetryResolver, SendAttempt } from './retry-resolver.js';
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
  readonly numbers: NumberSource;
  readonly retries: RetryResolver;
  readonly append: AppendMessage;
  readonly deliver: DeliverMessage;
  readonly events: MessageEvents;
}

/** An append that has begun, or the message that was there already. */
type Begun =
  | { readonly kind: 'known'; readonly accepted: Accepted }
  | {
      readonly kind: 'appending';
      readonly accepted: Accepted;
      readonly message: Uint8Array;
      readonly appending: Promise<Position>;
    };

export class AcceptMessage {
  constructor(private readonly options: AcceptMessageOptions) {}

  /**
   * Answers only when the message is durable. Messages of one sender in one conversation get
   * their numbers in the order of the calls.
   */
  async run(draft: Draft, call: AcceptCall): Promise<Accepted> {
    const { gate, deliver, events } = this.options;
    const lane = laneOf(draft.conversation.key, draft.from);
    const turn = gate.enter(lane);
    if (turn !== undefined) await turn;
    let begun: Begun;
    try {
      begun = await this.#begin(draft, call);
    } finally {
      gate.leave(lane);
    }
    if (begun.kind === 'known') {
      events.duplicateAnswered();
      return begun.accepted;
    }
    const position = await begun.appending;
    deliver.start({ ...draft, appId: draft.conversation.appId }, begun.message, position);
    this.#markAppended(draft, begun.accepted);
    return begun.accepted;
  }

  /** Everything up to the call of the log, which comes in the same turn as the number. */
  async #begin(draft: Draft, call: AcceptCall): Promise<Begun> {
    const { clock, append } = this.options;
    if (call.deadlineMs !== undefined && clock.now() >= call.deadlineMs) {
      throw new ChatError(ErrorCode.TIMEOUT, 'the message waited too long behind others');
    }
    const checking = call.check();
    if (checking !== undefined) await checking;
    const numbered = await this.#number(draft, call);
    if (numbered.kind === 'known') {
      return { kind: 'known', accepted: { ...numbered.send, isDuplicate: true } };
    }
    const { seq, timeMs, isAgain } = numbered;
    const message = encodeMessage(draft, { seq, numberedAtMs: timeMs });
    const appending = append.run(draft.conversation, encodeRecord(draft, message), timeMs);
    return { kind: 'appending', accepted: { seq, timeMs, isDuplicate: isAgain }, message, appending };
  }

  async #number(draft: Draft, call: AcceptCall): Promise<Resolved> {
    const { numbers, retries } = this.options;
    if (isIdentified(draft)) {
      const known = await retries.recall(draft, call);
      if (known !== undefined) return { kind: 'known', send: known };
    }
    const numbered = await numbers.next(draft.conversation, draft.identity);
    if (numbered.kind === 'fresh') return { ...numbered, kind: 'number', isAgain: false };
    return retries.resolve(draft as IdentifiedDraft, numbered.value);
  }

  /** Spares later retries the question to the log. Not waited for: losing it loses nothing else. */
  #markAppended(draft: Draft, accepted: Accepted): void {
    if (draft.identity === undefined) return;
    const { seq, timeMs } = accepted;
    this.options.coordination
      .replace(
        reservationKey(draft.conversation, draft.identity),
        formatReservation(seq, timeMs, 'r'),
        formatReservation(seq, timeMs, 'a'),
        draft.identity.windowMs,
      )
      .catch((error: unknown) => this.options.events.markFailed(draft.conversation, error));
  }
}

const laneOf = (conversationKey: string, from: UserId): string => `${conversationKey} ${from}`;

const isIdentified = (draft: Draft): draft is IdentifiedDraft => draft.identity !== undefined;
