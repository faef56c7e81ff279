// From a request to the message that will be numbered: every check that needs nobody else.

import type { AppId } from '@parley/kernel';
import { ChatError, type ConnectionId, DEDUP_WINDOW_S, type UserId } from '@parley/kernel';
import { messagev1, optionsv1 } from '@parley/proto';
import type { Codes } from './codes.js';
import { type Conversation, conversationOf, type Peer, sideOf } from './conversation.js';
import { hashText } from './hash-text.js';
import { MESSAGE_ID_BYTES_MAX, OFFLINE_PUSH_BYTES_MAX } from './limits.js';
import { checkBody, checkPlatformBody } from './message-body.js';
import { hasFlag, MessageFlag } from './message-facts.js';
import { reservationKey } from './reservation.js';

/** What names a message among its retries, and for how long. */
export interface Identity {
  readonly key: string;
  /** The same as a key of coordination; made once, because it is looked up several times. */
  readonly reservation: string;
  readonly windowMs: number;
  /** Remembered for ever, not for the window: imports. */
  readonly isPermanent: boolean;
}

/** What only a message to a group has. */
export interface GroupPart {
  readonly priority: messagev1.MessagePriority;
  readonly toAccounts: readonly string[];
  readonly atAccounts: readonly string[];
  readonly atAll: boolean;
}

/** A checked message that has no number yet. */
export interface Draft {
  readonly conversation: Conversation;
  readonly from: UserId;
  readonly to: Peer;
  readonly clientMessageId: string;
  readonly msgSeq: number;
  readonly random: number;
  readonly body: Uint8Array;
  readonly cloudCustomData: string;
  readonly flags: number;
  readonly clientTimeS: number;
  readonly offlinePush: Uint8Array;
  /** Undefined: the time of numbering. */
  readonly originalTimeMs: number | undefined;
  readonly identity: Identity | undefined;
  readonly originConnectionId: ConnectionId | undefined;
  /** Not pushed to connected devices. */
  readonly isSilent: boolean;
  /** Undefined: a message between two users. */
  readonly group: GroupPart | undefined;
}

export interface SendCaller {
  readonly appId: AppId;
  readonly role: optionsv1.CallerRole;
  readonly connectionId: ConnectionId | undefined;
  readonly codes: Codes;
}

const USER_FLAGS =
  MessageFlag.NO_UNREAD |
  MessageFlag.NO_LAST |
  MessageFlag.ONLINE_ONLY |
  MessageFlag.NEED_READ_RECEIPT |
  MessageFlag.SUPPORT_EXTENSION;
const ADMIN_FLAGS =
  USER_FLAGS |
  MessageFlag.HIDDEN_FROM_SENDER |
  MessageFlag.NOT_TO_SENDER_DEVICES |
  MessageFlag.WITH_MUTE_NOTIFICATIONS;
/** Only the platform itself makes notices. */
const SERVICE_FLAGS = ADMIN_FLAGS | MessageFlag.SYSTEM;

/** @throws ChatError with a code of the caller's border. */
export function decideSend(
  request: messagev1.SendRequest,
  pair: { readonly from: UserId; readonly to: UserId },
  caller: SendCaller,
): Draft {
  const { codes } = caller;
  const isUser = caller.role === optionsv1.CallerRole.USER;
  checkType(request.type, codes);
  if ((request.flags & ~flagsOf(caller.role)) !== 0) {
    throw new ChatError(codes.badRequest, 'the message has a flag that the caller may not set');
  }
  const check = hasFlag(request.flags, MessageFlag.SYSTEM) ? checkPlatformBody : checkBody;
  check(request.body, request.cloudCustomData, codes);
  checkOfflinePush(request.offlinePush, codes);
  const conversation = conversationOf(caller.appId, pair.from, pair.to);
  // The side, not the UserID: of fixed length, so that no id of one user can look like another's.
  const sender = sideOf(conversation, pair.from) === 'first' ? '1' : '2';
  const identity = identify(request, { conversation, sender, isUser, codes });
  return {
    conversation,
    from: pair.from,
    to: pair.to,
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
    group: undefined,
  };
}

function flagsOf(role: optionsv1.CallerRole): number {
  if (role === optionsv1.CallerRole.USER) return USER_FLAGS;
  return role === optionsv1.CallerRole.SERVICE ? SERVICE_FLAGS : ADMIN_FLAGS;
}

