// Groups in a test server's memory: members, roles, values and applications by a few plain rules, and what
// members and persons are told of them. The rules of the five types are the group service's own.
import { create } from '@bufbuild/protobuf';
import { groupv1 } from '@parley/proto';
import { communityOf, isTopicID } from '../messages/conversation-kind.js';
import { Refusal } from './refusal.js';

const { ApplicationKind, JoinOption, ReceiveOption, Role } = groupv1;

/** How a group speaks. */
export interface GroupVoice {
  /** A user comes in, before anything is said about it. */
  open(group: groupv1.Group, user: string): void;
  close(group: groupv1.Group, user: string): void;
  tip(group: groupv1.Group, content: object): void;
  notify(user: string, group: groupv1.Group, content: object): void;
  tellEvent(group: groupv1.Group, event: groupv1.GroupEvent['event']): void;
}

export interface ModelGroup {
  readonly group: groupv1.Group;
  readonly members: Map<string, groupv1.Member>;
  readonly attributes: Map<string, string>;
  readonly counters: Map<string, bigint>;
  readonly applications: Map<string, groupv1.Application>;
  /** Who is in a live group. */
  readonly visitors: Set<string>;
  readonly marks: Map<string, Set<number>>;
  pins: { readonly msgSeq: bigint; readonly pinner: string }[];
  mainSeq: bigint;
}

export class GroupModel {
  readonly groups = new Map<string, ModelGroup>();
  /** Of communities, by their ids. */
  readonly topics = new Map<string, groupv1.Topic>();
  private lastId = 0;

  constructor(
    private readonly now: () => number,
    readonly voice: GroupVoice,
  ) {}

  isLive(groupID: string): boolean {
    return this.groups.get(groupID)?.group.live === true;
  }

  joined(user: string): ModelGroup[] {
    return [...this.groups.values()].filter(({ members }) => members.has(user));
  }

  require(groupID: string): ModelGroup {
    const found = this.groups.get(communityOf(groupID));
    if (found !== undefined && (!isTopicID(groupID) || this.topics.has(groupID))) return found;
    throw new Refusal(10010, 'the group does not exist');
  }

  requireMember(groupID: string, user: string): ModelGroup {
    const found = this.require(groupID);
    if (this.isLive(groupID) || found.members.has(user)) return found;
    throw new Refusal(10007, 'no member');
  }

  requireLead(groupID: string, user: string): ModelGroup {
    const found = this.requireMember(groupID, user);
    const role = found.members.get(user)?.role ?? Role.MEMBER;
    if (role === Role.OWNER || role === Role.ADMIN || found.group.owner === user) return found;
    throw new Refusal(10007, 'only owner and admins');
  }

  create(owner: string, request: groupv1.CreateGroupRequest): ModelGroup {
    this.lastId += 1;
    const groupId = request.groupId || `@TGS#${this.lastId}`;
    if (this.groups.has(groupId)) throw new Refusal(10021, 'the id is taken');
    const { fields } = request;
    const isWork = request.type === 'Private';
    const byType = isWork ? JoinOption.DISABLED : JoinOption.FREE;
    const group = create(groupv1.GroupSchema, {
      ...{ groupId, type: request.type, name: fields?.name ?? '', owner, custom: fields?.custom ?? {} },
      ...{ introduction: fields?.introduction ?? '', notification: fields?.notification ?? '' },
      supportTopic: request.supportTopic,
      live: request.type === 'AVChatRoom' || request.type === 'Stage',
      ...{ createTimeS: this.seconds(), applyJoinOption: fields?.applyJoinOption || byType },
    });
    const made: ModelGroup = {
      ...{ group, members: new Map(), attributes: new Map(), counters: new Map(), applications: new Map() },
      visitors: new Set(),
      marks: new Map(),
      pins: [],
      mainSeq: 0n,
    };
    this.groups.set(groupId, made);
    if (this.isLive(groupId)) return made;
    this.let(made, owner, Role.OWNER);
    for (const { userId, role } of request.members) this.let(made, userId, role || Role.MEMBER);
    this.voice.notify(owner, group, { ReportType: 6 });
    for (const { userId } of request.members) this.voice.notify(userId, group, { ReportType: 7 });
    return made;
  }

  add(groupID: string, users: readonly string[], how: { operator: string; joinType: number }): void {
    const found = this.require(groupID);
    const added = users.filter((user) => !found.members.has(user));
    for (const user of added) this.let(found, user, Role.MEMBER);
    if (added.length === 0) return;
    this.tip(found, how.operator, { OpType: 1, JoinType: how.joinType, MemberList: named(added) });
    if (how.joinType === 1) return;
    for (const user of added) this.voice.notify(user, found.group, { ReportType: 7 });
  }

  remove(groupID: string, users: readonly string[], how: { operator: string; reason?: string }): void {
    const found = this.require(groupID);
    const gone = users.filter((user) => found.members.delete(user));
    found.group.memberNum = found.members.size;
    for (const place of this.placesOf(found)) for (const user of gone) this.voice.close(place, user);
    if (gone.length === 0) return;
    const isQuit = gone.length === 1 && gone[0] === how.operator;
    this.tip(found, how.operator, { OpType: isQuit ? 2 : 3, MemberList: named(gone), Reason: how.reason });
    for (const user of gone) {
      this.voice.notify(user, found.group, { ReportType: isQuit ? 8 : 4, Reason: how.reason });
    }
  }

