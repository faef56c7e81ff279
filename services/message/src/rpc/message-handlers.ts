// MessageService over the use-cases; thin.
import { create } from '@bufbuild/protobuf';
import { PAGE_CONVERSATIONS_MAX, PAGE_MESSAGES_MAX, toUserId } from '@parley/kernel';
import { messagev1 } from '@parley/proto';
import { actorOf, type CallContext, type ServiceHandlers } from '@parley/rpc';
import { codesFor, toCallersError } from '../domain/codes.js';
import type { StoredMessage } from '../domain/message-facts.js';
import type { CountUnread } from '../use-cases/count-unread.js';
import { changedAtMs, type GetConversation, type ShownConversation } from '../use-cases/get-conversation.js';
import type { ImportMessage } from '../use-cases/import-message.js';
import type { ListConversations } from '../use-cases/list-conversations.js';
import type { ListMessages } from '../use-cases/list-messages.js';
import type { ListMessagesByTime } from '../use-cases/list-messages-by-time.js';
import type { MarkRead } from '../use-cases/mark-read.js';
import type { Caller, Pair, SendMessage, Sent } from '../use-cases/send-message.js';
import type { SyncMessages } from '../use-cases/sync-messages.js';
import type { ActingUsers } from './acting-user.js';
import { withRawMessages } from './raw-messages.js';

export interface MessageUseCases {
  readonly send: SendMessage;
  readonly import: ImportMessage;
  readonly listMessages: ListMessages;
  readonly syncMessages: SyncMessages;
  readonly listMessagesByTime: ListMessagesByTime;
  readonly listConversations: ListConversations;
  readonly getConversation: GetConversation;
  readonly markRead: MarkRead;
  readonly countUnread: CountUnread;
  readonly acting: ActingUsers;
}

type Handlers = ServiceHandlers<typeof messagev1.MessageService>;

const HISTORY_PAGE_DEFAULT = 20;
/** The field `messages` of every response that has one. */
const MESSAGES_FIELD = 1;
const LAST_MESSAGE_FIELD = 5;

export const createMessageHandlers = (use: MessageUseCases): Handlers => ({
  ...writeHandlers(use),
  ...historyHandlers(use),
  ...conversationHandlers(use),
});

function writeHandlers(use: MessageUseCases): Pick<Handlers, 'send' | 'import' | 'markRead'> {
  return {
    send: (request, context) =>
      inCallersWords(context, (caller) =>
        use.send.run(request, pairOf(request, context, caller), caller).then(toSendResponse),
      ),
    import: (request, context) =>
      inCallersWords(context, async (caller) => {
        const accepted = await use.import.run(request, pairOf(request, context, caller), caller);
        return { seq: accepted.seq, duplicate: accepted.isDuplicate };
      }),
    markRead: (request, context) =>
      inCallersWords(context, async ({ attempt, connectionId: originConnectionId }) => {
        const where = await use.acting.inConversation(request, context);
        const { readSeq, untilTimeS } = request;
        const mark = await use.markRead.run({ ...where, readSeq, untilTimeS, attempt, originConnectionId });
        return { readSeq: mark.readSeq, unreadCount: mark.unread };
      }),
  };
}

function historyHandlers(
  use: MessageUseCases,
): Pick<Handlers, 'listMessages' | 'syncMessages' | 'listMessagesByTime'> {
  return {
    listMessages: (request, context) =>
      inCallersWords(context, async () => {
        const where = await use.acting.inConversation(request, context);
        const limit = limitOf(request.limit, HISTORY_PAGE_DEFAULT, PAGE_MESSAGES_MAX);
        const page = await use.listMessages.run({ ...where, beforeSeq: request.beforeSeq, limit });
        const { isComplete, nextBeforeSeq } = page;
        const response = create(messagev1.ListMessagesResponseSchema, { isComplete, nextBeforeSeq });
        return withRawMessages(response, MESSAGES_FIELD, bytesOf(page.messages));
      }),
    syncMessages: (request, context) =>
      inCallersWords(context, async () => {
        const where = await use.acting.inConversation(request, context);
        const limit = limitOf(request.limit, PAGE_MESSAGES_MAX, PAGE_MESSAGES_MAX);
        const { messages, ...rest } = await use.syncMessages.run({
          ...where,
          afterSeq: request.afterSeq,
          limit,
        });
        const response = create(messagev1.SyncMessagesResponseSchema, rest);
        return withRawMessages(response, MESSAGES_FIELD, bytesOf(messages));
      }),
    listMessagesByTime: (request, context) =>
      inCallersWords(context, async () => {
        const where = await use.acting.inConversation(request, context);
        const { minTimeS, maxTimeS, lastMsgKey, bytesMax } = request;
        const limit = limitOf(request.limit, HISTORY_PAGE_DEFAULT, PAGE_MESSAGES_MAX);
        const query = { ...where, minTimeS, maxTimeS, limit, lastMsgKey, bytesMax };
        const { messages, ...rest } = await use.listMessagesByTime.run(query);
        const response = create(messagev1.ListMessagesByTimeResponseSchema, rest);
        return withRawMessages(response, MESSAGES_FIELD, bytesOf(messages));
      }),
  };
}

