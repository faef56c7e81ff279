// The conversations as the server holds them, read past every client cache.
import { messagev1 } from '@parley/proto';
import type { StoredConversation, StoredMessage } from '../checker/history.js';
import { type ChatTarget, conversationName } from './chat-target.js';
import type { RawClient } from './raw-client.js';

const PAGE = 100;

function toStored(message: messagev1.Message): StoredMessage {
  return {
    id: message.clientMessageId,
    seq: message.seq,
    // In a group the public sequence is the number itself.
    sequence: message.type === messagev1.ConversationType.GROUP ? Number(message.seq) : message.msgSeq,
    sender: message.from,
    countsAsUnread: (message.flags & messagev1.MessageFlag.NO_UNREAD) === 0,
  };
}

/** Every message of a conversation of the client's user, oldest first. */
export async function readConversation(client: RawClient, target: ChatTarget): Promise<StoredConversation> {
  const conversation = conversationName(client.userId, target);
  const messages: StoredMessage[] = [];
  let beforeSeq = 0n;
  for (;;) {
    const page = await client.listMessages(target, PAGE, beforeSeq);
    messages.unshift(...page.messages.map(toStored));
    if (page.isComplete) return { conversation, messages };
    beforeSeq = page.nextBeforeSeq;
  }
}
