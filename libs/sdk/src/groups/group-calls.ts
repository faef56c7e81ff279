// Groups as wholes: finding, making, changing and leaving them.
import type { groupv1 } from '@parley/proto';
import { createCallId } from '../calls/call-id.js';
import type { Caller } from '../calls/caller.js';
import { GROUP_METHOD } from '../calls/group-method.js';
import { GROUP_ID_BYTES_MAX, LIVE_ONLINE_COUNT_MS, ONLINE_COUNT_MS } from '../constants/limits.js';
import { TYPES } from '../constants/types.js';
import { ChatFailure, FailureCode } from '../events/failure.js';
import type { Group } from '../model/conversation.js';
import type {
  CreateGroupOptions,
  GroupProfileOptions,
  JoinGroupOptions,
  NewGroupMember,
  UpdateGroupOptions,
} from '../model/group-sdk.js';
import type { ChatClock } from '../time/clock.js';
import { check, isText, requireGroupID, toCustom } from './checks.js';
import { type GroupBook, isLiveGroup, viewGroup } from './group-book.js';
import type { GroupSync } from './group-sync.js';
import { toWireJoinOption, toWireRole } from './group-view.js';

export interface GroupCallsOptions {
  readonly caller: Caller;
  readonly clock: ChatClock;
  readonly random: () => number;
  readonly groups: GroupBook;
  readonly groupSync: GroupSync;
}

/** As the service chooses them, and as it lets an app choose them for communities. */
const SERVER_ID = '@TGS#';
const COMMUNITY_ID = '@TGS#_';
const PRINTABLE = /^[\x20-\x7e]+$/;

export class GroupCalls {
  constructor(private readonly options: GroupCallsOptions) {}

  list(): { groupList: Group[]; isCompleted: boolean } {
    return { groupList: this.options.groups.list(), isCompleted: true };
  }

  async profile({ groupID, groupCustomFieldFilter }: GroupProfileOptions): Promise<{ group: Group }> {
    const group = await this.fetch(requireGroupID(groupID));
    if (groupCustomFieldFilter === undefined) return { group };
    const groupCustomField = group.groupCustomField.filter(({ key }) => groupCustomFieldFilter.includes(key));
    return { group: { ...group, groupCustomField } };
  }

  async search(groupID: string): Promise<{ group: Group }> {
    const group = await this.fetch(requireGroupID(groupID));
    check(group.type !== TYPES.GRP_WORK, 'work groups cannot be searched', FailureCode.GROUP_NO_PERMISSION);
    return { group };
  }

  async create(options: CreateGroupOptions): Promise<{ group: Group; overLimitUserIDList: string[] }> {
    const { caller, random, groupSync } = this.options;
    const answer = await caller.call(GROUP_METHOD.createGroup, {
      ...readNewGroup(options),
      creationId: createCallId(random),
    });
    const group = requireGroup(answer.group);
    // Making a live group is not yet being in it: its owner joins like everybody.
    if (isLiveGroup(group)) return { group: viewGroup(group), overLimitUserIDList: [] };
    return { group: (await groupSync.enter(group)).view, overLimitUserIDList: [] };
  }

  async dismiss(groupID: string): Promise<{ groupID: string }> {
    await this.options.caller.call(GROUP_METHOD.destroyGroup, { groupId: requireGroupID(groupID) });
    this.options.groupSync.leave(groupID);
    return { groupID };
  }

  async update(options: UpdateGroupOptions): Promise<{ group: Group }> {
    const groupId = requireGroupID(options?.groupID);
    const fields = { ...readFields(options), ...definedOnly({ muteAll: options.muteAllMembers }) };
    const answer = await this.options.caller.call(GROUP_METHOD.modifyGroup, { groupId, fields });
    return { group: this.show(requireGroup(answer.group)) };
  }

  async join({ groupID, applyMessage = '' }: JoinGroupOptions): Promise<{ status: TYPES; group?: Group }> {
    const { caller, groupSync } = this.options;
    const request = { groupId: requireGroupID(groupID), message: applyMessage };
    const { status, group } = await caller.call(GROUP_METHOD.joinGroup, request);
    const name = JOIN_STATUS[status] ?? TYPES.JOIN_STATUS_SUCCESS;
    if (name === TYPES.JOIN_STATUS_WAIT_APPROVAL) return { status: name };
    const { view, isLive } = await groupSync.enter(requireGroup(group));
    if (isLive) this.leaveOtherLive(groupID);
    return { status: name, group: view };
  }

  async quit(groupID: string): Promise<{ groupID: string }> {
    await this.options.caller.call(GROUP_METHOD.quitGroup, { groupId: requireGroupID(groupID) });
    this.options.groupSync.leave(groupID);
    return { groupID };
  }

  async changeOwner(options: { groupID: string; newOwnerID: string }): Promise<{ group: Group }> {
    const groupId = requireGroupID(options?.groupID);
    check(isText(options.newOwnerID), 'newOwnerID is missing');
    await this.options.caller.call(GROUP_METHOD.transferGroup, { groupId, newOwner: options.newOwnerID });
    await this.options.groupSync.refresh(groupId);
    return { group: await this.known(groupId) };
  }

