// A one-to-one conversation and its two sides.
import {
  type AppId,
  type ConversationId,
  c2cConversationId,
  isFirstOfPair,
  type UserId,
} from '@parley/kernel';

/** Who of the pair, in byte order of the UserIDs. */
export type Side = 'first' | 'second';

export interface Conversation {
  readonly appId: AppId;
  readonly id: ConversationId;
  readonly first: UserId;
  readonly second: UserId;
  /** Names it across apps; also its key in the log. */
  readonly key: string;
}

export function conversationOf(appId: AppId, one: UserId, other: UserId): Conversation {
  const id = c2cConversationId(one, other);
  const [first, second] = isFirstOfPair(one, other) ? [one, other] : [other, one];
  return { appId, id, first, second, key: conversationKey(appId, id) };
}

export const conversationKey = (appId: AppId, id: ConversationId): string => `${appId}/${id}`;

/** Talking to oneself: both sides are one user, and nothing counts as unread. */
export const isSelfConversation = (conversation: Conversation): boolean =>
  conversation.first === conversation.second;

export const sideOf = (conversation: Conversation, user: UserId): Side =>
  user === conversation.first ? 'first' : 'second';
