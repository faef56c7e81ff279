// From a message of the API to the request that sends it.
import { create, toBinary } from '@bufbuild/protobuf';
import { messagev1 } from '@parley/proto';
import { MESSAGE_BYTES_MAX } from '../constants/limits.js';
import { TYPES } from '../constants/types.js';
import { ChatFailure, FailureCode } from '../events/failure.js';
import { type ConversationKind, GROUP, parseConversationID } from '../messages/conversation-kind.js';
import { encodeBody } from '../messages/element-codec.js';
import { MessageFlag } from '../messages/message-flags.js';
import { encodeOfflinePush } from '../messages/offline-push.js';
import { toWirePriority } from '../messages/priority.js';
import type { SendOptions } from '../model/chat-sdk.js';
import type { Message } from '../model/message.js';

/** The compatible web SDK's spelling, and that of its native siblings. */
const AT_ALL: ReadonlySet<string> = new Set([TYPES.MSG_AT_ALL, '__kImSDK_MessageAtALL__']);

export interface EncodedSend {
  /** An encoded SendRequest: the same bytes for every attempt. */
  readonly request: Uint8Array;
  readonly flags: number;
  readonly kind: ConversationKind;
}

/** @throws ChatFailure 2105 for what is no message, 2106 for what nobody can send to, 80002 above 12 KiB. */
export function encodeSend(message: Message, options: SendOptions): EncodedSend {
  const kind = requireKind(message);
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
      type: kind.wire,
      clientMessageId: message.ID,
      msgSeq: message.sequence,
      random: message.random,
      body,
      cloudCustomData: message.cloudCustomData,
      flags,
      clientTimeS: message.clientTime,
      offlinePush: encodeOfflinePush(options.offlinePushInfo),
      ...(kind.wire === GROUP.wire ? groupPart(message) : {}),
    }),
  );
  return { request, flags, kind };
}

function requireKind(message: Message): ConversationKind {
  if (typeof message !== 'object' || message === null || !Array.isArray(message.elements)) {
    throw new ChatFailure(FailureCode.MESSAGE_EXPECTED, 'pass a message that a create method made');
  }
  const kind = parseConversationID(message.conversationID)?.kind;
  if (kind?.type === message.conversationType && kind.type !== TYPES.CONV_SYSTEM) return kind;
  throw new ChatFailure(FailureCode.CONVERSATION_TYPE_UNSUPPORTED, 'nobody can send to this conversation');
}

/** What only a message to a group has. */
function groupPart({ priority, receiverList = [], atUserList }: Message): {
  priority: messagev1.MessagePriority;
  toAccounts: string[];
  atAccounts: string[];
  atAll: boolean;
} {
  const atAccounts = atUserList.filter((user) => !AT_ALL.has(user));
  return {
    priority: toWirePriority(priority),
    toAccounts: receiverList,
    atAccounts,
    atAll: atAccounts.length < atUserList.length,
  };
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
