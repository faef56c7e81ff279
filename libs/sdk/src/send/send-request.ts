// From a message of the API to the request that sends it.
import { create, toBinary } from '@bufbuild/protobuf';
import { messagev1 } from '@parley/proto';
import { MESSAGE_BYTES_MAX } from '../constants/limits.js';
import { TYPES } from '../constants/types.js';
import { ChatFailure, FailureCode } from '../events/failure.js';
import { encodeBody } from '../messages/element-codec.js';
import { encodeOfflinePush } from '../messages/offline-push.js';
import { MessageFlag } from '../messages/read-message.js';
import type { SendOptions } from '../model/chat-sdk.js';
import type { Message } from '../model/message.js';

export interface EncodedSend {
  /** An encoded SendRequest: the same bytes for every attempt. */
  readonly request: Uint8Array;
  readonly flags: number;
}

/** @throws ChatFailure 2105 for what is no message, 2106 for groups, 80002 above 12 KiB. */
export function encodeSend(message: Message, options: SendOptions): EncodedSend {
  checkSendable(message);
  const body = encodeBody(message.elements);
  const bytes = body.length + new TextEncoder().encode(message.cloudCustomData).length;
  if (bytes > MESSAGE_BYTES_MAX) {
    throw new ChatFailure(
      FailureCode.MESSAGE_TOO_LONG,
      `the message has ${bytes} bytes, the limit is ${MESSAGE_BYTES_MAX}`,
    );
  }
  const flags = toFlags(message, options);
  const request = toBinary(
    messagev1.SendRequestSchema,
    create(messagev1.SendRequestSchema, {
      to: message.to,
      type: messagev1.ConversationType.C2C,
      clientMessageId: message.ID,
      msgSeq: message.sequence,
      random: message.random,
      body,
      cloudCustomData: message.cloudCustomData,
      flags,
      clientTimeS: message.clientTime,
      offlinePush: encodeOfflinePush(options.offlinePushInfo),
    }),
  );
  return { request, flags };
}

function checkSendable(message: Message): void {
  if (typeof message !== 'object' || message === null || !Array.isArray(message.elements)) {
    throw new ChatFailure(FailureCode.MESSAGE_EXPECTED, 'pass a message that a create method made');
  }
  if (message.conversationType !== TYPES.CONV_C2C) {
    throw new ChatFailure(FailureCode.CONVERSATION_TYPE_UNSUPPORTED, 'only one-to-one messages can be sent');
  }
}

function toFlags(message: Message, { onlineUserOnly, messageControlInfo }: SendOptions): number {
  let flags = 0;
  if (onlineUserOnly === true) flags |= MessageFlag.ONLINE_ONLY;
  if (messageControlInfo?.excludedFromUnreadCount === true) flags |= MessageFlag.NO_UNREAD;
  if (messageControlInfo?.excludedFromLastMessage === true) flags |= MessageFlag.NO_LAST;
  if (message.needReadReceipt) flags |= MessageFlag.NEED_READ_RECEIPT;
  if (message.isSupportExtension) flags |= MessageFlag.SUPPORT_EXTENSION;
  return flags;
}
