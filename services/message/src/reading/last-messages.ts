// The last message of conversations, as a user sees it.
import type { UserId } from '@parley/kernel';
import { isVisibleTo } from '../domain/message-facts.js';
import type { MessageRow, MessageStore } from '../stores/message-store.js';
import type { ConversationView } from './conversation-reader.js';

/** In the order asked; undefined: the user sees none. At most 1,000 views. */
export async function readLastMessages(
  messages: MessageStore,
  user: UserId,
  views: readonly ConversationView[],
): Promise<(MessageRow | undefined)[]> {
  const rows = await messages.getMany(views.map(({ conversation, lastSeq: seq }) => ({ conversation, seq })));
  const withNewer = views.filter((view) => view.lastForSomeSeq > view.lastSeq);
  const newer = await messages.getMany(
    withNewer.map(({ conversation, lastForSomeSeq: seq }) => ({ conversation, seq })),
  );
  return views.map((view, index) => {
    const one = newer[withNewer.indexOf(view)];
    if (one !== undefined && isVisibleTo(one.facts, user)) return one;
    return view.lastSeq === 0n ? undefined : rows[index];
  });
}
