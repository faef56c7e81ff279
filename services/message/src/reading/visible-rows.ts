// What of some rows a user sees: without what came before him, what was cleared, and what he has deleted.
import type { ConversationHead } from '../domain/conversation-head.js';
import type { MessageRow } from '../stores/message-store.js';
import { FULL_SIGHT, type Sight, type SightStore } from '../stores/sight-store.js';
import { isShown, type View } from './view.js';

/** A view with what was deleted from it. */
export interface NarrowedView extends View {
  readonly sight: Sight;
}

export class VisibleRows {
  constructor(private readonly sights: SightStore) {}

  async narrow(view: View, head: ConversationHead | undefined): Promise<NarrowedView> {
    if (view.user === undefined) return { ...view, sight: FULL_SIGHT };
    const sight = await this.sights.of(view.conversation, view.user);
    const cleared =
      head === undefined || sight.clearedSeq > head.clearedSeq ? sight.clearedSeq : head.clearedSeq;
    return { ...view, sight, fromSeq: cleared >= view.fromSeq ? cleared + 1n : view.fromSeq };
  }

  /** In the order given. */
  async of(view: NarrowedView, rows: readonly MessageRow[]): Promise<readonly MessageRow[]> {
    const shown = rows.filter((row) => isShown(row.facts, view));
    const { user, conversation, sight } = view;
    if (user === undefined || sight.hiddenLast === 0n) return shown;
    const hidden = await this.sights.hiddenAmong(
      { conversation, user, sight },
      shown.map((row) => row.facts.seq),
    );
    return hidden.size === 0 ? shown : shown.filter((row) => !hidden.has(row.facts.seq));
  }
}
