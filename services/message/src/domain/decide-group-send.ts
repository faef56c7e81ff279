// From a request to the message to a group that will be numbered: every check that needs nobody else.
import { ChatError, DEDUP_WINDOW_S, ErrorCode, type GroupId, isUserId, type UserId } from '@parley/kernel';
import { messagev1, optionsv1 } from '@parley/proto';
import { GROUP_CODES, GROUP_IMPORT_CODES } from './codes.js';
import { groupConversationOf } from './conversation.js';
import {
  checkOfflinePush,
  chooseMsgSeq,
  type Draft,
  type GroupPart,
  identify,
  type SendCaller,
} from './decide-send.js';
import { hashText } from './hash-text.js';
import { AT_ACCOUNTS_MAX, TARGETS_PER_MESSAGE_MAX } from './limits.js';
import { checkBody, checkPlatformBody } from './message-body.js';
import { hasFlag, MessageFlag } from './message-facts.js';
import { reservationKey } from './reservation.js';

/** A draft to a group. */
export type GroupDraft = Draft & { readonly group: GroupPart };

export interface GroupPair {
  readonly from: UserId;
  readonly groupId: GroupId;
}

const USER_FLAGS =
  MessageFlag.NO_UNREAD |
  MessageFlag.NO_LAST |
  MessageFlag.ONLINE_ONLY |
  MessageFlag.NEED_READ_RECEIPT |
  MessageFlag.SUPPORT_EXTENSION;
const ADMIN_FLAGS = USER_FLAGS | MessageFlag.WITH_MUTE_NOTIFICATIONS;
/** Only the platform itself makes tips. */
const SERVICE_FLAGS = ADMIN_FLAGS | MessageFlag.SYSTEM;

const { CallerRole } = optionsv1;
const PRIORITY_MAX = messagev1.MessagePriority.LOWEST;
const NOBODY: readonly string[] = [];

/** @throws ChatError with a code of the group family. */
export function decideGroupSend(
  request: messagev1.SendRequest,
  pair: GroupPair,
  caller: SendCaller,
): GroupDraft {
  const codes = GROUP_CODES;
  const isUser = caller.role === CallerRole.USER;
  if ((request.flags & ~flagsOf(caller.role)) !== 0) {
    throw new ChatError(codes.badRequest, 'the message has a flag that the caller may not set');
  }
  const group = decideGroupPart(request);
  const check = hasFlag(request.flags, MessageFlag.SYSTEM) ? checkPlatformBody : checkBody;
  check(request.body, request.cloudCustomData, codes);
  checkOfflinePush(request.offlinePush, codes);
  const conversation = groupConversationOf(caller.appId, pair.groupId);
  const identity = identify(request, { conversation, sender: senderPart(pair.from), isUser, codes });
  return {
    conversation,
    from: pair.from,
    to: pair.groupId,
    clientMessageId: request.clientMessageId,
    msgSeq: request.msgSeq || chooseMsgSeq(conversation.key, identity),
    random: request.random,
    body: request.body,
    cloudCustomData: request.cloudCustomData,
    flags: request.flags,
    clientTimeS: request.clientTimeS,
    offlinePush: request.offlinePush,
    originalTimeMs: undefined,
    identity,
    originConnectionId: caller.connectionId,
    isSilent: false,
    group,
  };
}

/** A message from another system. @throws ChatError with a code of the group family. */
export function decideGroupImport(
  request: messagev1.ImportRequest,
  pair: GroupPair,
  call: { readonly appId: SendCaller['appId']; readonly nowMs: number },
): GroupDraft {
  const codes = GROUP_IMPORT_CODES;
  const timeMs = request.timeS * 1_000;
  if (timeMs === 0 || timeMs > call.nowMs) {
    throw new ChatError(codes.timeInvalid, 'SendTime is missing, or not in the past');
  }
  checkBody(request.body, request.cloudCustomData, codes);
  const conversation = groupConversationOf(call.appId, pair.groupId);
  const msgSeq = request.msgSeq || hashText(new TextDecoder().decode(request.body)) || 1;
  const key = `i:${msgSeq}_${request.random}_${request.timeS}_${pair.from}`;
  return {
    conversation,
    from: pair.from,
    to: pair.groupId,
    clientMessageId: '',
    msgSeq,
    random: request.random,
    body: request.body,
    cloudCustomData: request.cloudCustomData,
    flags:
      MessageFlag.IMPORTED |
      (request.live ? 0 : MessageFlag.NO_UNREAD) |
      (request.notLast ? MessageFlag.NO_LAST : 0),
    clientTimeS: 0,
    offlinePush: new Uint8Array(0),
    originalTimeMs: timeMs,
    identity: {
      key,
      reservation: reservationKey(conversation, key),
      windowMs: DEDUP_WINDOW_S * 1_000,
      isPermanent: true,
    },
    originConnectionId: undefined,
    isSilent: !request.live,
    group: {
      priority: messagev1.MessagePriority.UNSPECIFIED,
      toAccounts: NOBODY,
      atAccounts: NOBODY,
      atAll: false,
    },
  };
}

function decideGroupPart(request: messagev1.SendRequest): GroupPart {
  const { priority, toAccounts, atAccounts, atAll } = request;
  if (priority < 0 || priority > PRIORITY_MAX) {
    throw new ChatError(ErrorCode.GROUP_BAD_PARAMETER, 'the priority is unknown');
  }
  if (toAccounts.length > TARGETS_PER_MESSAGE_MAX) {
    throw new ChatError(
      ErrorCode.GROUP_TOO_MANY_ACCOUNTS,
      `a message is for at most ${TARGETS_PER_MESSAGE_MAX} members by name`,
    );
  }
  if (atAccounts.length + (atAll ? 1 : 0) > AT_ACCOUNTS_MAX) {
    throw new ChatError(ErrorCode.GROUP_TOO_MANY_AT, `a message mentions at most ${AT_ACCOUNTS_MAX}`);
  }
  if (!toAccounts.every(isUserId) || !atAccounts.every(isUserId)) {
    throw new ChatError(ErrorCode.GROUP_BAD_PARAMETER, 'a named member is no UserID');
  }
  return { priority, toAccounts, atAccounts, atAll };
}

function flagsOf(role: optionsv1.CallerRole): number {
  if (role === CallerRole.USER) return USER_FLAGS;
  return role === CallerRole.SERVICE ? SERVICE_FLAGS : ADMIN_FLAGS;
}

/** With its length, so that no sender's keys can look like another's. */
const senderPart = (from: UserId): string => `g${from.length}:${from}:`;
