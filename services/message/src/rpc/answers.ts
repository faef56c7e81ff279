// What the handlers share: the caller's words for failures, and responses as protos.
import { create } from '@bufbuild/protobuf';
import { messagev1 } from '@parley/proto';
import type { CallContext } from '@parley/rpc';
import { type Codes, toCallersError } from '../domain/codes.js';
import type { StoredMessage } from '../domain/message-facts.js';
import { changedAtMs, type ShownConversation } from '../use-cases/get-conversation.js';
import type { MessagePage } from '../use-cases/list-messages.js';
import type { Caller, Sent } from '../use-cases/send-message.js';
import type { SyncPage } from '../use-cases/sync-messages.js';
import { withRawMessages } from './raw-messages.js';

export const HISTORY_PAGE_DEFAULT = 20;
/** The field `messages` of every response that has one. */
export const MESSAGES_FIELD = 1;
const LAST_MESSAGE_FIELD = 5;

const { C2C, GROUP } = messagev1.ConversationType;

/** Runs the work for the caller; what an engine could not do is said with the caller's code. */
export function inCallersWords<T>(
  context: CallContext,
  codes: Codes,
  work: (caller: Caller) => Promise<T>,
): Promise<T> {
  const { appId, role, connectionId, attempt, firstAttemptAtMs, deadlineMs } = context;
  const refuse = (thrown: unknown): never => {
    throw toCallersError(thrown, codes);
  };
  try {
    return work({ appId, role, codes, connectionId, attempt, firstAttemptAtMs, deadlineMs }).catch(refuse);
  } catch (thrown) {
    return Promise.reject(toCallersError(thrown, codes));
  }
}

export const toSendResponse = (sent: Sent) => ({
  seq: sent.seq,
  timeMs: BigInt(sent.timeMs),
  msgSeq: sent.msgSeq,
  clientMessageId: sent.clientMessageId,
  duplicate: sent.isDuplicate,
});

export function toListResponse(page: MessagePage): messagev1.ListMessagesResponse {
  const { isComplete, nextBeforeSeq } = page;
  const response = create(messagev1.ListMessagesResponseSchema, { isComplete, nextBeforeSeq });
  return withRawMessages(response, MESSAGES_FIELD, bytesOf(page.messages));
}

export function toSyncResponse({ messages, ...rest }: SyncPage): messagev1.SyncMessagesResponse {
  const response = create(messagev1.SyncMessagesResponseSchema, rest);
  return withRawMessages(response, MESSAGES_FIELD, bytesOf(messages));
}

export function toConversation(shown: ShownConversation): messagev1.Conversation {
  const { head, mark, peerMark, lastMessage } = shown;
  const conversation = create(messagev1.ConversationSchema, {
    type: shown.conversation.kind === 'group' ? GROUP : C2C,
    peer: shown.peer,
    headSeq: head.seq,
    unreadCount: shown.unread,
    readSeq: mark.readSeq,
    peerReadSeq: peerMark.readSeq,
    peerReadMessageTimeMs: BigInt(peerMark.readMessageTimeMs),
    updatedAtMs: BigInt(changedAtMs(shown)),
    openedSeq: shown.openedSeq,
    receiveOption: shown.receive.option,
    changeSeq: head.changeSeq,
    clearedSeq: shown.clearedSeq,
    mentions: shown.mentions.map((mention) => create(messagev1.MentionSchema, mention)),
  });
  return lastMessage === undefined
    ? conversation
    : withRawMessages(conversation, LAST_MESSAGE_FIELD, [lastMessage.bytes]);
}

export const limitOf = (asked: number, whenUnset: number, max: number): number =>
  asked === 0 ? whenUnset : Math.min(asked, max);

export const bytesOf = (messages: readonly StoredMessage[]): Uint8Array[] => messages.map((one) => one.bytes);
