// Where users stand in groups: the row of the conversation and the marks beside it.
import type { AppId, UserId } from '@parley/kernel';
import { type GroupConversation, membersConversationOf } from '../domain/conversation.js';
import { type GroupMembership, NO_MARKS, type StoredMarks } from '../domain/group-mark.js';
import type { GroupMarkStore } from '../stores/group-mark-store.js';
import type { UserConversationStore, UserGroup } from '../stores/user-conversation-store.js';
import type { TopicOpenings } from './topic-openings.js';

export interface Standing {
  readonly conversation: GroupConversation;
  readonly membership: GroupMembership;
  readonly stored: StoredMarks;
}

/** A member, or somebody who was none or is none any longer. */
export interface GroupMember {
  readonly conversation: GroupConversation;
  readonly user: UserId;
}

export class GroupReader {
  constructor(
    private readonly users: UserConversationStore,
    private readonly marks: GroupMarkStore,
    private readonly topics: TopicOpenings,
  ) {}

  async membership(conversation: GroupConversation, user: UserId): Promise<GroupMembership> {
    const home = membersConversationOf(conversation);
    const [membership] = (await this.users.memberships(home, [user])) as [GroupMembership];
    if (home === conversation || !membership.isOpen) return membership;
    const [inTopic] = (await this.topics.inTopics([conversation], user, membership)) as [GroupMembership];
    return inTopic;
  }

  /** In topics of one community, in the order asked; undefined for who is not in it. */
  async inTopics(topics: readonly GroupConversation[], user: UserId): Promise<Standing[] | undefined> {
    const [first] = topics;
    if (first === undefined) return [];
    const [membership] = await this.users.memberships(membersConversationOf(first), [user]);
    if (membership?.isOpen !== true) return undefined;
    const [memberships, marks] = await Promise.all([
      this.topics.inTopics(topics, user, membership),
      this.marks.ofMany(topics.map((conversation) => ({ conversation, user }))),
    ]);
    return topics.map((conversation, at) => ({
      conversation,
      membership: memberships[at] ?? membership,
      stored: marks[at] ?? NO_MARKS,
    }));
  }

  async standing(conversation: GroupConversation, user: UserId): Promise<Standing> {
    const [membership, stored] = await Promise.all([
      this.membership(conversation, user),
      this.marks.of(conversation, user),
    ]);
    return { conversation, membership, stored };
  }

  /** In the order asked. Users without groups cost no read. */
  async standings(appId: AppId, user: UserId, groups: readonly UserGroup[]): Promise<Standing[]> {
    if (groups.length === 0) return [];
    const marks = await this.marks.all(appId, user);
    return groups.map(({ conversation, membership }) => {
      const stored = marks.get(conversation.id) ?? NO_MARKS;
      return { conversation, membership, stored };
    });
  }

  /** As standing, of many at once; in the order asked. */
  async standingsOf(members: readonly GroupMember[]): Promise<Standing[]> {
    const homes = members.map(({ conversation, user }) => ({
      conversation: membersConversationOf(conversation),
      user,
    }));
    const [memberships, stored] = await Promise.all([
      this.users.membershipsOf(homes),
      this.marks.ofMany(members),
    ]);
    return Promise.all(
      members.map(async ({ conversation, user }, at) => {
        const home = memberships[at] as GroupMembership;
        const isTopic = homes[at]?.conversation !== conversation && home.isOpen;
        const [membership = home] = isTopic ? await this.topics.inTopics([conversation], user, home) : [home];
        return { conversation, membership, stored: stored[at] ?? NO_MARKS };
      }),
    );
  }
}