function conversationHandlers(
  use: MessageUseCases,
): Pick<Handlers, 'listConversations' | 'getConversation' | 'countUnread'> {
  return {
    listConversations: (request, context) =>
      inCallersWords(context, async () => {
        const who = await use.acting.user(request.user, context);
        const page = await use.listConversations.run({
          ...who,
          appId: context.appId,
          cursor: request.cursor,
          limit: limitOf(request.limit, PAGE_CONVERSATIONS_MAX, PAGE_CONVERSATIONS_MAX),
          changedAfterMs: Number(request.changedAfterMs),
        });
        return {
          conversations: page.conversations.map(toProto),
          nextCursor: page.nextCursor,
          serverTimeMs: BigInt(page.serverTimeMs),
        };
      }),
    getConversation: (request, context) =>
      inCallersWords(context, async () => {
        const { conversation, user, peer } = await use.acting.inConversation(request, context);
        const shown = await use.getConversation.run(conversation, user, peer);
        return shown === undefined ? {} : { conversation: toProto(shown) };
      }),
    countUnread: (request, context) =>
      inCallersWords(context, async () => {
        const { user, codes } = await use.acting.user(request.user, context);
        const counts =
          request.peers.length === 0
            ? await use.countUnread.total(context.appId, user)
            : await use.countUnread.byPeer(context.appId, user, request.peers, codes);
        return {
          total: counts.total,
          peers: counts.peers.map(({ peer, unread, code }) => ({
            peer,
            unreadCount: unread,
            code: code ?? 0,
          })),
        };
      }),
  };
}

/** Runs the work for the caller; what an engine could not do is said with the caller's code. */
function inCallersWords<T>(context: CallContext, work: (caller: Caller) => Promise<T>): Promise<T> {
  const { appId, role, connectionId, attempt, deadlineMs } = context;
  const codes = codesFor(role);
  const refuse = (thrown: unknown): never => {
    throw toCallersError(thrown, codes);
  };
  try {
    return work({ appId, role, codes, connectionId, attempt, deadlineMs }).catch(refuse);
  } catch (thrown) {
    return Promise.reject(toCallersError(thrown, codes));
  }
}

const toSendResponse = (sent: Sent) => ({
  seq: sent.seq,
  timeMs: BigInt(sent.timeMs),
  msgSeq: sent.msgSeq,
  clientMessageId: sent.clientMessageId,
  duplicate: sent.isDuplicate,
});

function pairOf(request: { from: string; to: string }, context: CallContext, caller: Caller): Pair {
  const from = actorOf(context, request.from, caller.codes.senderInvalid);
  return { from, to: toUserId(request.to, caller.codes.receiverInvalid) };
}

const limitOf = (asked: number, whenUnset: number, max: number): number =>
  asked === 0 ? whenUnset : Math.min(asked, max);

const bytesOf = (messages: readonly StoredMessage[]): Uint8Array[] => messages.map((one) => one.bytes);

function toProto(shown: ShownConversation): messagev1.Conversation {
  const { head, mark, peerMark, lastMessage } = shown;
  const conversation = create(messagev1.ConversationSchema, {
    type: messagev1.ConversationType.C2C,
    peer: shown.peer,
    headSeq: head.seq,
    unreadCount: shown.unread,
    readSeq: mark.readSeq,
    peerReadSeq: peerMark.readSeq,
    peerReadMessageTimeMs: BigInt(peerMark.readMessageTimeMs),
    updatedAtMs: BigInt(changedAtMs(shown, peerMark)),
  });
  return lastMessage === undefined
    ? conversation
    : withRawMessages(conversation, LAST_MESSAGE_FIELD, [lastMessage.bytes]);
}
