import { ErrorCode } from '@parley/kernel';
import { messagev1 } from '@parley/proto';
import { optionalInteger, requiredInteger } from '../../json/fields.js';
import { msgTimeOf } from '../openim/message-identity.js';
import { boundedAnswer, defineGroupCommand } from './group-command.js';
import { groupIdOf, groupOrTopicOf, optionalFlag } from './group-fields.js';
import { MESSAGES_PER_PAGE_MAX } from './group-limits.js';

interface HistoryQuery {
  readonly groupId: string;
  /** The group, or the topic of it that is read. */
  readonly target: string;
  readonly limit: number;
  /** 0: from the newest message on. */
  readonly beforeSeq: bigint;
  readonly withRecalled: boolean;
}

const BAD = ErrorCode.GROUP_BAD_PARAMETER;
const { MessageFlag, MessagePriority } = messagev1;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** A page of a group's history, newest first, as an admin sees it. */
export const groupMsgGetSimple = defineGroupCommand<HistoryQuery, messagev1.ListMessagesResponse>({
  path: 'group_open_http_svc/group_msg_get_simple',

  parse(body) {
    const newestSeq = optionalInteger(body, 'ReqMsgSeq', { code: BAD }) ?? 0;
    return {
      groupId: groupIdOf(body),
      target: groupOrTopicOf(body),
      limit: requiredInteger(body, 'ReqMsgNumber', { code: BAD, min: 1, max: MESSAGES_PER_PAGE_MAX }),
      withRecalled: optionalFlag(body, 'WithRecalledMsg') ?? false,
      beforeSeq: newestSeq === 0 ? 0n : BigInt(newestSeq) + 1n,
    };
  },

  call: ({ target, limit, beforeSeq }, { tools, context }) =>
    tools.messages.listMessages(
      { type: messagev1.ConversationType.GROUP, peer: target, limit, beforeSeq },
      context,
    ),

  render: ({ messages, isComplete }, { groupId, target, withRecalled }) =>
    boundedAnswer({
      GroupId: groupId,
      IsFinished: isComplete ? 1 : 0,
      RspMsgList: messages
        .toReversed()
        .filter((message) => withRecalled || !isRecalled(message))
        .map((message) => renderMessage(message, target === groupId ? '' : target)),
    }),
});

/** IsPlaceMsg of a recalled message. */
const PLACE_OF_RECALLED = 2;

const isRecalled = ({ flags }: messagev1.Message): boolean => (flags & MessageFlag.RECALLED) !== 0;

function renderMessage(message: messagev1.Message, topicId: string) {
  const { from, seq, random, timeMs, priority, flags, body, cloudCustomData } = message;
  return {
    From_Account: from,
    IsPlaceMsg: isRecalled(message) ? PLACE_OF_RECALLED : 0,
    MsgBody: JSON.parse(utf8.decode(body)) as unknown,
    MsgPriority: priority === MessagePriority.UNSPECIFIED ? MessagePriority.NORMAL : priority,
    MsgRandom: random,
    MsgSeq: Number(seq),
    MsgTimeStamp: msgTimeOf(timeMs),
    IsSystemMsg: (flags & MessageFlag.SYSTEM) === 0 ? 0 : 1,
    CloudCustomData: cloudCustomData,
    ...(topicId === '' ? {} : { TopicId: topicId }),
  };
}
