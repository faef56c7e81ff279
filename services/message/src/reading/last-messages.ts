// The last message of conversations, as a user sees it.
import type { UserId } from '@parley/kernel';
import { hasFlag, isVisibleTo, MessageFlag } from '../domain/message-facts.js';
import type { MessageRow, MessageStore } from '../stores/message-store.js';
import type { SightStore } from '../stores/sight-store.js';
import type { ConversationView } from './conversation-reader.js';

/** Messages below a deleted last one among which the one before it is looked for. */
const LOOKED_AT_BELOW = 100;

export class LastMessages {
  constructor(
    private readonly messages: MessageStore,
    private readonly sights: SightStore,
  ) {}

  /** In the order asked; undefined: the user sees none. At most 1,000 views. */
  async read(user: UserId, views: readonly ConversationView[]): Promise<(MessageRow | undefined)[]> {
    const { messages } = this;
    const rows = await messages.getMany(
      views.map(({ conversation, lastSeq: seq }) => ({ conversation, seq })),
    );
    const withNewer = views.filter((view) => view.lastForSomeSeq > view.lastSeq);
    const newer = await messages.getMany(
      withNewer.map(({ conversation, lastForSomeSeq: seq }) => ({ conversation, seq })),
    );
    const last = views.map((view, index) => {
      const one = newer[withNewer.indexOf(view)];
      if (one !== undefined && isVisibleTo(one.facts, user)) return one;
      return view.lastSeq === 0n ? undefined : rows[index];
    });
    return Promise.all(last.map((row, index) => this.#notDeleted(user, row, views[index])));
  }

  /** The newest message that the user has not deleted; undefined as well when it is too far below. */
  async #notDeleted(
    user: UserId,
    row: MessageRow | undefined,
    view: ConversationView | undefined,
  ): Promise<MessageRow | undefined> {
    if (row === undefined || view === undefined) return row;
    const { messages, sights } = this;
    const { conversation, sight, clearedSeq } = view;
    const seen = { conversation, user, sight };
    if ((await sights.hiddenAmong(seen, [row.facts.seq])).size === 0) return row;
    const { rows } = await messages.scanDown(conversation, row.facts.seq, LOOKED_AT_BELOW);
    const candidates = rows.filter(
      ({ facts }) =>
        facts.seq > clearedSeq &&
        facts.seq >= view.visibleFromSeq &&
        !hasFlag(facts.flags, MessageFlag.NO_LAST) &&
        isVisibleTo(facts, user),
    );
    const hidden = await sights.hiddenAmong(
      seen,
      candidates.map(({ facts }) => facts.seq),
    );
    return candidates.find(({ facts }) => !hidden.has(facts.seq));
  }
}
