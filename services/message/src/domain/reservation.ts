// The memory of a send in coordination: `<seq> <time_ms> <state>`. The state is r (reserved:
// its append may or may not have happened) or a (appended: it is a message).
import type { Conversation } from './conversation.js';

export interface RememberedSend {
  readonly seq: bigint;
  /** When it was numbered. */
  readonly timeMs: number;
  readonly isAppended: boolean;
}

const FORM = /^(\d{1,19}) (\d{1,16}) ([ra])$/;

/** What coordination stores behind the number. */
export const reservationNote = (timeMs: number): string => `${timeMs} r`;

export const formatReservation = (seq: bigint, timeMs: number, state: 'r' | 'a'): string =>
  `${seq} ${timeMs} ${state}`;

/** Undefined when the text is none of ours. */
export function parseReservation(value: string): RememberedSend | undefined {
  const parts = FORM.exec(value);
  if (parts === null) return undefined;
  return { seq: BigInt(parts[1] as string), timeMs: Number(parts[2]), isAppended: parts[3] === 'a' };
}

/** All keys of one conversation share a tag, so that one step can name several. */
export const counterKey = (conversation: Conversation): string => `{${conversation.key}}:seq`;

export const reservationKey = (conversation: Conversation, dedupKey: string): string =>
  `{${conversation.key}}:sent:${dedupKey}`;

export const seedingKey = (conversation: Conversation): string => `{${conversation.key}}:seeding`;
