// What of a conversation somebody sees.
import type { UserId } from '@parley/kernel';
import type { Conversation } from '../domain/conversation.js';
import { isVisibleTo, type MessageFacts } from '../domain/message-facts.js';

export interface View {
  readonly conversation: Conversation;
  /** Undefined: an app's back end, which sees everything. */
  readonly user: UserId | undefined;
  /** What lies below is not shown. */
  readonly fromSeq: bigint;
}

export const isShown = (facts: MessageFacts, { user, fromSeq }: View): boolean =>
  facts.seq >= fromSeq && (user === undefined || isVisibleTo(facts, user));
