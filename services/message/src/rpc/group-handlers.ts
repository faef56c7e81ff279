// MessageService where it is about groups; thin.
import { ChatError, ErrorCode, PAGE_MESSAGES_MAX, toGroupId, toUserId, type UserId } from '@parley/kernel';
import type { messagev1 } from '@parley/proto';
import { actorOf, type CallContext, type ServiceHandlers } from '@parley/rpc';
import { GROUP_CODES } from '../domain/codes.js';
import { groupConversationOf } from '../domain/conversation.js';
import type { GroupPair } from '../domain/decide-group-send.js';
import { HEADS_PER_CALL_MAX, MEMBERS_PER_CALL_MAX, STANDINGS_PER_CALL_MAX } from '../domain/limits.js';
import type { BroadcastLive } from '../use-cases/broadcast-live.js';
import type { ChangeMembers } from '../use-cases/change-members.js';
import type { GetConversation } from '../use-cases/get-conversation.js';
import type { GetHeads } from '../use-cases/get-heads.js';
import type { GetStandings } from '../use-cases/get-standings.js';
import type { GetTopicConversations } from '../use-cases/get-topic-conversations.js';
import type { ImportToGroup } from '../use-cases/import-to-group.js';
import type { ListMessages } from '../use-cases/list-messages.js';
import type { MarkGroupRead } from '../use-cases/mark-group-read.js';
import type { Caller } from '../use-cases/send-message.js';
import type { SendToGroup } from '../use-cases/send-to-group.js';
import type { SyncMessages } from '../use-cases/sync-messages.js';
import { type ActingInGroups, stillOpening } from './acting-in-group.js';
import {
  HISTORY_PAGE_DEFAULT,
  inCallersWords,
  limitOf,
  toConversation,
  toListResponse,
  toSendResponse,
  toSyncResponse,
} from './answers.js';

export interface GroupUseCases {
  readonly send: SendToGroup;
  readonly import: ImportToGroup;
  readonly markRead: MarkGroupRead;
  readonly changeMembers: ChangeMembers;
  readonly getHeads: GetHeads;
  readonly topics: GetTopicConversations;
  readonly getStandings: GetStandings;
  readonly broadcast: BroadcastLive;
  readonly acting: ActingInGroups;
}

/** With those that serve both kinds of conversations. */
interface UseCases extends GroupUseCases {
  readonly listMessages: ListMessages;
  readonly syncMessages: SyncMessages;
  readonly getConversation: GetConversation;
}

type Handlers = ServiceHandlers<typeof messagev1.MessageService>;
type WriteHandlers = Pick<Handlers, 'send' | 'import' | 'markRead' | 'setUnread' | 'broadcast'>;
type ReadHandlers = Pick<
  Handlers,
  'listMessages' | 'syncMessages' | 'getConversation' | 'getTopicConversations' | 'getHeads' | 'getStandings'
>;
type MemberHandlers = Pick<Handlers, 'openConversations' | 'closeConversations'>;

export const groupHandlers = (use: UseCases): WriteHandlers & ReadHandlers & MemberHandlers => ({
  ...writeHandlers(use),
  ...readHandlers(use),
  ...memberHandlers(use),
});

const writeHandlers = (use: UseCases): WriteHandlers => ({
  send: (request, context) =>
    asCaller(context, async (caller) => {
      const sent = await use.send.run(request, groupPairOf(request, context), caller);
      return { ...toSendResponse(sent), shed: sent.isShed };
    }),
  import: (request, context) =>
    asCaller(context, async (caller) => {
      const accepted = await use.import.run(request, groupPairOf(request, context), caller);
      return { seq: accepted.seq, duplicate: accepted.isDuplicate };
    }),
  markRead: (request, context) =>
    asCaller(context, async ({ attempt, connectionId: originConnectionId }) => {
      const { conversation, user } = await use.acting.member(request, context);
      const { readSeq, untilTimeS } = request;
      const command = { conversation, user, readSeq, untilTimeS, attempt, originConnectionId };
      const moved = await use.markRead.run(command);
      return { readSeq: moved.readSeq, unreadCount: moved.unread };
    }),
  setUnread: (request, context) =>
    asCaller(context, async () => {
      const { user: named, groupId: peer, unreadCount } = request;
      const { conversation, user, facts } = await use.acting.member({ user: named, peer }, context);
      if (!facts.countsUnread) return { unreadCount: 0n };
      const { unread } = await use.markRead.setUnread(conversation, user, unreadCount);
      return { unreadCount: unread };
    }),
  broadcast: (request, context) =>
    asCaller(context, (caller) => {
      const from = actorOf(context, request.from, GROUP_CODES.senderInvalid);
      return use.broadcast.run(request, from, caller);
    }),
});

