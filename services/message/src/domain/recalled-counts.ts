// A recalled message is not unread for anybody any longer, but stays in the running counts, which later messages
// carry on. So the head remembers which counted messages were recalled, the newest RECALLED_COUNTED_MAX, and whoever
// asks for an unread count takes away those above the reader's mark. An entry is seq * 2, plus 1 where the pair's second user sent it.
import type { UserId } from '@parley/kernel';
import { type Conversation, sideOf } from './conversation.js';
import { RECALLED_COUNTED_MAX } from './limits.js';
import { isCounted, isToGroup, type MessageFacts, senderSide } from './message-facts.js';

/** The entries, ascending, with the recalled messages among them. */
export function withRecalled(
  entries: readonly bigint[],
  recalled: readonly MessageFacts[],
): readonly bigint[] {
  const added = recalled.filter(isCounted).map(entryOf);
  if (added.length === 0) return entries;
  const all = [...new Set([...entries, ...added])].sort((a, b) => (a < b ? -1 : 1));
  return all.slice(-RECALLED_COUNTED_MAX);
}

/** How many of them lie above `readSeq` and would count as unread for `reader`. */
export function recalledAbove(
  entries: readonly bigint[],
  reading: { readonly conversation: Conversation; readonly reader: UserId; readonly readSeq: bigint },
): bigint {
  let above = 0n;
  const { conversation, reader, readSeq } = reading;
  const ofPeer = conversation.kind === 'group' || sideOf(conversation, reader) === 'second' ? 0n : 1n;
  for (let at = entries.length - 1; at >= 0; at--) {
    const entry = entries[at] as bigint;
    if (entry >> 1n <= readSeq) break;
    if ((entry & 1n) === ofPeer) above++;
  }
  return above;
}

const entryOf = (facts: MessageFacts): bigint =>
  facts.seq * 2n + (!isToGroup(facts) && senderSide(facts) === 'second' ? 1n : 0n);