  destroy(groupID: string): void {
    const { group, members } = this.require(groupID);
    this.voice.tellEvent(group, { case: 'destroyed', value: create(groupv1.GroupDestroyedSchema) });
    const places = this.placesOf(this.require(groupID));
    for (const { groupId } of places) this.topics.delete(groupId);
    this.groups.delete(groupID);
    for (const user of members.keys()) {
      this.voice.close(group, user);
      this.voice.notify(user, group, { ReportType: 5 });
    }
  }

  modify(groupID: string, operator: string, fields: groupv1.GroupFields): groupv1.Group {
    const found = this.requireLead(groupID, operator);
    const { group } = found;
    const info: Record<string, unknown> = {};
    const set = (name: string, value: unknown) =>
      value !== undefined && Object.assign(info, { [name]: value });
    if (fields.name !== undefined) group.name = fields.name;
    if (fields.notification !== undefined) group.notification = fields.notification;
    if (fields.muteAll !== undefined) group.muteAll = fields.muteAll;
    Object.assign(group.custom, fields.custom);
    set('Name', fields.name);
    set('Notification', fields.notification);
    set('MuteAllMember', fields.muteAll === undefined ? undefined : fields.muteAll ? 'On' : 'Off');
    const custom = Object.entries(fields.custom).map(([Key, Value]) => ({ Key, Value }));
    if (custom.length > 0) info.AppDefinedData = custom;
    group.infoSeq += 1n;
    group.lastInfoTimeS = this.seconds();
    this.tip(found, operator, { OpType: 6, GroupInfo: info, MemberList: [] });
    return group;
  }

  transfer(groupID: string, operator: string, newOwner: string): void {
    const found = this.requireLead(groupID, operator);
    const heir = found.members.get(newOwner);
    if (heir === undefined) throw new Refusal(10007, 'the heir is no member');
    const former = found.members.get(found.group.owner);
    if (former !== undefined) former.role = Role.MEMBER;
    heir.role = Role.OWNER;
    found.group.owner = newOwner;
    const GroupInfo = { Owner_Account: newOwner };
    this.tip(found, operator, { OpType: 6, GroupInfo, MemberList: named([newOwner]) });
  }

  modifyMember(operator: string, request: groupv1.ModifyMemberRequest): groupv1.Member {
    const user = request.userId || operator;
    const found =
      user === operator
        ? this.requireMember(request.groupId, operator)
        : this.requireLead(request.groupId, operator);
    const member = found.members.get(user);
    if (member === undefined) throw new Refusal(10007, 'no member');
    if (request.nameCard !== undefined) member.nameCard = request.nameCard;
    const { groupId, receiveOption } = request;
    if (receiveOption !== 0 && isTopicID(groupId)) member.topicReceiveOptions[groupId] = receiveOption;
    else if (receiveOption !== 0) member.receiveOption = receiveOption;
    Object.assign(member.custom, request.custom);
    if (request.role !== 0) {
      member.role = request.role;
      const isAdmin = request.role === Role.ADMIN;
      this.tip(found, operator, { OpType: isAdmin ? 4 : 5, MemberList: named([user]) });
    }
    if (request.muteSeconds !== undefined) {
      member.mutedUntilS = request.muteSeconds === 0 ? 0 : this.seconds() + request.muteSeconds;
      const MemberList = [{ Member_Account: user, MuteTime: request.muteSeconds }];
      this.tip(found, operator, { OpType: 7, MemberList });
    }
    return member;
  }

  apply(groupID: string, user: string, message: string): void {
    const found = this.require(groupID);
    this.lastId += 1;
    const application = create(groupv1.ApplicationSchema, {
      ...{ applicationId: `a${this.lastId}`, kind: ApplicationKind.JOIN, groupId: groupID, userId: user },
      ...{ groupName: found.group.name, message, timeMs: BigInt(this.now()) },
    });
    found.applications.set(application.applicationId, application);
    this.voice.notify(found.group.owner, found.group, {
      ...{ ReportType: 1, Operator_Account: user, Member_Account: user },
      ...{ ApplicationId: application.applicationId, ApplyMessage: message },
    });
  }

  decide(operator: string, request: groupv1.HandleApplicationRequest): groupv1.Group {
    const found = this.requireLead(request.groupId, operator);
    const application = found.applications.get(request.applicationId);
    if (application === undefined) throw new Refusal(10024, 'decided already');
    found.applications.delete(request.applicationId);
    const { userId } = application;
    if (request.accept) this.add(request.groupId, [userId], { operator, joinType: 1 });
    const content = { ReportType: request.accept ? 2 : 3, HandleMessage: request.message };
    this.voice.notify(userId, found.group, { ...content, Operator_Account: operator });
    return found.group;
  }

  seconds(): number {
    return Math.floor(this.now() / 1000);
  }

  private let(found: ModelGroup, userId: string, role: groupv1.Role): void {
    const member = { userId, role, joinTimeS: this.seconds(), receiveOption: ReceiveOption.NOTIFY };
    found.members.set(userId, create(groupv1.MemberSchema, member));
    found.group.memberNum = found.members.size;
    for (const place of this.placesOf(found)) this.voice.open(place, userId);
  }

  /** The group and its topics. */
  private placesOf({ group }: ModelGroup): groupv1.Group[] {
    const topics = [...this.topics.keys()].filter((id) => communityOf(id) === group.groupId);
    return [group, ...topics.map((groupId) => ({ ...group, groupId }))];
  }

  private tip({ group }: ModelGroup, operator: string, content: object): void {
    this.voice.tip(group, { ...content, Operator_Account: operator, MemberNum: group.memberNum });
  }
}

const named = (users: readonly string[]) => users.map((Member_Account) => ({ Member_Account }));
