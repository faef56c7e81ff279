// MessageService over the use-cases; thin. What is about a group is in group-handlers.ts.
import { create } from '@bufbuild/protobuf';
import { PAGE_CONVERSATIONS_MAX, PAGE_MESSAGES_MAX, toUserId } from '@parley/kernel';
import { messagev1 } from '@parley/proto';
import { actorOf, type CallContext, type ServiceHandlers } from '@parley/rpc';
import { codesFor } from '../domain/codes.js';
import type { CountUnread } from '../use-cases/count-unread.js';
import type { GetConversation } from '../use-cases/get-conversation.js';
import type { ImportMessage } from '../use-cases/import-message.js';
import type { ListConversations } from '../use-cases/list-conversations.js';
import type { ListMessages } from '../use-cases/list-messages.js';
import type { ListMessagesByTime } from '../use-cases/list-messages-by-time.js';
import type { MarkRead } from '../use-cases/mark-read.js';
import type { Caller, Pair, SendMessage } from '../use-cases/send-message.js';
import type { SetReceiveOption } from '../use-cases/set-receive-option.js';
import type { StreamMessage } from '../use-cases/stream-message.js';
import type { SyncMessages } from '../use-cases/sync-messages.js';
import type { ActingUsers } from './acting-user.js';
import {
  bytesOf,
  HISTORY_PAGE_DEFAULT,
  inCallersWords,
  limitOf,
  MESSAGES_FIELD,
  toConversation,
  toListResponse,
  toSendResponse,
  toSyncResponse,
} from './answers.js';
import { type ChangeUseCases, changeHandlers } from './change-handlers.js';
import { type GroupUseCases, groupHandlers } from './group-handlers.js';
import { withRawMessages } from './raw-messages.js';
import { type ReceiptUseCases, receiptHandlers } from './receipt-handlers.js';
import { streamHandlers } from './stream-handlers.js';

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
  readonly setReceiveOption: SetReceiveOption;
  readonly changes: ChangeUseCases;
  /** What stands beside messages. */
  readonly beside: ReceiptUseCases;
  readonly stream: StreamMessage;
  readonly acting: ActingUsers;
  readonly groups: GroupUseCases;
}

type Handlers = ServiceHandlers<typeof messagev1.MessageService>;

const { C2C, GROUP } = messagev1.ConversationType;

export function createMessageHandlers(use: MessageUseCases): Handlers {
  const pair = { ...writeHandlers(use), ...historyHandlers(use), ...conversationHandlers(use) };
  const {
    send,
    import: importing,
    markRead,
    listMessages,
    syncMessages,
    getConversation,
    ...ofGroups
  } = groupHandlers({ ...use, ...use.groups });
  return {
    ...pair,
    ...ofGroups,
    ...changeHandlers(use),
    ...receiptHandlers(use),
    ...streamHandlers(use),
    send: byType(pair.send, send),
    import: byType(pair.import, importing),
    markRead: byType(pair.markRead, markRead),
    listMessages: byType(pair.listMessages, listMessages),
    syncMessages: byType(pair.syncMessages, syncMessages),
    getConversation: byType(pair.getConversation, getConversation),
  };
}

function writeHandlers(use: MessageUseCases): Pick<Handlers, 'send' | 'import' | 'markRead'> {
  return {
    send: (request, context) =>
      asCaller(context, (caller) =>
        use.send.run(request, pairOf(request, context, caller), caller).then(toSendResponse),
      ),
    import: (request, context) =>
      asCaller(context, async (caller) => {
        const accepted = await use.import.run(request, pairOf(request, context, caller), caller);
        return { seq: accepted.seq, duplicate: accepted.isDuplicate };
      }),
    markRead: (request, context) =>
      asCaller(context, async ({ attempt, connectionId: originConnectionId }) => {
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
      asCaller(context, async () => {
        const { conversation, user } = await use.acting.inConversation(request, context);
        const view = { conversation, user, fromSeq: 0n };
        const limit = limitOf(request.limit, HISTORY_PAGE_DEFAULT, PAGE_MESSAGES_MAX);
        return toListResponse(await use.listMessages.run({ view, beforeSeq: request.beforeSeq, limit }));
      }),
    syncMessages: (request, context) =>
      asCaller(context, async () => {
        const { conversation, user } = await use.acting.inConversation(request, context);
        const view = { conversation, user, fromSeq: 0n };
        const limit = limitOf(request.limit, PAGE_MESSAGES_MAX, PAGE_MESSAGES_MAX);
        return toSyncResponse(await use.syncMessages.run({ view, afterSeq: request.afterSeq, limit }));
      }),
    listMessagesByTime: (request, context) =>
      asCaller(context, async () => {
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
): Pick<Handlers, 'listConversations' | 'getConversation' | 'countUnread' | 'setReceiveOption'> {
  return {
    listConversations: (request, context) =>
      asCaller(context, async () => {
        const who = await use.acting.user(request.user, context);
        const page = await use.listConversations.run({
          ...who,
          appId: context.appId,
          cursor: request.cursor,
          limit: limitOf(request.limit, PAGE_CONVERSATIONS_MAX, PAGE_CONVERSATIONS_MAX),
          changedAfterMs: Number(request.changedAfterMs),
        });
        return {
          conversations: page.conversations.map(toConversation),
          nextCursor: page.nextCursor,
          serverTimeMs: BigInt(page.serverTimeMs),
          userChangeSeq: page.userChangeSeq,
        };
      }),
    getConversation: (request, context) =>
      asCaller(context, async () => {
        const { conversation, user, peer } = await use.acting.inConversation(request, context);
        const shown = await use.getConversation.run(conversation, user, peer);
        return shown === undefined ? {} : { conversation: toConversation(shown) };
      }),
    setReceiveOption: (request, context) =>
      asCaller(context, async ({ connectionId: originConnectionId }) => {
        const who = await use.acting.user(request.user, context);
        const { peers, option } = request;
        const { appId } = context;
        await use.setReceiveOption.run({ ...who, appId, peers, option, originConnectionId });
        return {};
      }),
    countUnread: (request, context) =>
      asCaller(context, async () => {
        const { user, codes } = await use.acting.user(request.user, context);
        const counts =
          request.peers.length === 0
            ? await use.countUnread.total(context.appId, user, kindOf(request.type))
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

/** Each caller's words: those of its border. */
const asCaller = <T>(context: CallContext, work: (caller: Caller) => Promise<T>): Promise<T> =>
  inCallersWords(context, codesFor(context.role), work);

function pairOf(request: { from: string; to: string }, context: CallContext, caller: Caller): Pair {
  const from = actorOf(context, request.from, caller.codes.senderInvalid);
  return { from, to: toUserId(request.to, caller.codes.receiverInvalid) };
}

function kindOf(type: messagev1.ConversationType): 'pair' | 'group' | undefined {
  if (type === GROUP) return 'group';
  return type === C2C ? 'pair' : undefined;
}

interface Typed {
  readonly type: messagev1.ConversationType;
}

/** One method with a handler for each kind of conversation. */
const byType =
  <Request extends Typed, Response>(
    pair: (request: Request, context: CallContext) => Response,
    group: (request: Request, context: CallContext) => Response,
  ) =>
  (request: Request, context: CallContext): Response =>
    request.type === GROUP ? group(request, context) : pair(request, context);
