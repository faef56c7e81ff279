// HideMessages, ClearHistory and ClearGroup: what users see no longer, while the messages stay.
import { create } from '@bufbuild/protobuf';
import { ChatError, type Clock, type UserId } from '@parley/kernel';
import { messagev1 } from '@parley/proto';
import { type GroupConversation, userViewOf } from '../domain/conversation.js';
import { HIDDEN_KEYS_MAX, MESSAGES_PER_CHANGE_MAX } from '../domain/limits.js';
import { ChangeScope, type MessageChange } from '../domain/message-change.js';
import { parseMsgKey } from '../domain/msg-key.js';
import { historyBehind } from '../errors.js';
import type { ConversationReader } from '../reading/conversation-reader.js';
import type { SubmitChange } from '../sending/submit-change.js';
import { type ChangeCall, changeKey, conversationChange, refuseOutcome } from './change-call.js';
import type { FindTarget } from './find-target.js';

export interface HideCall extends ChangeCall {
  readonly seqs: readonly bigint[];
  readonly msgKeys: readonly string[];
}

export interface Hidden {
  /** Undefined: none of the messages is there. */
  readonly change: MessageChange | undefined;
  readonly invalidMsgKeys: readonly string[];
}

export interface NarrowViewOptions {
  readonly find: FindTarget;
  readonly reader: ConversationReader;
  readonly submit: SubmitChange;
  readonly clock: Clock;
}

export class NarrowView {
  constructor(private readonly options: NarrowViewOptions) {}

  /** The user alone does not see them any longer. */
  async hide(call: HideCall): Promise<Hidden> {
    const { codes } = call.caller;
    if (call.msgKeys.length > HIDDEN_KEYS_MAX || call.seqs.length > MESSAGES_PER_CHANGE_MAX) {
      throw new ChatError(codes.badRequest, 'too many messages are named at once');
    }
    const { head, isCaughtUp } = await this.options.reader.head(call.conversation);
    if (!isCaughtUp) throw historyBehind();
    const highest = head?.seq ?? 0n;
    const seqs = new Set(call.seqs.filter((seq) => seq > 0n && seq <= highest));
    const invalidMsgKeys: string[] = [];
    for (const text of call.msgKeys) {
      const key = parseMsgKey(text);
      if (key === undefined) invalidMsgKeys.push(text);
      const row = key && (await this.options.find.byKey(call.conversation, key));
      if (row !== undefined) seqs.add(row.facts.seq);
    }
    if (seqs.size === 0) return { change: undefined, invalidMsgKeys };
    const value = create(messagev1.HideSchema, { seqs: [...seqs] });
    return { change: await this.#submit(call, { case: 'hide', value }), invalidMsgKeys };
  }

  /** The user alone does not see any longer what is not above `upToSeq`; 0n: all that is there now. */
  async clear(call: ChangeCall, upToSeq: bigint): Promise<MessageChange> {
    const { head, isCaughtUp } = await this.options.reader.head(call.conversation);
    if (!isCaughtUp) throw historyBehind();
    const highest = head?.seq ?? 0n;
    const upTo = upToSeq === 0n || upToSeq > highest ? highest : upToSeq;
    return this.#submit(call, { case: 'clear', value: create(messagev1.ClearSchema, { upToSeq: upTo }) });
  }

  /** No user sees any longer what is not above `upToSeq`; 0n: all. An app's back end does. */
  async clearGroup(call: ChangeCall & { conversation: GroupConversation }, upToSeq: bigint): Promise<void> {
    const { submit, clock } = this.options;
    const value = create(messagev1.ClearConversationSchema, { upToSeq });
    const { outcome } = await submit.run({
      stream: call.conversation,
      dedupKey: undefined,
      originConnectionId: undefined,
      change: conversationChange(call, clock.now(), { change: { case: 'clearConversation', value } }),
    });
    refuseOutcome(outcome, call.conversation, call.caller.codes);
  }

  async #submit(call: ChangeCall, change: MessageChange['change']): Promise<MessageChange> {
    const { submit, clock } = this.options;
    const { conversation, user, caller } = call;
    const isGroup = conversation.kind === 'group';
    const { change: applied } = await submit.run({
      stream: userViewOf(conversation.appId, user),
      dedupKey: changeKey(call),
      originConnectionId: caller.connectionId,
      change: create(messagev1.MessageChangeSchema, {
        scope: ChangeScope.USER,
        type: isGroup ? messagev1.ConversationType.GROUP : messagev1.ConversationType.C2C,
        from: user,
        to: isGroup ? conversation.groupId : otherOf(conversation, user),
        timeMs: BigInt(clock.now()),
        operator: user,
        change,
      }),
    });
    if (applied === undefined) throw historyBehind();
    return applied;
  }
}

const otherOf = ({ first, second }: { first: UserId; second: UserId }, user: UserId): UserId =>
  user === first ? second : first;