  async countOnline(groupID: string): Promise<{ memberCount: number }> {
    const { caller, clock, groups } = this.options;
    const state = groups.get(requireGroupID(groupID));
    if (state?.online !== undefined) {
      const standsMs = state.isLive ? LIVE_ONLINE_COUNT_MS : ONLINE_COUNT_MS;
      if (clock.elapsed() - state.online.atMs < standsMs) return { memberCount: state.online.count };
    }
    const { count } = await caller.call(GROUP_METHOD.countOnline, { groupId: groupID });
    if (state !== undefined) state.online = { count, atMs: clock.elapsed() };
    return { memberCount: count };
  }

  /** The app's object of a group that this user is in; of another one, what is said about it. @throws ChatFailure */
  async known(groupID: string): Promise<Group> {
    return this.options.groups.get(groupID)?.view ?? this.fetch(groupID);
  }

  private async fetch(groupID: string): Promise<Group> {
    const { caller, groups, groupSync } = this.options;
    const answer = await caller.call(GROUP_METHOD.getGroups, { groupIds: [groupID] });
    const outcome = answer.groups[0];
    const isFound = outcome?.code === 0 && outcome.group !== undefined;
    if (!isFound) {
      throw new ChatFailure(outcome?.code || FailureCode.GROUP_NOT_FOUND, outcome?.info || 'no such group');
    }
    const group = requireGroup(outcome.group);
    const isIn = groups.get(groupID) !== undefined;
    if (!isIn) return viewGroup(group, outcome.self);
    const { view } = groupSync.take(group, outcome.self);
    return view;
  }

  private show(group: groupv1.Group): Group {
    const { groups, groupSync } = this.options;
    return groups.get(group.groupId) === undefined ? viewGroup(group) : groupSync.take(group).view;
  }

  private leaveOtherLive(groupID: string): void {
    for (const other of this.options.groups.listLive()) {
      if (other === groupID) continue;
      // Left here in any case: a server that could not be told drops the connection's rooms with the connection.
      this.options.groupSync.leave(other);
      this.quit(other).catch(() => undefined);
    }
  }
}

const JOIN_STATUS: Readonly<Record<number, TYPES>> = {
  1: TYPES.JOIN_STATUS_SUCCESS,
  2: TYPES.JOIN_STATUS_ALREADY_IN_GROUP,
  3: TYPES.JOIN_STATUS_WAIT_APPROVAL,
};

function requireGroup(group: groupv1.Group | undefined): groupv1.Group {
  if (group !== undefined) return group;
  throw new ChatFailure(FailureCode.ANSWER_MALFORMED, 'the answer of the server names no group');
}

function readNewGroup(options: CreateGroupOptions) {
  check(typeof options === 'object' && options !== null, 'options are an object');
  const { type, groupID = '', memberList = [], isSupportTopic = false, maxMemberNum } = options;
  check(isText(options.name), 'name is missing');
  check(isText(type), 'type is a GRP_ constant');
  checkNewID(groupID, type);
  check(Array.isArray(memberList), 'memberList is an array of { userID }');
  return {
    type,
    groupId: groupID,
    fields: { ...readFields(options), ...definedOnly({ maxMemberNum }) },
    members: memberList.map(readNewMember),
    supportTopic: isSupportTopic,
  };
}

function checkNewID(groupID: string, type: string): void {
  if (groupID === '') return;
  const isCommunity = type === TYPES.GRP_COMMUNITY;
  const isWellBegun = isCommunity ? groupID.startsWith(COMMUNITY_ID) : !groupID.startsWith(SERVER_ID);
  const isGood = PRINTABLE.test(groupID) && groupID.length <= GROUP_ID_BYTES_MAX && isWellBegun;
  const beginning = isCommunity ? `begins with ${COMMUNITY_ID}` : `does not begin with ${SERVER_ID}`;
  check(
    isGood,
    `groupID has at most ${GROUP_ID_BYTES_MAX} characters of printable ASCII and ${beginning}`,
    FailureCode.GROUP_ID_INVALID,
  );
}

function readNewMember({ userID, role, memberCustomField }: NewGroupMember) {
  check(isText(userID), 'a member has a userID');
  return { userId: userID, role: toWireRole(role) ?? 0, custom: toCustom(memberCustomField) };
}

function readFields(options: CreateGroupOptions | UpdateGroupOptions) {
  const { name, introduction, notification, avatar, joinOption, groupCustomField } = options;
  const applyJoinOption = toWireJoinOption(joinOption);
  check(joinOption === undefined || applyJoinOption !== undefined, 'joinOption is a JOIN_OPTIONS_ constant');
  return {
    ...definedOnly({ name, introduction, notification, faceUrl: avatar, applyJoinOption }),
    custom: toCustom(groupCustomField),
  };
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Without what the app left out. */
const definedOnly = <T extends object>(fields: T): Defined<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>;
