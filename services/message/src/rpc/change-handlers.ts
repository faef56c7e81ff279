// MessageService where it is about changes of messages; thin.
import { create } from '@bufbuild/protobuf';
import { ChatError, ErrorCode, toGroupId, toUserId } from '@parley/kernel';
import { messagev1 } from '@parley/proto';
import { actorOf, type CallContext, CallerRole, type ServiceHandlers } from '@parley/rpc';
import { codesFor, GROUP_CODES } from '../domain/codes.js';
import { groupConversationOf, userViewOf } from '../domain/conversation.js';
import type { GroupFacts } from '../domain/group-rules.js';
import { noHistory } from '../domain/group-rules.js';
import { PAGE_CHANGES_MAX } from '../domain/limits.js';
import { ChangeScope } from '../domain/message-change.js';
import type { ChangeCall } from '../use-cases/change-call.js';
import type { ListChanges } from '../use-cases/list-changes.js';
import type { ModifyMessage } from '../use-cases/modify-message.js';
import type { NarrowView } from '../use-cases/narrow-view.js';
import type { RecallMessage } from '../use-cases/recall-message.js';
import type { Caller } from '../use-cases/send-message.js';
import type { ActingInGroups } from './acting-in-group.js';
import type { ActingUsers } from './acting-user.js';
import { inCallersWords, limitOf } from './answers.js';
import { withRawMessages } from './raw-messages.js';

export interface ChangeUseCases {
  readonly recall: RecallMessage;
  readonly modify: ModifyMessage;
  readonly narrow: NarrowView;
  readonly listChanges: ListChanges;
}

/** Who acts, and where. */
export interface Acting {
  readonly acting: ActingUsers;
  readonly groups: { readonly acting: ActingInGroups };
}

interface UseCases extends Acting {
  readonly changes: ChangeUseCases;
}

type Handlers = ServiceHandlers<typeof messagev1.MessageService>;
type ChangeHandlers = Pick<Handlers, 'recallMessage' | 'modifyMessage' | 'listChanges'>;
type ViewHandlers = Pick<Handlers, 'hideMessages' | 'clearHistory'>;
type GroupAdminHandlers = Pick<Handlers, 'recallBySender' | 'clearGroup'>;

const { GROUP } = messagev1.ConversationType;
const CHANGES_FIELD = 1;

export const changeHandlers = (use: UseCases): ChangeHandlers & ViewHandlers & GroupAdminHandlers => ({
  ...messageHandlers(use),
  ...viewHandlers(use),
  ...groupAdminHandlers(use),
});

const messageHandlers = (use: UseCases): ChangeHandlers => ({
  recallMessage: (request, context) =>
    asCaller(request, context, async (caller) => {
      const call = await callOf(use, { request, context, caller });
      const { reason } = request;
      return { change: await use.changes.recall.run({ ...call, target: request, reason }) };
    }),
  modifyMessage: (request, context) =>
    asCaller(request, context, async (caller) => {
      const call = await callOf(use, { request, context, caller });
      if (call.facts !== undefined && !call.facts.storesHistory) throw noHistory();
      const { body, cloudCustomData, expectedVersion } = request;
      const { change, message } = await use.changes.modify.run({
        ...call,
        ...{ target: request, body, cloudCustomData, expectedVersion },
      });
      return change === undefined ? { message, conflict: true } : { change, message, conflict: false };
    }),
  listChanges: (request, context) =>
    asCaller(request, context, async () => {
      const where = await streamAndView(use, request, context);
      const { changes, ...rest } = await use.changes.listChanges.run({
        ...where,
        afterSeq: request.afterChangeSeq,
        limit: limitOf(request.limit, PAGE_CHANGES_MAX, PAGE_CHANGES_MAX),
      });
      return withRawMessages(create(messagev1.ListChangesResponseSchema, rest), CHANGES_FIELD, changes);
    }),
});

