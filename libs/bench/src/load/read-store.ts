// The conversations as the server holds them, read past every client cache.
import { messagev1 } from '@parley/proto';
import type { StoredConversation, StoredMessage } from '../checker/history.js';
import type { RawClient } from './raw-client.js';

const PAGE = 100;

function toStored(message: messagev1.Message): StoredMessage {
  return {
    id: message.clientMessageId,
    seq: message.seq,
    sequence: message.msgSeq,
    sender: message.from,
    countsAsUnread: (message.flags & messagev1.MessageFlag.NO_UNREAD) === 0,
  };
}

/** Every message of the conversation between the client's user and `peer`, oldest first. */
export async function readConversation(
  client: RawClient,
  peer: string,
  conversation: string,
): Promise<StoredConversation> {
  const messages: StoredMessage[] = [];
  let beforeSeq = 0n;
  for (;;) {
    const page = await client.listMessages(peer, PAGE, beforeSeq);
    messages.unshift(...page.messages.map(toStored));
    if (page.isComplete) return { conversation, messages };
    beforeSeq = page.nextBeforeSeq;
  }
}
