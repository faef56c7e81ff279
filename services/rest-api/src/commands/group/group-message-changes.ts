// The commands that change messages of groups. Source: rest-groups.md 4.
import type { MessageInitShape } from '@bufbuild/protobuf';
import { ChatError, ErrorCode } from '@parley/kernel';
import { messagev1 } from '@parley/proto';
import { succeeded } from '../../envelope.js';
import {
  eachObject,
  optionalInteger,
  optionalText,
  requiredInteger,
  requiredList,
} from '../../json/fields.js';
import { CALLS_PER_SECOND, defineCommand, type RequestScope } from '../command.js';
import { OPENIM_FAMILY } from '../error-family.js';
import { newContentOf } from '../openim/message-changes.js';
import { defineGroupCommand } from './group-command.js';
import { groupOrTopicOf } from './group-fields.js';
import { memberOf } from './member-fields.js';

interface RecallList {
  readonly groupId: string;
  readonly seqs: readonly number[];
  readonly reason: string;
}

interface Recalled {
  readonly MsgSeq: number;
  readonly RetCode: number;
}

/** Messages of one group_msg_recall. */
const RECALLED_MAX = 10;
const BAD = ErrorCode.GROUP_BAD_PARAMETER;
const { GROUP } = messagev1.ConversationType;
/** What concerns one message and not the command. */
const OF_ONE_MESSAGE: ReadonlySet<ErrorCode> = new Set([
  ErrorCode.GROUP_MESSAGE_NOT_FOUND,
  ErrorCode.GROUP_RECALL_TOO_LATE,
  ErrorCode.GROUP_MESSAGE_NOT_RECALLABLE,
]);

/** Recalls messages of any age, each with a code of its own. */
export const groupMsgRecall = defineGroupCommand<RecallList, readonly Recalled[]>({
  path: 'group_open_http_svc/group_msg_recall',
  parse(body) {
    const list = requiredList(body, 'MsgSeqList', {
      codes: { notArray: BAD, tooFew: BAD, tooMany: BAD },
      bounds: { min: 1, max: RECALLED_MAX },
    });
    return {
      groupId: groupOrTopicOf(body),
      seqs: eachObject(list, 'MsgSeqList', BAD).map((item) =>
        requiredInteger(item, 'MsgSeq', { code: BAD, min: 1 }),
      ),
      reason: optionalText(body, 'Reason', BAD) ?? '',
    };
  },
  call: (request, scope) => recallEach(request, scope),
  render: (recalled) => succeeded({ RecallRetList: recalled }),
});

/** One after the other: in the order asked. */
async function recallEach({ groupId, seqs, reason }: RecallList, scope: RequestScope): Promise<Recalled[]> {
  const { tools, context } = scope;
  const recalled: Recalled[] = [];
  for (const MsgSeq of seqs) {
    const request = { type: GROUP, peer: groupId, seq: BigInt(MsgSeq), reason };
    const code = await tools.messages.recallMessage(request, context).then(
      () => 0,
      (thrown: unknown) => {
        const error = ChatError.from(thrown);
        if (OF_ONE_MESSAGE.has(error.code)) return error.code;
        throw error;
      },
    );
    recalled.push({ MsgSeq, RetCode: code });
  }
  return recalled;
}

/** Recalls what a sender said among the last 1,000 messages, without an event. */
export const deleteGroupMsgBySender = defineGroupCommand<{ groupId: string; sender: string }, unknown>({
  path: 'group_open_http_svc/delete_group_msg_by_sender',
  parse: (body) => ({ groupId: groupOrTopicOf(body), sender: memberOf(body, 'Sender_Account') }),
  call: (request, { tools, context }) => tools.messages.recallBySender(request, context),
  render: () => succeeded(),
});

/** Members see nothing any longer up to a message, or of all; admins do. */
export const clearGroupMsg = defineGroupCommand<{ groupId: string; upToSeq: bigint }, unknown>({
  path: 'group_open_http_svc/clear_group_msg',
  parse: (body) => ({
    groupId: groupOrTopicOf(body),
    upToSeq: BigInt(optionalInteger(body, 'MsgSeq', { code: BAD }) ?? 0),
  }),
  call: (request, { tools, context }) => tools.messages.clearGroup(request, context),
  render: () => succeeded(),
});

/** Overwrites body, custom data, or both. */
export const modifyGroupMsg = defineCommand<
  MessageInitShape<typeof messagev1.ModifyMessageRequestSchema>,
  messagev1.ModifyMessageResponse
>({
  path: 'openim/modify_group_msg',
  perSecondMax: CALLS_PER_SECOND,
  family: OPENIM_FAMILY,
  parse: (body) => ({
    type: GROUP,
    peer: groupOrTopicOf(body),
    seq: BigInt(requiredInteger(body, 'MsgSeq', { code: ErrorCode.MESSAGE_FORMAT_INVALID, min: 1 })),
    ...newContentOf(body),
  }),
  call: (request, { tools, context }) => tools.messages.modifyMessage(request, context),
  render: () => succeeded(),
});
