// The public methods that change messages that were sent.
import type { ChatResult } from './chat-sdk.js';
import type { Message } from './message.js';

export interface MessageChangeSDK {
  /**
   * The message loses its content for everybody; `isRevoked` is true. Others hear MESSAGE_REVOKED. Of a group
   * also its owner and its admins may. Rejects with 20016 or 10031 when it is too late, 20001 or 10007 for what is
   * somebody else's, and 20023 or 10032 for what is recalled already.
   */
  revokeMessage(message: Message): Promise<ChatResult<{ message: Message }>>;
  /**
   * Gives everybody the payload and the cloudCustomData that the message has here; all hear MESSAGE_MODIFIED.
   * Rejects with 8006 when somebody else was faster: `data.message` is the newest, and so is the object in memory.
   */
  modifyMessage(message: Message): Promise<ChatResult<{ message: Message }>>;
  /** Up to 30 of one conversation, for this user on all devices. Others see them still. */
  deleteMessage(messageList: Message[]): Promise<ChatResult<{ messageList: Message[] }>>;
  /** The user sees nothing any longer of what is there now; the conversation stays, without unread messages. */
  clearHistoryMessage(conversationID: string): Promise<ChatResult<{ conversationID: string }>>;
}