/** @throws ChatError with a code of the caller's border. */
export function decideImport(
  request: messagev1.ImportRequest,
  pair: { readonly from: UserId; readonly to: UserId },
  caller: SendCaller,
): Draft {
  const { codes } = caller;
  if (request.timeS === 0) throw new ChatError(codes.timeInvalid, 'MsgTimeStamp is missing');
  checkBody(request.body, request.cloudCustomData, codes);
  const conversation = conversationOf(caller.appId, pair.from, pair.to);
  const msgSeq = request.msgSeq || hashText(new TextDecoder().decode(request.body)) || 1;
  const key = `i:${msgSeq}_${request.random}_${request.timeS}`;
  return {
    conversation,
    from: pair.from,
    to: pair.to,
    clientMessageId: '',
    msgSeq,
    random: request.random,
    body: request.body,
    cloudCustomData: request.cloudCustomData,
    // What was read in the old system is read in the new one.
    flags: MessageFlag.IMPORTED | (request.live ? 0 : MessageFlag.NO_UNREAD),
    clientTimeS: 0,
    offlinePush: new Uint8Array(0),
    originalTimeMs: request.timeS * 1_000,
    // Either direction and any content: the earlier copy wins (rest-accounts-messages.md 2.5).
    identity: {
      key,
      reservation: reservationKey(conversation, key),
      windowMs: DEDUP_WINDOW_S * 1_000,
      isPermanent: true,
    },
    originConnectionId: undefined,
    isSilent: !request.live,
    group: undefined,
  };
}

const { C2C, UNSPECIFIED } = messagev1.ConversationType;

/** Of a request about one user and another; an unset type means them. A number may be any that fits the field. */
export function checkType(type: messagev1.ConversationType, codes: Codes): void {
  if (type !== C2C && type !== UNSPECIFIED) {
    throw new ChatError(codes.badRequest, 'the type of the conversation is unknown, or not served here');
  }
}

/** `sender` tells the senders of one conversation apart: none may be the beginning of another. */
export function identify(
  request: messagev1.SendRequest,
  call: { conversation: Conversation; sender: string; isUser: boolean; codes: Codes },
): Identity | undefined {
  const { clientMessageId, dedupKey } = request;
  for (const id of [clientMessageId, dedupKey]) {
    if (Buffer.byteLength(id) > MESSAGE_ID_BYTES_MAX) {
      throw new ChatError(call.codes.badRequest, `a message id has at most ${MESSAGE_ID_BYTES_MAX} bytes`);
    }
  }
  if (call.isUser && (clientMessageId === '' || dedupKey !== '' || request.dedupWindowS !== 0)) {
    throw new ChatError(call.codes.badRequest, 'an SDK names its message by client_message_id alone');
  }
  if (clientMessageId === '' && dedupKey === '') return undefined;
  const { sender } = call;
  const key = dedupKey === '' ? `${sender}c:${clientMessageId}` : `${sender}d:${dedupKey}`;
  const windowS = Math.min(request.dedupWindowS || DEDUP_WINDOW_S, DEDUP_WINDOW_S);
  return {
    key,
    reservation: reservationKey(call.conversation, key),
    windowMs: windowS * 1_000,
    isPermanent: false,
  };
}

/** The same for every retry, so that all of them answer one MsgKey. */
export function chooseMsgSeq(conversationKey: string, identity: Identity | undefined): number {
  const text = identity === undefined ? `${Math.random()}` : `${conversationKey} ${identity.key}`;
  return hashText(text) || 1;
}

export function checkOfflinePush(bytes: Uint8Array, codes: Codes): void {
  if (bytes.byteLength === 0) return;
  if (bytes.byteLength > OFFLINE_PUSH_BYTES_MAX) {
    throw new ChatError(
      codes.offlinePushMalformed,
      `OfflinePushInfo has at most ${OFFLINE_PUSH_BYTES_MAX} bytes`,
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (cause) {
    throw new ChatError(codes.offlinePushMalformed, 'OfflinePushInfo is not JSON in UTF-8', { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ChatError(codes.offlinePushMalformed, 'OfflinePushInfo is not an object');
  }
}
