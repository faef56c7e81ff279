// Send to a group: check, ask the group, hold against its rate, then as every message: number, append, ack, deliver.
import { ChatError, type Clock } from '@parley/kernel';
import type { messagev1 } from '@parley/proto';
import { CallerRole } from '@parley/rpc';
import { GROUP_CODES } from '../domain/codes.js';
import type { GroupConversation } from '../domain/conversation.js';
import { decideGroupSend, type GroupDraft, type GroupPair } from '../domain/decide-group-send.js';
import { type GroupFacts, refuseSend } from '../domain/group-rules.js';
import { hasFlag, MessageFlag } from '../domain/message-facts.js';
import { encodeMessage } from '../encoding/message-encoding.js';
import { senderUnknown } from '../errors.js';
import type { MessageEvents } from '../events.js';
import type { AcceptMessage } from '../sending/accept-message.js';
import type { AccountCheck } from '../sending/account-check.js';
import type { DeliverMessage } from '../sending/deliver-message.js';
import type { GroupDirectory } from '../sending/group-directory.js';
import type { GroupRate } from '../sending/group-rate.js';
import type { RetryResolver } from '../sending/retry-resolver.js';
import type { SendFactsDirectory } from '../sending/send-facts-directory.js';
import type { SendGate } from '../sending/send-gate.js';
import { type Caller, type Sent, toSent } from './send-message.js';

export interface SentToGroup extends Sent {
  /** Above the group's rate: nobody gets it. */
  readonly isShed: boolean;
}

export interface SendToGroupOptions {
  readonly clock: Clock;
  readonly gate: SendGate;
  readonly directory: GroupDirectory;
  readonly facts: SendFactsDirectory;
  readonly accounts: AccountCheck;
  readonly rate: GroupRate;
  readonly retries: RetryResolver;
  readonly accept: AcceptMessage;
  readonly deliver: DeliverMessage;
  readonly events: MessageEvents;
}

export class SendToGroup {
  constructor(private readonly options: SendToGroupOptions) {}

  /**
   * Answers after the message is durable, if its group stores messages. Rejects with ChatError; a retryable one leaves
   * open whether it is a message.
   */
  async run(request: messagev1.SendRequest, pair: GroupPair, caller: Caller): Promise<SentToGroup> {
    const { gate, clock, events } = this.options;
    const startedAtMs = clock.now();
    const draft = decideGroupSend(request, pair, caller);
    // What is asked of others must not let a message overtake its sender's former one.
    const lane = `ask ${draft.conversation.key} ${pair.from}`;
    const turn = gate.enter(lane);
    if (turn !== undefined) await turn;
    let sending: Promise<Sent>;
    try {
      const facts = await this.#check(draft, pair, caller);
      const settled = await this.#settle(draft, facts, pair);
      if (await this.#isShed(settled, facts, caller)) return this.#shed(settled);
      sending = this.#send(settled, facts, caller);
    } finally {
      gate.leave(lane);
    }
    const sent = await sending;
    events.sent(clock.now() - startedAtMs);
    return { ...sent, isShed: false };
  }

  async #check(draft: GroupDraft, { from, groupId }: GroupPair, caller: Caller): Promise<GroupFacts> {
    const { directory, accounts, clock, retries } = this.options;
    const { appId, role } = caller;
    // A user's own account was checked at login, and services speak for the platform.
    if (role === CallerRole.ADMIN) {
      await accounts.require(appId, from, senderUnknown(GROUP_CODES));
      await this.options.facts.know(appId, from);
    }
    const muted = role === CallerRole.USER ? this.options.facts.allowGroup(appId, from) : undefined;
    const question = { appId, groupId, user: from };
    const refuse = (facts: GroupFacts) => refuseSend(facts, draft, { role, nowMs: clock.now() });
    const allowed =
      muted === undefined
        ? directory.allow(question, refuse)
        : muted.then(() => directory.allow(question, refuse));
    return allowed.catch(async (refusal: unknown) => {
      // What was accepted before stays a message, whatever the sender may do by now.
      if (ChatError.from(refusal).isRetryable || !(await retries.isKnown(draft, caller))) throw refusal;
      return directory.facts(question);
    });
  }

  /** The message as the group's type wants it. Named receivers who are no members get nothing. */
  async #settle(draft: GroupDraft, facts: GroupFacts, { groupId }: GroupPair): Promise<GroupDraft> {
    const flags = facts.countsUnread ? draft.flags : draft.flags | MessageFlag.NO_UNREAD;
    const { toAccounts } = draft.group;
    if (toAccounts.length === 0) return flags === draft.flags ? draft : { ...draft, flags };
    const { appId } = draft.conversation;
    const asked = toAccounts.map((user) =>
      this.options.directory.facts({ appId, groupId, user: user as GroupPair['from'] }),
    );
    const answers = await Promise.all(asked);
    const members = toAccounts.filter((_, index) => answers[index]?.isMember === true);
    // Somebody has to stand there: for an empty list means everybody.
    const named = members.length === 0 ? [draft.from] : members;
    return { ...draft, flags, group: { ...draft.group, toAccounts: named } };
  }

  /** Tips are never shed, nor is what was accepted before. */
  async #isShed(draft: GroupDraft, facts: GroupFacts, caller: Caller): Promise<boolean> {
    const { rate, retries } = this.options;
    if (hasFlag(draft.flags, MessageFlag.SYSTEM)) return false;
    const conversation = draft.conversation as GroupConversation;
    if (rate.admit(conversation, draft.group.priority, facts.rateMax)) return false;
    return !(await retries.isKnown(draft, caller));
  }

  #shed(draft: GroupDraft): SentToGroup {
    this.options.events.shedAtRate();
    const nothing = { seq: 0n, timeMs: this.options.clock.now(), isDuplicate: false };
    return { ...toSent(draft, nothing), isShed: true };
  }

  async #send(draft: GroupDraft, facts: GroupFacts, caller: Caller): Promise<Sent> {
    if (!facts.storesHistory || hasFlag(draft.flags, MessageFlag.ONLINE_ONLY)) return this.#sendLive(draft);
    const { attempt, firstAttemptAtMs, role, deadlineMs } = caller;
    const check = () => undefined;
    return toSent(
      draft,
      await this.options.accept.run(draft, { attempt, firstAttemptAtMs, role, deadlineMs, check }),
    );
  }

  /** For devices connected now: no number, no log, nothing to repair. */
  #sendLive(draft: GroupDraft): Sent {
    const { clock, deliver, events } = this.options;
    const timeMs = clock.now();
    const stamp = this.options.facts.stampOf(draft.conversation.appId, draft.from);
    deliver.start(draft, encodeMessage(draft, 0n, timeMs, stamp), undefined);
    events.sentOnline();
    return toSent(draft, { seq: 0n, timeMs, isDuplicate: false });
  }
}
