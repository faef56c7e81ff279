// MessageService where it is about what stands beside a message: receipts and extensions; thin.
import type { messagev1 } from '@parley/proto';
import { type CallContext, CallerRole, type ServiceHandlers } from '@parley/rpc';
import { GROUP_CODES } from '../domain/codes.js';
import { RECEIPT_USERS_PAGE_MAX } from '../domain/limits.js';
import type { Extensions } from '../use-cases/extensions.js';
import type { Receipts } from '../use-cases/receipts.js';
import { inCallersWords, limitOf } from './answers.js';
import { type Acting, asCaller, callOf, groupCall } from './change-handlers.js';

export interface ReceiptUseCases {
  readonly receipts: Receipts;
  readonly extensions: Extensions;
}

type Handlers = ServiceHandlers<typeof messagev1.MessageService>;
type Handled = 'sendReceipts' | 'getReceipts' | 'listReceiptUsers' | 'changeExtensions' | 'getExtensions';

const USERS_PAGE_DEFAULT = 100;
const NO_ID = { clientChangeId: '' };

export const receiptHandlers = (
  use: Acting & { readonly beside: ReceiptUseCases },
): Pick<Handlers, Handled> => ({
  sendReceipts: (request, context) =>
    asCaller(request, context, async (caller) => {
      const call = await callOf(use, { request: { ...request, ...NO_ID }, context, caller });
      await use.beside.receipts.send(call, request.seqs, request.msgKeys);
      return {};
    }),
  getReceipts: (request, context) =>
    asCaller(request, context, async (caller) => {
      const call = await callOf(use, { request: { ...request, ...NO_ID }, context, caller });
      return { receipts: await use.beside.receipts.get(call, request.seqs) };
    }),
  listReceiptUsers: (request, context) => listReceiptUsers(use, request, context),
  changeExtensions: (request, context) =>
    asCaller(request, context, async (caller) => {
      const call = await callOf(use, { request: { ...request, ...NO_ID }, context, caller });
      return { results: await use.beside.extensions.change({ ...call, target: request }, request) };
    }),
  getExtensions: (request, context) =>
    asCaller(request, context, async (caller) => {
      const call = await callOf(use, { request: { ...request, ...NO_ID }, context, caller });
      return use.beside.extensions.get({ ...call, target: request }, request);
    }),
});

const listReceiptUsers = (
  use: Acting & { readonly beside: ReceiptUseCases },
  request: messagev1.ListReceiptUsersRequest,
  context: CallContext,
) =>
  inCallersWords(context, GROUP_CODES, async (caller) => {
    const { groupId, user } = request;
    const call = await groupOrMember(use, { groupId, user, context, caller });
    const { seq, unread: isUnread, cursor } = request;
    const limit = limitOf(request.limit, USERS_PAGE_DEFAULT, RECEIPT_USERS_PAGE_MAX);
    return use.beside.receipts.users(call, { seq, isUnread, cursor, limit });
  });

interface GroupAsked {
  readonly groupId: string;
  readonly user: string;
  readonly context: CallContext;
  readonly caller: Parameters<Parameters<typeof inCallersWords>[2]>[0];
}

function groupOrMember(use: Acting, { groupId, user, context, caller }: GroupAsked) {
  if (user === '' && caller.role !== CallerRole.USER) return groupCall(use, { groupId, context, caller });
  return use.groups.acting.member({ user, peer: groupId }, context).then((member) => ({ ...member, caller }));
}
