// How far a member of a group has read. Three things say it, each written by somebody else, so that none can
// undo another:
//
//   the opening    where the member came in; with the row of the conversation
//   the own mark   moved by MarkRead, set by SetUnread; belongs to one opening
//   the last sent  moved by the history writer: sending is reading
import type { ConversationHead } from './conversation-head.js';
import { NOTHING_READ, type ReadMark, raised } from './unread.js';

/** A member's row among the user's conversations. */
export interface GroupMembership {
  readonly isOpen: boolean;
  /** What lies below is not shown to the member. */
  readonly visibleFromSeq: bigint;
  /** Of the group's change that opened or closed it, so it rises with each; names the opening while it is open. */
  readonly change: bigint;
  readonly changedAtMs: number;
  /** Where reading begins. */
  readonly openingMark: PlacedMark;
}

/** A mark that was set when the head stood at `asOfSeq`: only what was sent above that can have moved it further. */
export interface PlacedMark {
  readonly mark: ReadMark;
  readonly asOfSeq: bigint;
}

/** The own mark as it is stored; the one of the highest generation stands, and in a generation the highest one. */
export interface OwnMark extends PlacedMark {
  readonly opening: bigint;
  readonly generation: bigint;
}

export interface StoredMarks {
  readonly own: OwnMark | undefined;
  readonly lastSent: ReadMark | undefined;
}

export const NO_MARKS: StoredMarks = { own: undefined, lastSent: undefined };

export const NEVER_OPENED: GroupMembership = {
  isOpen: false,
  visibleFromSeq: 0n,
  change: 0n,
  changedAtMs: 0,
  openingMark: { mark: NOTHING_READ, asOfSeq: 0n },
};

/**
 * The change with which the row is opened or closed; undefined: it stays. `changeSeq` 0 is for callers that do not know it:
 * then nothing can be told to be late. Rows from before had their own counts, which are lower than the group's.
 */
export function nextChange(former: GroupMembership, changeSeq: bigint, opens: boolean): bigint | undefined {
  if (changeSeq === 0n) return former.isOpen === opens ? undefined : former.change + 1n;
  return changeSeq > former.change ? changeSeq : undefined;
}

/** The mark that counts. */
export function standingMark(membership: GroupMembership, stored: StoredMarks): ReadMark {
  const { mark, asOfSeq } = placedMark(membership, stored);
  const { lastSent } = stored;
  if (lastSent === undefined || lastSent.readSeq <= asOfSeq) return mark;
  return lastSent.readSeq > mark.readSeq ? lastSent : mark;
}

/** The same with what was brought in since: that nobody has unread, unless it is set so afterwards. */
export function markWithImports(
  membership: GroupMembership,
  stored: StoredMarks,
  { readByAllSeq }: Pick<ConversationHead, 'readByAllSeq'>,
): ReadMark {
  const mark = standingMark(membership, stored);
  return readByAllSeq > placedMark(membership, stored).asOfSeq ? raised(mark, readByAllSeq) : mark;
}

const placedMark = (membership: GroupMembership, { own }: StoredMarks): PlacedMark =>
  own?.opening === membership.change ? own : membership.openingMark;

/** The own mark after the member read further. */
export function movedMark(membership: GroupMembership, own: OwnMark | undefined, mark: ReadMark): OwnMark {
  const { change: opening } = membership;
  if (own?.opening === opening) return { ...own, mark };
  const { asOfSeq } = membership.openingMark;
  return { opening, asOfSeq, mark, generation: nextGeneration(own) };
}

/** The own mark after it was set anew, perhaps back; `asOfSeq` is the head. */
export const resetMark = (
  membership: GroupMembership,
  own: OwnMark | undefined,
  placed: PlacedMark,
): OwnMark => ({ ...placed, opening: membership.change, generation: nextGeneration(own) });

const nextGeneration = (own: OwnMark | undefined): bigint => (own?.generation ?? 0n) + 1n;

/** Numbers below 2^43, generations below 2^20: together below the 2^63 that a row's version may have. */
const GENERATION_BITS = 43n;

/** The version of an own mark's row. */
export const markVersion = ({ generation, mark }: OwnMark): bigint =>
  (generation << GENERATION_BITS) + mark.readSeq + 1n;
