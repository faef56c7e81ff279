// The commands about receipts of messages in groups. Source: rest-groups.md 4.
import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorCode } from '@parley/kernel';
import { messagev1 } from '@parley/proto';
import { succeeded } from '../../envelope.js';
import {
  eachObject,
  optionalInteger,
  optionalText,
  requiredInteger,
  requiredList,
} from '../../json/fields.js';
import type { JsonObject } from '../../json/json-body.js';
import { defineGroupCommand } from './group-command.js';
import { groupOrTopicOf } from './group-fields.js';
import { memberOf } from './member-fields.js';

const BAD = ErrorCode.GROUP_BAD_PARAMETER;
const MESSAGES_MAX = 50;
const COUNT_MAX = 200;
const { GROUP } = messagev1.ConversationType;

function seqsOf(body: JsonObject): bigint[] {
  const list = requiredList(body, 'MsgSeqList', {
    codes: { notArray: BAD, tooFew: BAD, tooMany: BAD },
    bounds: { min: 1, max: MESSAGES_MAX },
  });
  return eachObject(list, 'MsgSeqList', BAD).map((item) =>
    BigInt(requiredInteger(item, 'MsgSeq', { code: BAD, min: 1 })),
  );
}

/** A member has read messages; their senders are told. */
export const groupMsgReceipt = defineGroupCommand<
  MessageInitShape<typeof messagev1.SendReceiptsRequestSchema>,
  unknown
>({
  path: 'group_open_http_svc/group_msg_receipt',
  parse: (body) => ({
    type: GROUP,
    peer: groupOrTopicOf(body),
    user: memberOf(body, 'From_Account'),
    seqs: seqsOf(body),
  }),
  call: (request, { tools, context }) => tools.messages.sendReceipts(request, context),
  render: () => succeeded(),
});

/** How many have read. */
export const getGroupMsgReceipt = defineGroupCommand<
  MessageInitShape<typeof messagev1.GetReceiptsRequestSchema>,
  messagev1.GetReceiptsResponse
>({
  path: 'group_open_http_svc/get_group_msg_receipt',
  parse: (body) => ({ type: GROUP, peer: groupOrTopicOf(body), seqs: seqsOf(body) }),
  call: (request, { tools, context }) => tools.messages.getReceipts(request, context),
  render: ({ receipts }) =>
    succeeded({
      GroupMsgReceiptList: receipts.map(({ seq, code, readCount, unreadCount }) =>
        code === 0
          ? { Code: 0, MsgSeq: Number(seq), ReadNum: readCount, UnreadNum: unreadCount }
          : { Code: code, MsgSeq: Number(seq) },
      ),
    }),
});

interface DetailAnswer {
  readonly seq: bigint;
  readonly unread: boolean;
  readonly page: messagev1.ListReceiptUsersResponse;
}

/** Who has read, or has not. */
export const getGroupMsgReceiptDetail = defineGroupCommand<
  MessageInitShape<typeof messagev1.ListReceiptUsersRequestSchema> & { seq: bigint; unread: boolean },
  DetailAnswer
>({
  path: 'group_open_http_svc/get_group_msg_receipt_detail',
  parse: (body) => ({
    groupId: groupOrTopicOf(body),
    seq: BigInt(requiredInteger(body, 'MsgSeq', { code: BAD, min: 1 })),
    unread: requiredInteger(body, 'Filter', { code: BAD, min: 0, max: 1 }) === 1,
    cursor: optionalText(body, 'Cursor', BAD) ?? '',
    limit: optionalInteger(body, 'Count', { code: BAD, min: 1, max: COUNT_MAX }) ?? 0,
  }),
  call: async (request, { tools, context }) => {
    const { seq, unread } = request;
    return { seq, unread, page: await tools.messages.listReceiptUsers(request, context) };
  },
  render({ seq, unread, page: { userIds, nextCursor } }) {
    const isFinished = nextCursor === '' ? 1 : 0;
    return succeeded({
      ...{ MsgSeq: Number(seq), Cursor: nextCursor, IsFinish: isFinished, IsFinished: isFinished },
      ...(unread
        ? { UnreadList: userIds.map((user) => ({ Unread_Account: user })) }
        : { ReadList: userIds.map((user) => ({ Read_Account: user })) }),
    });
  },
});
