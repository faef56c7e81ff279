// RecallMessage and RecallBySender: messages lose their content for everybody.
import { ChatError, type Clock, ErrorCode, type UserId } from '@parley/kernel';
import { CallerRole } from '@parley/rpc';
import type { Conversation, GroupConversation } from '../domain/conversation.js';
import { type GroupFacts, mayRecallOthers } from '../domain/group-rules.js';
import {
  MESSAGES_PER_CHANGE_MAX,
  RECALL_BY_SENDER_LOOKS_AT,
  RECALL_REASON_BYTES_MAX,
} from '../domain/limits.js';
import { ChangeOutcome, type MessageChange } from '../domain/message-change.js';
import { hasFlag, isVisibleTo, type MessageFacts, MessageFlag } from '../domain/message-facts.js';
import { historyBehind } from '../errors.js';
import type { ConversationReader } from '../reading/conversation-reader.js';
import type { SubmitChange } from '../sending/submit-change.js';
import type { MessageStore } from '../stores/message-store.js';
import {
  audienceOf,
  type ChangeCall,
  changeKey,
  conversationChange,
  messageNotFound,
  refuseOutcome,
} from './change-call.js';
import type { FindTarget, TargetName } from './find-target.js';

export interface RecallMessageOptions {
  readonly find: FindTarget;
  readonly reader: ConversationReader;
  readonly messages: MessageStore;
  readonly submit: SubmitChange;
  readonly clock: Clock;
  /** How old a message may be that a user recalls, ms. */
  readonly windowMs: { readonly pair: number; readonly group: number };
}

export interface RecallCall extends ChangeCall {
  readonly target: TargetName;
  readonly reason: string;
  /** Of a group. */
  readonly facts?: GroupFacts | undefined;
}

export class RecallMessage {
  constructor(private readonly options: RecallMessageOptions) {}

  /** Answers the change once it is decided. @throws ChatError with the code of the caller's border. */
  async run(call: RecallCall): Promise<MessageChange> {
    const { find, submit, clock } = this.options;
    const { conversation, caller, reason } = call;
    if (Buffer.byteLength(reason) > RECALL_REASON_BYTES_MAX) {
      throw new ChatError(caller.codes.badRequest, `a reason has at most ${RECALL_REASON_BYTES_MAX} bytes`);
    }
    if (call.facts !== undefined && !call.facts.takesRecall) {
      throw new ChatError(ErrorCode.GROUP_TYPE_WITHOUT_RECALL, 'groups of this type recall nothing');
    }
    const row = await find.run(conversation, call.target, caller.codes);
    if (row === undefined) throw messageNotFound(conversation);
    this.#check(call, row.facts);
    const { outcome, change } = await submit.run({
      stream: conversation,
      dedupKey: changeKey(call),
      originConnectionId: caller.connectionId,
      change: conversationChange(call, clock.now(), {
        audience: audienceOf(row.facts),
        change: { case: 'recall', value: { seqs: [row.facts.seq], reason } },
      }),
    });
    refuseOutcome(outcome, conversation, caller.codes);
    if (change === undefined) throw historyBehind();
    return change;
  }

  #check({ conversation, user, caller, facts }: RecallCall, message: MessageFacts): void {
    if (caller.role !== CallerRole.USER) {
      // An app's back end names the sender of a message between two.
      if (conversation.kind === 'pair' && message.from !== user) throw messageNotFound(conversation);
      return;
    }
    if (!isVisibleTo(message, user)) throw messageNotFound(conversation);
    if (hasFlag(message.flags, MessageFlag.SYSTEM)) throw notRecallable(conversation);
    if (message.from !== user && !mayOthers(facts)) throw notYours(conversation, caller.codes.badRequest);
    this.#checkTime(conversation, message);
  }

  #checkTime(conversation: Conversation, message: MessageFacts): void {
    const { clock, windowMs } = this.options;
    // A retry of a recall in time may come late: the writer's outcome by its key would answer it, so the window is
    // held against the message alone here, and a message that is recalled says so instead.
    if (hasFlag(message.flags, MessageFlag.RECALLED)) return;
    if (clock.now() - message.timeMs <= windowMs[conversation.kind]) return;
    const code =
      conversation.kind === 'group' ? ErrorCode.GROUP_RECALL_TOO_LATE : ErrorCode.C2C_RECALL_TOO_LATE;
    throw new ChatError(code, 'the time for recalling has passed');
  }

  /** What `sender` said among a group's last messages. Clients are told without an event. Answers how many. */
  async bySender(call: ChangeCall & { conversation: GroupConversation }, sender: UserId): Promise<number> {
    const { reader, messages, submit, clock } = this.options;
    const { conversation } = call;
    const { head, isCaughtUp } = await reader.head(conversation);
    if (!isCaughtUp) throw historyBehind();
    if (head === undefined) return 0;
    const { rows } = await messages.scanDown(conversation, head.seq + 1n, RECALL_BY_SENDER_LOOKS_AT);
    const found = rows.filter(
      ({ facts }) =>
        facts.from === sender && !hasFlag(facts.flags, MessageFlag.RECALLED | MessageFlag.SYSTEM),
    );
    let recalled = 0;
    for (let at = 0; at < found.length; at += MESSAGES_PER_CHANGE_MAX) {
      const seqs = found.slice(at, at + MESSAGES_PER_CHANGE_MAX).map((row) => row.facts.seq);
      const { outcome } = await submit.run({
        stream: conversation,
        dedupKey: undefined,
        originConnectionId: undefined,
        change: conversationChange(call, clock.now(), {
          silent: true,
          change: { case: 'recall', value: { seqs, reason: '' } },
        }),
      });
      if (outcome === ChangeOutcome.APPLIED) recalled += seqs.length;
    }
    return recalled;
  }
}

const mayOthers = (facts: GroupFacts | undefined): boolean => facts !== undefined && mayRecallOthers(facts);

const notRecallable = (conversation: Conversation): ChatError =>
  conversation.kind === 'group'
    ? new ChatError(ErrorCode.GROUP_MESSAGE_NOT_RECALLABLE, 'what the platform says stays')
    : messageNotFound(conversation);

const notYours = (conversation: Conversation, badRequest: ErrorCode): ChatError =>
  new ChatError(
    conversation.kind === 'group' ? ErrorCode.GROUP_NO_PERMISSION : badRequest,
    'the message is somebody else’s',
  );
