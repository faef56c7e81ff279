// The options that sendmsg and batchsendmsg share, as bits of a message's flags.
import { ErrorCode } from '@parley/kernel';
import { messagev1 } from '@parley/proto';
import { badField, fieldOf, optionalInteger, optionalSwitch, optionalTexts } from '../../json/fields.js';
import type { JsonObject } from '../../json/json-body.js';

const Flag = messagev1.MessageFlag;
const FORMAT = ErrorCode.MESSAGE_FORMAT_INVALID;

/** SyncOtherMachine: 1 tells the sender's devices, 2 hides the message from the sender altogether. */
const SYNC_TO_DEVICES = 1;
const SYNC_NOTHING = 2;

const CONTROL_FLAGS: ReadonlyMap<string, messagev1.MessageFlag> = new Map([
  ['NoUnread', Flag.NO_UNREAD],
  ['NoLastMsg', Flag.NO_LAST],
  ['WithMuteNotifications', Flag.WITH_MUTE_NOTIFICATIONS],
]);

/** @throws ChatError 90010, 90031 or 90044. */
export function sendFlagsOf(body: JsonObject): number {
  let flags = syncFlags(body) | controlFlags(body);
  if (isOnlineOnly(body)) flags |= Flag.ONLINE_ONLY;
  if (optionalSwitch(body, 'IsNeedReadReceipt', FORMAT)) flags |= Flag.NEED_READ_RECEIPT;
  if (optionalSwitch(body, 'SupportMessageExtension', FORMAT)) flags |= Flag.SUPPORT_EXTENSION;
  // Webhooks are not called yet; the option is checked so that a mistake in it shows now.
  optionalTexts(body, 'ForbidCallbackControl', FORMAT);
  return flags;
}

function syncFlags(body: JsonObject): number {
  const sync = optionalInteger(body, 'SyncOtherMachine', { code: ErrorCode.SYNC_OTHER_MACHINE_INVALID });
  if (sync === SYNC_TO_DEVICES) return 0;
  if (sync === SYNC_NOTHING) return Flag.HIDDEN_FROM_SENDER | Flag.NOT_TO_SENDER_DEVICES;
  return Flag.NOT_TO_SENDER_DEVICES;
}

function controlFlags(body: JsonObject): number {
  let flags = 0;
  for (const control of optionalTexts(body, 'SendMsgControl', FORMAT))
    flags |= CONTROL_FLAGS.get(control) ?? 0;
  return flags;
}

/** OnlineOnlyFlag 1, or MsgLifeTime 0. A life time above seven days counts as seven days, so it is no error. */
function isOnlineOnly(body: JsonObject): boolean {
  const isFlagged = optionalSwitch(body, 'OnlineOnlyFlag', FORMAT);
  const lifeTime = fieldOf(body, 'MsgLifeTime');
  if (lifeTime === undefined) return isFlagged;
  if (!Number.isInteger(lifeTime) || (lifeTime as number) < 0) {
    throw badField(
      ErrorCode.MESSAGE_LIFE_TIME_NOT_INTEGER,
      'MsgLifeTime',
      'must be an integer from 0, in seconds',
    );
  }
  return isFlagged || lifeTime === 0;
}