const viewHandlers = (use: UseCases): ViewHandlers => ({
  hideMessages: (request, context) =>
    asCaller(request, context, async (caller) => {
      const call = await callOf(use, { request, context, caller });
      const { seqs, msgKeys } = request;
      const { change, invalidMsgKeys } = await use.changes.narrow.hide({ ...call, seqs, msgKeys });
      return { ...(change === undefined ? {} : { change }), invalidMsgKeys: [...invalidMsgKeys] };
    }),
  clearHistory: (request, context) =>
    asCaller(request, context, async (caller) => {
      const call = await callOf(use, { request, context, caller });
      return { change: await use.changes.narrow.clear(call, request.upToSeq) };
    }),
});

const groupAdminHandlers = (use: UseCases): GroupAdminHandlers => ({
  recallBySender: (request, context) =>
    inCallersWords(context, GROUP_CODES, async (caller) => {
      const { facts, ...call } = await groupCall(use, { groupId: request.groupId, context, caller });
      const sender = toUserId(request.sender, GROUP_CODES.userUnknown);
      if (!facts.storesHistory) return { recalled: 0 };
      return { recalled: await use.changes.recall.bySender(call, sender) };
    }),
  clearGroup: (request, context) =>
    inCallersWords(context, GROUP_CODES, async (caller) => {
      const { facts, ...call } = await groupCall(use, { groupId: request.groupId, context, caller });
      if (facts.type === 'Community') {
        throw new ChatError(ErrorCode.GROUP_NO_PERMISSION, 'groups of this type are not cleared');
      }
      if (facts.storesHistory) await use.changes.narrow.clearGroup(call, request.upToSeq);
      return {};
    }),
});

interface Addressed {
  readonly user: string;
  readonly type: messagev1.ConversationType;
  readonly peer: string;
}

export const asCaller = <T>(
  { type }: { readonly type: messagev1.ConversationType },
  context: CallContext,
  work: (caller: Caller) => Promise<T>,
): Promise<T> => inCallersWords(context, type === GROUP ? GROUP_CODES : codesFor(context.role), work);

interface Asked {
  readonly request: Addressed & { readonly clientChangeId: string };
  readonly context: CallContext;
  readonly caller: Caller;
}

export async function callOf(
  use: Acting,
  { request, context, caller }: Asked,
): Promise<ChangeCall & { readonly facts?: GroupFacts }> {
  const { clientChangeId } = request;
  if (request.type !== GROUP) {
    const { conversation, user } = await use.acting.inConversation(request, context);
    return { conversation, user, caller, clientChangeId };
  }
  if (context.role !== CallerRole.USER && request.user === '') {
    return { ...(await groupCall(use, { groupId: request.peer, context, caller })), clientChangeId };
  }
  const { conversation, user, facts } = await use.groups.acting.member(request, context);
  return { conversation, user, facts, caller, clientChangeId };
}

export async function groupCall(
  use: Acting,
  { groupId, context, caller }: { groupId: string; context: CallContext; caller: Caller },
) {
  const conversation = groupConversationOf(context.appId, toGroupId(groupId));
  const facts = await use.groups.acting.facts(conversation, context);
  return { conversation, facts, user: context.userId, caller, clientChangeId: '' };
}

async function streamAndView(
  use: UseCases,
  request: Addressed & { scope: messagev1.ChangeScope },
  context: CallContext,
) {
  if (request.scope === ChangeScope.USER) {
    const user = actorOf(context, request.user, codesFor(context.role).userUnknown);
    return { stream: userViewOf(context.appId, user), user, fromSeq: 0n };
  }
  if (request.type === GROUP) {
    const { conversation, user, fromSeq } = await use.groups.acting.view(request, context);
    return { stream: conversation, user, fromSeq };
  }
  const { conversation, user } = await use.acting.inConversation(request, context);
  return { stream: conversation, user, fromSeq: 0n };
}
