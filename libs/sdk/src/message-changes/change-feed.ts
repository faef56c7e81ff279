// The changes of one conversation's messages, or of the user's own view, in the order of their numbers.
import { messagev1 } from '@parley/proto';
import { WAITING_CHANGES_MAX } from '../constants/limits.js';
import type { ConversationAddress } from '../messages/conversation-kind.js';
import { type Numbered, SeqTrack } from '../sync/seq-track.js';

export interface NumberedChange extends Numbered {
  readonly change: messagev1.MessageChange;
  /** This instance asked for it: its app needs no event. */
  readonly isMadeHere: boolean;
}

/** What a feed belongs to; once it is closed nothing is fetched. */
interface Owner {
  readonly isClosed: boolean;
}

export const numberedChange = (change: messagev1.MessageChange, isMadeHere = false): NumberedChange => ({
  ...{ seq: Number(change.changeSeq), change, isMadeHere },
});

export class ChangeFeed {
  readonly track = new SeqTrack<NumberedChange>(0, WAITING_CHANGES_MAX);

  /** Where it stands is not known, and not to be asked for: it begins with the next change that is heard of. */
  beginsWhenHeardOf = false;

  /** Without an address: the user's own view. */
  constructor(
    readonly address?: ConversationAddress,
    private readonly owner: Owner = { isClosed: false },
  ) {}

  /** Some changes are not here that may be fetched. */
  get isLacking(): boolean {
    return !this.owner.isClosed && this.track.hasGap;
  }

  /** As ListChanges names it. */
  get where() {
    const { address } = this;
    return address === undefined
      ? { scope: messagev1.ChangeScope.USER }
      : { scope: messagev1.ChangeScope.CONVERSATION, type: address.kind.wire, peer: address.peer };
  }
}
