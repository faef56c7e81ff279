// What a change makes of a message. Decided from the change and the message alone, so that a replay decides as the first time.
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import type { AppId, GroupId, UserId } from '@parley/kernel';
import { messagev1 } from '@parley/proto';
import { conversationOf, groupConversationOf, type Stream, userViewOf } from './conversation.js';
import { MessageFlag } from './message-facts.js';

export type MessageChange = messagev1.MessageChange;
export const { ChangeOutcome, ChangeScope } = messagev1;

const EMPTY_BODY = new TextEncoder().encode('[]');
const NO_BYTES = new Uint8Array(0);

export const readChange = (bytes: Uint8Array): MessageChange =>
  fromBinary(messagev1.MessageChangeSchema, bytes);

export const writeChange = (change: MessageChange): Uint8Array =>
  toBinary(messagev1.MessageChangeSchema, change);

/** What numbers the change. */
export function streamOf(appId: AppId, change: MessageChange): Stream {
  if (change.scope === ChangeScope.USER) return userViewOf(appId, change.from as UserId);
  return change.type === messagev1.ConversationType.GROUP
    ? groupConversationOf(appId, change.to as GroupId)
    : conversationOf(appId, change.from as UserId, change.to as UserId);
}

/** The message after the change. Its place, its sender and its counts stay. */
export function changedMessage(bytes: Uint8Array, change: MessageChange): messagev1.Message {
  const message = fromBinary(messagev1.MessageSchema, bytes);
  message.version = change.changeSeq;
  message.changedAtMs = change.timeMs;
  if (change.change.case === 'modify') {
    const { body, cloudCustomData } = change.change.value;
    if (body !== undefined) message.body = body;
    if (cloudCustomData !== undefined) message.cloudCustomData = cloudCustomData;
  }
  if (change.change.case === 'recall') {
    message.flags |= MessageFlag.RECALLED;
    message.body = EMPTY_BODY;
    message.cloudCustomData = '';
    message.offlinePush = NO_BYTES;
    message.atAccounts = [];
    message.atAll = false;
    message.recalledBy = change.operator;
    message.recallReason = change.change.value.reason;
  }
  return message;
}

/** The change as it is told, with its number. */
export const numbered = (change: MessageChange, changeSeq: bigint): MessageChange =>
  create(messagev1.MessageChangeSchema, { ...change, changeSeq });

/** Numbers of the messages that it is about. */
export function targetsOf({ change }: MessageChange): readonly bigint[] {
  if (change.case === 'modify') return [change.value.seq];
  return change.case === 'recall' || change.case === 'hide' ? change.value.seqs : [];
}
