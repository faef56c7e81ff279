// A message to a group as REST describes it, and its way into a SendRequest.
import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorCode } from '@parley/kernel';
import { messagev1 } from '@parley/proto';
import {
  badField,
  eitherName,
  optionalChoice,
  optionalObjects,
  optionalTexts,
  requiredInteger,
} from '../../json/fields.js';
import type { JsonObject } from '../../json/json-body.js';
import type { Caller } from '../command.js';
import { type ContentCodes, contentOf } from '../openim/message-fields.js';
import { contentCrc } from '../openim/message-identity.js';
import { parseOfflinePushInfo } from '../openim/offline-push-info.js';
import { groupOrTopicOf, optionalFlag } from './group-fields.js';
import { AT_ITEMS_MAX, GROUP_DEDUP_WINDOW_S, TARGETS_PER_MESSAGE_MAX } from './group-limits.js';
import { memberOf, optionalMember, optionalMembers } from './member-fields.js';

export type SendRequest = MessageInitShape<typeof messagev1.SendRequestSchema>;

const BAD = ErrorCode.GROUP_BAD_PARAMETER;
const { MessageFlag: Flag, MessagePriority: Priority } = messagev1;

export const CONTENT_CODES: ContentCodes = {
  notArray: BAD,
  malformed: BAD,
  tooLong: ErrorCode.MESSAGE_TOO_LONG,
};

const PRIORITIES: ReadonlyMap<string, messagev1.MessagePriority> = new Map([
  ['High', Priority.HIGH],
  ['Normal', Priority.NORMAL],
  ['Low', Priority.LOW],
  ['Lowest', Priority.LOWEST],
]);

/** @throws ChatError 10004, 10005, 10015, 10053, 80002 or 90043. */
export function parseGroupMessage(body: JsonObject, caller: Caller): SendRequest {
  const from = optionalMember(body, 'From_Account') ?? caller.identifier;
  const random = requiredInteger(body, 'Random', { code: BAD });
  const content = contentOf(body, CONTENT_CODES);
  // Webhooks are not called yet; the option is checked so that a mistake in it shows now.
  optionalTexts(body, 'ForbidCallbackControl', BAD);
  return {
    from,
    to: groupOrTopicOf(body),
    type: messagev1.ConversationType.GROUP,
    random,
    ...content,
    flags: flagsOf(body),
    offlinePush: parseOfflinePushInfo(body),
    priority: optionalChoice(body, 'MsgPriority', { values: PRIORITIES, code: BAD }) ?? Priority.NORMAL,
    toAccounts: optionalMembers(body, 'To_Account', TARGETS_PER_MESSAGE_MAX),
    ...mentionsOf(body),
    // Among the sends of one sender to one group; the prefix keeps it apart from the ids that SDKs choose.
    dedupKey: `rest:${random}:${contentCrc(content)}`,
    dedupWindowS: GROUP_DEDUP_WINDOW_S,
  };
}

function flagsOf(body: JsonObject): number {
  const controls = optionalTexts(body, 'SendMsgControl', BAD);
  const isOnlineOnly = optionalFlag(body, eitherName(body, 'OnlineOnlyFlag', 'MsgOnlineOnlyFlag')) ?? false;
  if (isOnlineOnly && controls.length > 0) {
    throw badField(BAD, 'SendMsgControl', 'does not go with OnlineOnlyFlag 1: such a message leaves nothing');
  }
  let flags = 0;
  if (isOnlineOnly) flags |= Flag.ONLINE_ONLY;
  if (controls.includes('NoUnread')) flags |= Flag.NO_UNREAD;
  if (controls.includes('NoLastMsg')) flags |= Flag.NO_LAST;
  if (optionalFlag(body, 'NeedReadReceipt')) flags |= Flag.NEED_READ_RECEIPT;
  if (optionalFlag(body, 'SupportMessageExtension')) flags |= Flag.SUPPORT_EXTENSION;
  return flags;
}

/** GroupAtInfo: whom the text mentions, in its order. @throws ChatError 10004, or 10053 for more than 30. */
function mentionsOf(body: JsonObject): { atAll: boolean; atAccounts: string[] } {
  const items = optionalObjects(body, 'GroupAtInfo', BAD);
  if (items.length > AT_ITEMS_MAX) {
    throw badField(ErrorCode.GROUP_TOO_MANY_AT, 'GroupAtInfo', `takes at most ${AT_ITEMS_MAX} items`);
  }
  const isAll = (item: JsonObject): boolean => optionalFlag(item, 'GroupAtAllFlag') ?? false;
  return {
    atAll: items.some(isAll),
    atAccounts: items.filter((item) => !isAll(item)).map((item) => memberOf(item, 'GroupAt_Account')),
  };
}
