// A group as it stands: its row, and the rows that follow from it, with what an intent still wants to write laid
// over them. So a change that is decided is seen at once, whoever carries it out.
import { create } from '@bufbuild/protobuf';
import type { Clock, GroupId, UserId } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import { isOpen, subjectOf } from '../domain/applications.js';
import type { GroupTypes } from '../domain/group-types.js';
import { APPLICATIONS_OF_GROUP_MAX, APPLICATIONS_SHOWN_MAX } from '../domain/limits.js';
import {
  type Actor,
  communityRights,
  isByRights,
  type MemberRights,
  permissionGroupsOf,
  topicRights,
} from '../domain/member-rights.js';
import { type ActorRole, type GroupPolicy, isLive, type TargetRole } from '../domain/policy.js';
import type { ApplicationStore } from '../stores/application-store.js';
import type { GroupKey, StoredGroup } from '../stores/group-store.js';
import type { MemberStore } from '../stores/member-store.js';
import type { PermissionStore } from '../stores/permission-store.js';
import type { TimedUserStore } from '../stores/timed-user-store.js';
import type { TopicStore } from '../stores/topic-store.js';
import type { ValueStore } from '../stores/value-store.js';

export interface GroupRows {
  readonly members: MemberStore;
  readonly mutes: TimedUserStore;
  readonly bans: TimedUserStore;
  readonly applications: ApplicationStore;
  readonly values: ValueStore;
  readonly topics: TopicStore;
  readonly permissions: PermissionStore;
}

export interface ViewTools {
  readonly rows: GroupRows;
  readonly types: GroupTypes;
  readonly clock: Clock;
}

export class GroupView {
  readonly policy: GroupPolicy;

  constructor(
    readonly key: GroupKey,
    readonly stored: StoredGroup,
    private readonly tools: ViewTools,
  ) {
    this.policy = tools.types.of(this.group);
  }

  get state(): groupv1.GroupState {
    return this.stored.state;
  }

  get group(): groupv1.Group {
    return this.stored.state.group ?? create(groupv1.GroupSchema);
  }

  /** Whether everything that was decided is carried out. */
  get isSettled(): boolean {
    return this.stored.intent === undefined;
  }

  get nowMs(): number {
    return this.tools.clock.now();
  }

  get nowS(): number {
    return Math.floor(this.nowMs / 1_000);
  }

  /** A member's role; owner and admins stand in the group's row. */
  roleOf(user: UserId): groupv1.Role {
    if (this.group.owner === user) return groupv1.Role.OWNER;
    return this.state.admins.includes(user) ? groupv1.Role.ADMIN : groupv1.Role.MEMBER;
  }

  /** As members stand in lists: with role and mute. Undefined for who is none; in the order asked. */
  async members(users: readonly UserId[]): Promise<(groupv1.Member | undefined)[]> {
    const { rows } = this.tools;
    const [stored, mutes] = await Promise.all([
      rows.members.getMany(this.key, users, this.state.firstSeq),
      this.mutedUntil(users),
    ]);
    const pending = new Map(this.stored.intent?.members.map((row) => [row.member?.userId, row]));
    return users.map((user, at) => {
      const row = pending.get(user);
      const member = row === undefined ? stored[at] : row.isGone ? undefined : row.member;
      return member && this.#withRole(member, mutes[at] ?? 0);
    });
  }

  async member(user: UserId): Promise<groupv1.Member | undefined> {
    const [member] = await this.members([user]);
    return member;
  }

