// What a decided change is made of: the group's next state, the rows to write, the records to append.
import { clone, create, type MessageInitShape } from '@bufbuild/protobuf';
import { groupv1 } from '@parley/proto';
import { permissionGroupsOf } from '../domain/member-rights.js';
import type { GroupView } from './group-view.js';

export type ChangeContent = NonNullable<MessageInitShape<typeof groupv1.GroupChangeSchema>['change']>;

export interface ChangeAuthor {
  /** Empty: the app's back end. */
  readonly operator: string;
  /** No tips, no notices. */
  readonly isSilent: boolean;
}

export interface ComingMember {
  readonly member: groupv1.Member;
  /** Unread messages to begin with. */
  readonly unreadCount: number;
  /** Whether what was said before is shown, whatever the group's option says. */
  readonly seesPast?: boolean;
}

export class ChangeDraft {
  readonly state: groupv1.GroupState;
  readonly intent: groupv1.Intent = create(groupv1.IntentSchema);

  constructor(
    private readonly view: Pick<GroupView, 'key' | 'nowMs' | 'nowS' | 'state'>,
    private readonly author: ChangeAuthor,
  ) {
    this.state = clone(groupv1.GroupStateSchema, view.state);
  }

  get group(): groupv1.Group {
    this.state.group ??= create(groupv1.GroupSchema);
    return this.state.group;
  }

  set group(group: groupv1.Group) {
    this.state.group = group;
  }

  /** Says what has happened; every change says at least one thing. */
  record(change: ChangeContent, operator = this.author.operator): this {
    this.state.changeSeq += 1n;
    const { appId, groupId } = this.view.key;
    this.intent.changes.push(
      create(groupv1.GroupChangeSchema, {
        appId,
        groupId,
        changeSeq: this.state.changeSeq,
        timeMs: BigInt(this.view.nowMs),
        operator,
        silent: this.author.isSilent,
        change,
      }),
    );
    return this;
  }

  /** Members who come. Their number is the caller's to check. */
  add(members: readonly ComingMember[]): this {
    for (const { member, unreadCount, seesPast = false } of members) {
      this.#row({ member, hasMoved: true, unreadCount, seesPast });
    }
    this.group.memberNum += members.length;
    return this;
  }

  /** Members who go, and with them their part in leading the group. */
  remove(members: readonly groupv1.Member[]): this {
    const gone = new Set(members.map((member) => member.userId));
    for (const member of members) {
      for (const group of permissionGroupsOf(this.state, member)) this.#movePermission(group, member, true);
      this.#row({ member, isGone: true, hasMoved: true });
    }
    this.state.admins = this.state.admins.filter((admin) => !gone.has(admin));
    if (gone.has(this.group.owner)) this.group.owner = '';
    this.group.memberNum -= members.length;
    return this;
  }

  /** New fields of a member who stays. */
  update(member: groupv1.Member): this {
    this.#row({ member });
    return this;
  }

  /** Members come into a permission group or leave it; who of them moves is the caller's to check. */
  changePermission(permissionGroupId: string, members: readonly groupv1.Member[], isGone: boolean): this {
    const group = this.state.permissionGroups.find((one) => one.permissionGroupId === permissionGroupId);
    if (group === undefined) return this;
    for (const member of members) {
      this.#movePermission(group, member, isGone);
      const own = permissionGroupsOf(this.state, member).filter((one) => one !== group);
      if (!isGone) own.push(group);
      this.update({ ...member, permissionGroupIds: own.map((one) => one.permissionGroupId) });
    }
    return this;
  }

  /** Somebody who comes to lead the group may decide what waits for a decision. */
  handOver(open: readonly groupv1.ApplicationRow[], user: string): this {
    const fresh = open.filter((row) => !row.handlers.includes(user));
    this.intent.applications.push(...fresh.map((row) => ({ ...row, handlers: [...row.handlers, user] })));
    return this;
  }

  /** The fields that members see have changed. */
  touch(): this {
    this.group.infoSeq += 1n;
    this.group.lastInfoTimeS = this.view.nowS;
    return this;
  }

  #movePermission(group: groupv1.PermissionGroupState, { userId }: groupv1.Member, isGone: boolean): void {
    group.memberCount += isGone ? -1 : 1;
    const { permissionGroupId } = group;
    const row = create(groupv1.PermissionMemberRowSchema, { permissionGroupId, userId, isGone });
    this.intent.permissionMembers.push(row);
  }

  #row(row: MessageInitShape<typeof groupv1.MemberRowSchema>): void {
    this.intent.members.push(create(groupv1.MemberRowSchema, row));
  }
}
