// Unread mentions of a user, for a conversation list.
import type { UserId } from '@parley/kernel';
import type { GroupConversation } from '../domain/conversation.js';
import { MENTIONS_LOOKED_AT_MAX, MENTIONS_SHOWN_MAX } from '../domain/limits.js';
import type { Mention, MentionStore } from '../stores/mention-store.js';
import type { ConversationView } from './conversation-reader.js';

export class Mentions {
  constructor(private readonly store: MentionStore) {}

  /** In the order asked. A conversation without unread mentions of anybody costs no read, others one each. */
  of(user: UserId, views: readonly ConversationView[]): Promise<(readonly Mention[])[]> {
    return Promise.all(views.map((view) => this.#ofOne(user, view)));
  }

  async #ofOne(user: UserId, view: ConversationView): Promise<readonly Mention[]> {
    const { conversation, head, mark, clearedSeq, visibleFromSeq } = view;
    if (conversation.kind !== 'group') return NONE;
    const afterSeq = [mark.readSeq, clearedSeq, visibleFromSeq - 1n].reduce(higher);
    if (head.mentionSeq <= afterSeq) return NONE;
    return this.store.newest(conversation as GroupConversation, user, {
      afterSeq,
      lookedAt: MENTIONS_LOOKED_AT_MAX,
      limit: MENTIONS_SHOWN_MAX,
    });
  }
}

const NONE: readonly Mention[] = [];

const higher = (a: bigint, b: bigint): bigint => {
  if (a > b) return a;
  return b;
};
