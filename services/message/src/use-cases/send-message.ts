// Send: check, remember and number, append, ack; deliver beside the ack.
import { type AppId, ChatError, type Clock, type ConnectionId, type UserId } from '@parley/kernel';
import type { messagev1 } from '@parley/proto';
import { CallerRole } from '@parley/rpc';
import type { Codes } from '../domain/codes.js';
import { type Draft, decideSend } from '../domain/decide-send.js';
import { hasFlag, MessageFlag } from '../domain/message-facts.js';
import { encodeMessage } from '../encoding/message-encoding.js';
import type { MessageEvents } from '../events.js';
import type { Accepted, AcceptMessage } from '../sending/accept-message.js';
import type { AccountCheck } from '../sending/account-check.js';
import type { DeliverMessage } from '../sending/deliver-message.js';
import type { RetryResolver } from '../sending/retry-resolver.js';
import type { SendFactsDirectory } from '../sending/send-facts-directory.js';

/** Who calls, as far as the rules care. */
export interface Caller {
  readonly appId: AppId;
  readonly role: CallerRole;
  readonly codes: Codes;
  readonly connectionId: ConnectionId | undefined;
  readonly attempt: number;
  /** Undefined: unknown, or this is the first. */
  readonly firstAttemptAtMs: number | undefined;
  readonly deadlineMs: number | undefined;
}

export interface Pair {
  readonly from: UserId;
  readonly to: UserId;
}

export interface Sent extends Accepted {
  readonly msgSeq: number;
  readonly clientMessageId: string;
}

export interface SendMessageOptions {
  readonly clock: Clock;
  readonly accounts: AccountCheck;
  readonly facts: SendFactsDirectory;
  readonly retries: RetryResolver;
  readonly accept: AcceptMessage;
  readonly deliver: DeliverMessage;
  readonly events: MessageEvents;
}

export class SendMessage {
  constructor(private readonly options: SendMessageOptions) {}

  /** Answers after the message is durable. Rejects with ChatError; a retryable one leaves open whether it is a message. */
  run(request: messagev1.SendRequest, pair: Pair, caller: Caller): Promise<Sent> {
    const { clock, accept, events } = this.options;
    const startedAtMs = clock.now();
    const draft = decideSend(request, pair, caller);
    const check = () => this.#check(draft, pair, caller);
    if (hasFlag(draft.flags, MessageFlag.ONLINE_ONLY)) return this.#sendOnline(draft, check);
    const { attempt, firstAttemptAtMs, role, deadlineMs } = caller;
    return accept.run(draft, { attempt, firstAttemptAtMs, role, deadlineMs, check }).then((accepted) => {
      events.sent(clock.now() - startedAtMs);
      return toSent(draft, accepted);
    });
  }

  /** A user's own account was checked at login, and services speak for the platform. */
  #check(draft: Draft, pair: Pair, caller: Caller): Promise<void> | undefined {
    const { accounts } = this.options;
    if (caller.role === CallerRole.ADMIN) {
      const checking = accounts.both(caller.appId, pair, caller.codes);
      const naming = this.options.facts.know(caller.appId, pair.from);
      return naming === undefined ? checking : Promise.all([checking, naming]).then(() => undefined);
    }
    const receiver = accounts.receiver(caller.appId, pair.to, caller.codes);
    if (caller.role !== CallerRole.USER) return receiver;
    if (receiver !== undefined) return receiver.then(() => this.#checkFacts(draft, pair, caller));
    return this.#checkFacts(draft, pair, caller);
  }

  /** Mute, blocklist and friendship bind users only. Source: rest-accounts-messages.md 5 and 12. */
  #checkFacts(draft: Draft, { from, to }: Pair, caller: Caller): Promise<void> | undefined {
    const asking = this.options.facts.allowC2c(caller.appId, from, to);
    if (asking === undefined || caller.attempt === 0) return asking;
    return asking.catch(async (refusal: unknown) => {
      // What was accepted before stays a message, whatever the sender may do by now.
      const isKnown =
        !ChatError.from(refusal).isRetryable && (await this.options.retries.isKnown(draft, caller));
      if (!isKnown) throw refusal;
    });
  }

  /** For devices connected now: no number, no log, nothing to repair. */
  async #sendOnline(draft: Draft, check: () => Promise<void> | undefined): Promise<Sent> {
    await check();
    const timeMs = this.options.clock.now();
    const stamp = this.options.facts.stampOf(draft.conversation.appId, draft.from);
    const message = encodeMessage(draft, 0n, timeMs, stamp);
    this.options.deliver.start(draft, message, undefined);
    this.options.events.sentOnline();
    return toSent(draft, { seq: 0n, timeMs, isDuplicate: false });
  }
}

export const toSent = (draft: Draft, accepted: Accepted): Sent => ({
  seq: accepted.seq,
  timeMs: accepted.timeMs,
  isDuplicate: accepted.isDuplicate,
  msgSeq: draft.msgSeq,
  clientMessageId: draft.clientMessageId,
});
