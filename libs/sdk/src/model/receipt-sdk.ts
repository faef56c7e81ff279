// The public methods about what stands beside a message: receipts and extensions.
import type { ChatResult } from './chat-sdk.js';
import type { Message } from './message.js';

/** What MESSAGE_READ_RECEIPT_RECEIVED says of one message: of a group counts, of a user that it is read. */
export interface ReadReceiptUpdate {
  messageID: string;
  userID?: string;
  isPeerRead?: boolean;
  /** Seconds since 1970. */
  timestamp?: number;
  groupID?: string;
  readCount?: number;
  unreadCount?: number;
}

export interface ReadMemberListOptions {
  message: Message;
  /** 0, the default: those who have read it; 1: those who have not. */
  filter?: number | undefined;
  /** Of the page before; empty at first. */
  cursor?: string | undefined;
  /** At most 100, the default. */
  count?: number | undefined;
}

export interface ReadMemberListData {
  messageID: string;
  cursor: string;
  isCompleted: boolean;
  readUserIDList: string[];
  unreadUserIDList: string[];
}

/** A pair on a message. */
export interface MessageExtension {
  key: string;
  value: string;
}

/** What became of one pair; `code` 23001: somebody else was faster, and this is what stands there. */
export interface MessageExtensionResult extends MessageExtension {
  code: number;
}

export interface ReceiptSDK {
  /** Tells the senders that this user has read these messages of one conversation, at most 30. */
  sendMessageReadReceipt(messageList: Message[]): Promise<ChatResult<Record<string, never>>>;
  /** Own messages of one conversation, at most 30; their `readReceiptInfo` is filled. */
  getMessageReadReceiptList(messageList: Message[]): Promise<ChatResult<{ messageList: Message[] }>>;
  getGroupMessageReadMemberList(options: ReadMemberListOptions): Promise<ChatResult<ReadMemberListData>>;
  /** At most 20 pairs of a message that was sent with isSupportExtension. */
  setMessageExtensions(
    message: Message,
    extensions: MessageExtension[],
  ): Promise<ChatResult<{ extensions: MessageExtensionResult[] }>>;
  /** All of them, or those named. */
  getMessageExtensions(
    message: Message,
    keyList?: string[],
  ): Promise<ChatResult<{ extensions: MessageExtension[] }>>;
  /** All of them, or those named, at most 20. */
  deleteMessageExtensions(
    message: Message,
    keyList?: string[],
  ): Promise<ChatResult<{ extensions: MessageExtensionResult[] }>>;
}
