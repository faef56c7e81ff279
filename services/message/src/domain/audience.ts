// Who gets a message pushed. Decided from the message alone, so that the repair decides as the first time.
import type { UserId } from '@parley/kernel';
import type { Peer } from './conversation.js';
import { MessageFlag } from './message-facts.js';

export interface Addressed {
  readonly from: UserId;
  readonly to: Peer;
  readonly flags: number;
  /** Undefined: a message between two users. */
  readonly group: { readonly toAccounts: readonly string[] } | undefined;
}

/** Everybody who is in the group's room gets it; otherwise pushReceivers() do. */
export const isForRoom = ({ group }: Addressed): boolean => group?.toAccounts.length === 0;

/** The users whose devices get a message that is not for a room. */
export function pushReceivers({ from, to, flags, group }: Addressed): UserId[] {
  if (group !== undefined) return [...new Set([from, ...(group.toAccounts as readonly UserId[])])];
  const receiver = to as UserId;
  const sparesSender = MessageFlag.HIDDEN_FROM_SENDER | MessageFlag.NOT_TO_SENDER_DEVICES;
  return from === receiver || (flags & sparesSender) !== 0 ? [receiver] : [receiver, from];
}