const readHandlers = (use: UseCases): ReadHandlers => ({
  listMessages: (request, context) =>
    asCaller(context, async () => {
      const view = await use.acting.view(request, context);
      const limit = limitOf(request.limit, HISTORY_PAGE_DEFAULT, PAGE_MESSAGES_MAX);
      return toListResponse(await use.listMessages.run({ view, beforeSeq: request.beforeSeq, limit }));
    }),
  syncMessages: (request, context) =>
    asCaller(context, async () => {
      const view = await use.acting.view(request, context);
      const limit = limitOf(request.limit, PAGE_MESSAGES_MAX, PAGE_MESSAGES_MAX);
      return toSyncResponse(await use.syncMessages.run({ view, afterSeq: request.afterSeq, limit }));
    }),
  getConversation: (request, context) =>
    asCaller(context, async () => {
      const { conversation, user } = await use.acting.member(request, context);
      const shown = await use.getConversation.inGroup(conversation, user);
      return shown === undefined ? {} : { conversation: toConversation(shown) };
    }),
  getTopicConversations: (request, context) =>
    asCaller(context, async () => {
      const { groupId: peer, topicIds } = request;
      const { conversation, user, facts } = await use.acting.member({ user: request.user, peer }, context);
      const { appId, groupId } = conversation;
      const found = await use.topics.run({ appId, groupId, user, topicIds });
      if (found !== undefined) {
        return { conversations: found.conversations.map(toConversation), answered: found.answered };
      }
      if (facts.isMember) throw stillOpening();
      return { answered: topicIds.length };
    }),
  getHeads: async (request, { appId }) => {
    checkNumber(request.groupIds, HEADS_PER_CALL_MAX);
    const asked = request.groupIds.map((id) => groupConversationOf(appId, toGroupId(id)));
    const heads = await use.getHeads.run(asked);
    return {
      heads: heads.map((head) => ({
        seq: head.seq,
        lastTimeMs: BigInt(head.lastTimeMs),
        isActive: head.countFromFirst > 0n,
      })),
    };
  },
  getStandings: async (request, { appId }) => {
    checkNumber(request.members, STANDINGS_PER_CALL_MAX);
    const members = request.members.map(({ user, groupId }) => ({
      conversation: groupConversationOf(appId, toGroupId(groupId)),
      user: toUserId(user, GROUP_CODES.badRequest),
    }));
    return { standings: await use.getStandings.run(members) };
  },
});

const memberHandlers = (use: UseCases): MemberHandlers => ({
  openConversations: async (request, { appId }) => {
    const conversation = groupConversationOf(appId, toGroupId(request.groupId));
    const members = toUsers(request.userIds).map((user, index) => ({
      user,
      unread: request.unreadCounts[index] ?? 0,
    }));
    const { withHistory, changeSeq } = request;
    await use.changeMembers.open(conversation, members, { withHistory, changeSeq });
    return {};
  },
  closeConversations: async (request, { appId }) => {
    const conversation = groupConversationOf(appId, toGroupId(request.groupId));
    await use.changeMembers.close(conversation, toUsers(request.userIds), request.changeSeq);
    return {};
  },
});

const asCaller = <T>(context: CallContext, work: (caller: Caller) => Promise<T>): Promise<T> =>
  inCallersWords(context, GROUP_CODES, work);

function groupPairOf(request: { from: string; to: string }, context: CallContext): GroupPair {
  const from = actorOf(context, request.from, GROUP_CODES.senderInvalid);
  return { from, groupId: toGroupId(request.to, GROUP_CODES.receiverInvalid) };
}

function toUsers(ids: readonly string[]): UserId[] {
  checkNumber(ids, MEMBERS_PER_CALL_MAX);
  return ids.map((id) => toUserId(id, GROUP_CODES.badRequest));
}

function checkNumber(ids: readonly unknown[], max: number): void {
  if (ids.length > max) {
    throw new ChatError(ErrorCode.GROUP_TOO_MANY_ACCOUNTS, `at most ${max} can be named at once`);
  }
}
