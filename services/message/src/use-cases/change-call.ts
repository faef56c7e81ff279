// What every change of a message shares: who makes it, and how its outcome is said.
import { create } from '@bufbuild/protobuf';
import { ChatError, ErrorCode, type UserId } from '@parley/kernel';
import { messagev1 } from '@parley/proto';
import { CallerRole } from '@parley/rpc';
import type { Codes } from '../domain/codes.js';
import type { Conversation } from '../domain/conversation.js';
import { MESSAGE_ID_BYTES_MAX } from '../domain/limits.js';
import { ChangeOutcome, ChangeScope, type MessageChange } from '../domain/message-change.js';
import type { MessageFacts } from '../domain/message-facts.js';
import type { Caller } from './send-message.js';

export interface ChangeCall {
  readonly conversation: Conversation;
  /** Who makes it; of an app's back end, in whose name. */
  readonly user: UserId;
  readonly caller: Caller;
  readonly clientChangeId: string;
}

type Init = NonNullable<Parameters<typeof create<typeof messagev1.MessageChangeSchema>>[1]>;

/** A change of a conversation's messages. `facts`: of a message that it is about. */
export function conversationChange(
  { conversation, user, caller }: ChangeCall,
  timeMs: number,
  init: Pick<Init, 'change' | 'audience' | 'silent'>,
): MessageChange {
  const isGroup = conversation.kind === 'group';
  return create(messagev1.MessageChangeSchema, {
    scope: ChangeScope.CONVERSATION,
    type: isGroup ? messagev1.ConversationType.GROUP : messagev1.ConversationType.C2C,
    from: isGroup ? user : conversation.first,
    to: isGroup ? conversation.groupId : conversation.second,
    timeMs: BigInt(timeMs),
    operator: caller.role === CallerRole.USER ? user : '',
    ...init,
  });
}

/** Whom alone the message concerns; empty: all. */
export const audienceOf = (facts: MessageFacts): string[] =>
  facts.toAccounts.length === 0 ? [] : [...new Set([facts.from, ...facts.toAccounts])];

/** Names the change among its retries; undefined: it has no name. @throws ChatError when the name is too long. */
export function changeKey({ user, caller, clientChangeId }: ChangeCall): string | undefined {
  if (clientChangeId === '') return undefined;
  if (Buffer.byteLength(clientChangeId) > MESSAGE_ID_BYTES_MAX) {
    throw new ChatError(caller.codes.badRequest, `a change id has at most ${MESSAGE_ID_BYTES_MAX} bytes`);
  }
  return `${user.length}:${user}:${clientChangeId}`;
}

/** @throws ChatError for what was not applied. */
export function refuseOutcome(
  outcome: messagev1.ChangeOutcome,
  conversation: Conversation,
  codes: Codes,
): void {
  if (outcome === ChangeOutcome.APPLIED) return;
  const isGroup = conversation.kind === 'group';
  if (outcome === ChangeOutcome.NOT_FOUND) throw messageNotFound(conversation);
  if (outcome === ChangeOutcome.ALREADY_RECALLED) {
    const code = isGroup ? ErrorCode.GROUP_MESSAGE_NOT_RECALLABLE : ErrorCode.C2C_ALREADY_RECALLED;
    throw new ChatError(code, 'the message is recalled already');
  }
  if (outcome === ChangeOutcome.VERSION_CONFLICT) {
    throw new ChatError(ErrorCode.MESSAGE_VERSION_CONFLICT, 'the message was changed meanwhile');
  }
  throw new ChatError(codes.unavailable, 'the change has an outcome that is not known here');
}

export const messageNotFound = (conversation: Conversation): ChatError =>
  new ChatError(
    conversation.kind === 'group' ? ErrorCode.GROUP_MESSAGE_NOT_FOUND : ErrorCode.C2C_MESSAGE_NOT_FOUND,
    'there is no such message',
  );
