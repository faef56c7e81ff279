// A group service of a few lines: it knows groups and members, and tells of changes.

import { create } from '@bufbuild/protobuf';
import { type AppId, ChatError, ErrorCode } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import type { ServiceHandlers } from '@parley/rpc';

type Handlers = ServiceHandlers<typeof groupv1.GroupService>;
export type Facts = Partial<Omit<groupv1.GetSendFactsResponse, '$typeName' | '$unknown'>>;

interface FakeGroup {
  /** Of the group. */
  facts: Facts;
  /** Of its members. */
  readonly members: Map<string, Facts>;
}

/** What Public and Work groups take. */
export const ORDINARY: Facts = {
  type: 'Public',
  storesHistory: true,
  countsUnread: true,
  takesTargeted: true,
  takesAtAll: true,
  takesReceipts: true,
  rateMax: 1_000,
};
export const LIVE: Facts = { ...ORDINARY, type: 'AVChatRoom', storesHistory: false, countsUnread: false };

export class FakeGroups {
  readonly #groups = new Map<string, FakeGroup>();

  set(appId: AppId, groupId: string, facts: Facts, members: readonly string[]): void {
    const known = new Map(members.map((user) => [user, {} as Facts]));
    this.#groups.set(`${appId} ${groupId}`, { facts, members: known });
  }

  change(appId: AppId, groupId: string, facts: Facts): void {
    const group = this.#of(appId, groupId);
    group.facts = { ...group.facts, ...facts };
  }

  changeMember(appId: AppId, groupId: string, user: string, facts: Facts): void {
    const { members } = this.#of(appId, groupId);
    members.set(user, { ...members.get(user), ...facts });
  }

  removeMember(appId: AppId, groupId: string, user: string): void {
    this.#of(appId, groupId).members.delete(user);
  }

  delete(appId: AppId, groupId: string): void {
    this.#groups.delete(`${appId} ${groupId}`);
  }

  isMember(appId: AppId, groupId: string, user: string): boolean {
    return this.#of(appId, groupId).members.has(user);
  }

  handlers(): Handlers {
    const refuse = () => Promise.reject(new ChatError(ErrorCode.UNKNOWN_COMMAND, 'not in this test'));
    const names = Object.keys(groupv1.GroupService.method);
    const others = Object.fromEntries(names.map((name) => [name, refuse]));
    const getSendFacts: Handlers['getSendFacts'] = async ({ groupId, userId }, { appId }) => {
      const group = this.#groups.get(`${appId} ${groupId}`);
      const member = group?.members.get(userId);
      return create(groupv1.GetSendFactsResponseSchema, {
        exists: group !== undefined,
        ...group?.facts,
        ...member,
        isMember: member !== undefined,
        memberNum: group?.members.size ?? 0,
      });
    };
    const getTopics: Handlers['getTopics'] = async ({ topicIds }, { appId }) => ({
      topics: topicIds.map((topicId) =>
        this.#groups.has(`${appId} ${topicId}`) ? { topicId, topic: { topicId } } : { topicId, code: 110003 },
      ),
    });
    const listMembers: Handlers['listMembers'] = async ({ groupId }, { appId }) => {
      const users = [...(this.#groups.get(`${appId} ${groupId}`)?.members.keys() ?? [])];
      const members = users.map((userId) => create(groupv1.MemberSchema, { userId }));
      return create(groupv1.ListMembersResponseSchema, { members, memberNum: users.length });
    };
    return { ...(others as unknown as Handlers), getSendFacts, getTopics, listMembers };
  }

  #of(appId: AppId, groupId: string): FakeGroup {
    const group = this.#groups.get(`${appId} ${groupId}`);
    if (group === undefined) throw new Error('the test has no such group');
    return group;
  }
}
