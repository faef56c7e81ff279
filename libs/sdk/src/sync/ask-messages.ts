// The question of GapRepair about a conversation's messages.
import type { Caller } from '../calls/caller.js';
import { METHOD } from '../calls/method.js';
import { PAGE_MAX } from '../constants/limits.js';
import type { ConversationState } from './conversation-state.js';
import type { GapAnswer } from './gap-repair.js';
import type { Inbox } from './inbox.js';

/** @throws ChatFailure */
export async function askMessages(
  state: ConversationState,
  { caller, inbox }: { readonly caller: Caller; readonly inbox: Inbox },
): Promise<GapAnswer> {
  const { kind, peer } = state.address;
  const afterSeq = BigInt(state.track.watermark);
  const asked = { type: kind.wire, peer, afterSeq, limit: PAGE_MAX };
  const answer = await caller.call(METHOD.syncMessages, asked);
  inbox.fill(state, answer);
  return answer;
}