  /** Members of a page of rows, as they stand in lists. */
  async withRoles(stored: readonly groupv1.Member[]): Promise<groupv1.Member[]> {
    const mutes = await this.mutedUntil(stored.map((member) => member.userId as UserId));
    return stored.map((member, at) => this.#withRole(member, mutes[at] ?? 0));
  }

  /** The letter of a policy row for a user. */
  async actorRole(user: UserId): Promise<ActorRole> {
    const role = this.roleOf(user);
    if (isLive(this.policy) && role === groupv1.Role.OWNER) return 'O';
    if (isLive(this.policy) && role === groupv1.Role.ADMIN) return 'A';
    return (await this.member(user)) === undefined ? 'S' : this.#memberLetter(role);
  }

  /** The same with the rights that bind the user, also those in the topic, if one is meant. */
  async actor(user: UserId, topic?: groupv1.TopicRow): Promise<Actor> {
    if (!this.isByRights) return { role: await this.actorRole(user) };
    const member = await this.member(user);
    if (member === undefined) return { role: 'S' };
    return { role: this.#memberLetter(this.roleOf(user)), rights: await this.rightsOf(member, topic) };
  }

  /** Whether permission groups are in force. */
  get isByRights(): boolean {
    return isByRights(this.policy, this.group);
  }

  /** Undefined: permission groups do not bind this member. */
  async rightsOf(member: groupv1.Member, row?: groupv1.TopicRow): Promise<MemberRights | undefined> {
    if (!this.isByRights || member.userId === this.group.owner) return undefined;
    const own = permissionGroupsOf(this.state, member);
    const community = communityRights(this.group, own);
    if (row?.topic === undefined) return { community, topic: 0n };
    const rows = await this.permissionRows(own.map((group) => group.permissionGroupId));
    return { community, topic: topicRights(row.topic, rows) };
  }

  #memberLetter(role: groupv1.Role): ActorRole {
    if (role === groupv1.Role.OWNER) return 'O';
    return role === groupv1.Role.ADMIN && !this.isByRights ? 'A' : 'M';
  }

  targetRole(user: UserId): TargetRole {
    const role = this.roleOf(user);
    if (role === groupv1.Role.OWNER) return 'owner';
    return role === groupv1.Role.ADMIN && !this.isByRights ? 'admin' : 'member';
  }

  permissionGroup(id: string): groupv1.PermissionGroupState | undefined {
    return this.state.permissionGroups.find((group) => group.permissionGroupId === id);
  }

  /** Of permission groups that are there, in the order asked. */
  async permissionRows(ids: readonly string[]): Promise<groupv1.PermissionGroupRow[]> {
    const pending = new Map(this.stored.intent?.permissionGroups.map((row) => [row.permissionGroupId, row]));
    const stored = await this.tools.rows.permissions.getMany(this.key, ids);
    return ids.map(
      (id, at) =>
        pending.get(id) ??
        stored[at]?.row ??
        create(groupv1.PermissionGroupRowSchema, { permissionGroupId: id }),
    );
  }

  /** Whether a permission group had the id and is gone. */
  async hadPermissionGroup(id: string): Promise<boolean> {
    const pending = this.stored.intent?.gonePermissionGroupIds.includes(id) === true;
    if (pending) return true;
    const [stored] = await this.tools.rows.permissions.getMany(this.key, [id]);
    return stored?.isGone === true;
  }

  /** Until when each is muted; 0 for who is not. A topic has mutes of its own. */
  mutedUntil(users: readonly UserId[], topicId?: GroupId): Promise<number[]> {
    const { intent } = this.stored;
    const pending = intent?.mutesTopicId === (topicId ?? '') ? intent.mutes : [];
    return this.#until(this.tools.rows.mutes, users, { key: mutesKey(this.key, topicId), pending });
  }

  bannedUntil(users: readonly UserId[]): Promise<number[]> {
    const pending = this.stored.intent?.bans ?? [];
    return this.#until(this.tools.rows.bans, users, { key: this.key, pending });
  }

  hasTopic(topicId: GroupId): boolean {
    return this.state.topicIds.includes(topicId);
  }

  /** In the order asked; undefined for one that is not there, or no longer. */
  async topics(topicIds: readonly GroupId[]): Promise<(groupv1.TopicRow | undefined)[]> {
    const pending = new Map(this.stored.intent?.topics.map((row) => [row.topic?.topicId, row]));
    const stored = await this.tools.rows.topics.getMany(this.key, topicIds);
    const there = new Set(this.state.topicIds);
    return topicIds.map((topicId, at) =>
      there.has(topicId) ? (pending.get(topicId) ?? stored[at]?.row) : undefined,
    );
  }

  async topic(topicId: GroupId): Promise<groupv1.TopicRow | undefined> {
    const [row] = await this.topics([topicId]);
    return row;
  }

  /** Whether a topic had the id and is gone. */
  async hadTopic(topicId: GroupId): Promise<boolean> {
    const [stored] = await this.tools.rows.topics.getMany(this.key, [topicId]);
    return stored?.isGone === true;
  }

  async isBanned(user: UserId): Promise<boolean> {
    const [until] = await this.bannedUntil([user]);
    return (until ?? 0) > 0;
  }

  async application(subject: string): Promise<groupv1.ApplicationRow | undefined> {
    const pending = this.stored.intent?.applications.find(
      ({ application }) =>
        application !== undefined && subjectOf(application.kind, application.userId) === subject,
    );
    return pending ?? this.tools.rows.applications.get(this.key, subject);
  }

  /** Those that those who lead the group may decide; at most as many as one person is shown. */
  async openApplications(): Promise<groupv1.ApplicationRow[]> {
    const rows = await this.tools.rows.applications.ofGroup(this.key, APPLICATIONS_OF_GROUP_MAX);
    const forInvitee = groupv1.ApplicationKind.INVITE_FOR_INVITEE;
    return rows
      .filter((row) => isOpen(row, this.nowMs) && row.application?.kind !== forInvitee)
      .slice(0, APPLICATIONS_SHOWN_MAX);
  }

  async attributes(): Promise<groupv1.AttributeSet> {
    const stored = this.stored.intent?.attributes ?? (await this.tools.rows.values.attributes(this.key));
    return stored ?? create(groupv1.AttributeSetSchema);
  }

  async counters(): Promise<groupv1.CounterSet> {
    const stored = this.stored.intent?.counters ?? (await this.tools.rows.values.counters(this.key));
    return stored ?? create(groupv1.CounterSetSchema);
  }

  counterAnswer(changeId: string): Promise<groupv1.CounterSet | undefined> {
    return this.tools.rows.values.answerOf(this.key, changeId);
  }

  async #until(
    store: TimedUserStore,
    users: readonly UserId[],
    { key, pending }: { readonly key: GroupKey; readonly pending: readonly groupv1.TimedUser[] },
  ): Promise<number[]> {
    const stored = await store.untilMany(key, users);
    return users.map((user, at) => {
      const until = pending.find((one) => one.userId === user)?.untilS ?? stored[at] ?? 0;
      return until > this.nowS ? until : 0;
    });
  }

  #withRole(member: groupv1.Member, mutedUntilS: number): groupv1.Member {
    return { ...member, role: this.roleOf(member.userId as UserId), mutedUntilS };
  }
}

/** Mutes of a topic stand under the topic's id. */
export const mutesKey = ({ appId, groupId }: GroupKey, topicId: GroupId | undefined): GroupKey => ({
  appId,
  groupId: topicId ?? groupId,
});
