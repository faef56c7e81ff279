// Conversations: of two users with their two sides, or of a group.
import {
  type AppId,
  type ConversationId,
  c2cConversationId,
  type GroupId,
  groupConversationId,
  isFirstOfPair,
  membersGroupOf,
  type UserId,
} from '@parley/kernel';

/** Who of the pair, in byte order of the UserIDs. */
export type Side = 'first' | 'second';

interface AnyConversation {
  readonly appId: AppId;
  readonly id: ConversationId;
  /** Names it across apps; also its key in the log. */
  readonly key: string;
}

export interface PairConversation extends AnyConversation {
  readonly kind: 'pair';
  readonly first: UserId;
  readonly second: UserId;
}

export interface GroupConversation extends AnyConversation {
  readonly kind: 'group';
  readonly groupId: GroupId;
}

export type Conversation = PairConversation | GroupConversation;

/** What a user sees of all conversations: its changes concern nobody else, and are numbered like those of a conversation. */
export interface UserView extends AnyConversation {
  readonly kind: 'user';
  readonly user: UserId;
}

/** What the history writer keeps a head of. */
export type Stream = Conversation | UserView;

/** Whom a message is for, and whom a user talks to: the other of a pair, or a group. */
export type Peer = UserId | GroupId;

export function conversationOf(appId: AppId, one: UserId, other: UserId): PairConversation {
  const id = c2cConversationId(one, other);
  const [first, second] = isFirstOfPair(one, other) ? [one, other] : [other, one];
  return { kind: 'pair', appId, id, first, second, key: conversationKey(appId, id) };
}

export function groupConversationOf(appId: AppId, groupId: GroupId): GroupConversation {
  const id = groupConversationId(groupId);
  return { kind: 'group', appId, id, groupId, key: conversationKey(appId, id) };
}

export function userViewOf(appId: AppId, user: UserId): UserView {
  const id = `user:${user}` as ConversationId;
  return { kind: 'user', appId, id, user, key: conversationKey(appId, id) };
}

/** The conversation whose members are those of the given one: a topic's are its community's. */
export function membersConversationOf(conversation: GroupConversation): GroupConversation {
  const groupId = membersGroupOf(conversation.groupId);
  return groupId === conversation.groupId ? conversation : groupConversationOf(conversation.appId, groupId);
}

export const conversationKey = (appId: AppId, id: ConversationId): string => `${appId}/${id}`;

/** Talking to oneself: both sides are one user, and nothing counts as unread. */
export const isSelfConversation = (conversation: PairConversation): boolean =>
  conversation.first === conversation.second;

export const sideOf = (conversation: PairConversation, user: UserId): Side =>
  user === conversation.first ? 'first' : 'second';
