// Members of groups.
import { create } from '@bufbuild/protobuf';
import { groupv1 } from '@parley/proto';
import type { Caller } from '../calls/caller.js';
import { GROUP_METHOD } from '../calls/group-method.js';
import {
  MEMBERS_NAMED_MAX,
  MEMBERS_PAGE_DEFAULT,
  MEMBERS_PAGE_MAX,
  NAME_CARD_BYTES_MAX,
} from '../constants/limits.js';
import { FailureCode } from '../events/failure.js';
import type { Group, GroupField, GroupMember } from '../model/conversation.js';
import type { AddMemberData, MemberListData, MemberListOptions } from '../model/group-sdk.js';
import { check, isText, requireGroupID, requireUserIDs, toCustom, utf8Bytes } from './checks.js';
import type { GroupBook } from './group-book.js';
import type { GroupCalls } from './group-calls.js';
import type { GroupSync } from './group-sync.js';
import { toMember, toWireRole } from './group-view.js';
import type { VisitorCalls } from './visitor-calls.js';

export interface MemberCallsOptions {
  readonly self: string;
  readonly caller: Caller;
  readonly groups: GroupBook;
  readonly groupSync: GroupSync;
  readonly groupCalls: GroupCalls;
  readonly visitorCalls: VisitorCalls;
}

/** The service's bound of one removal. */
const REMOVED_MAX = 500;
const { ADDED, ALREADY_MEMBER, WAITING } = groupv1.MemberResult;

/** What one call changes of a member. */
interface MemberChange {
  readonly role?: groupv1.Role;
  readonly nameCard?: string;
  readonly muteSeconds?: number;
  readonly custom?: Record<string, string>;
}

export class MemberCalls {
  constructor(private readonly options: MemberCallsOptions) {}

  async list(options: MemberListOptions): Promise<MemberListData> {
    const groupId = requireGroupID(options?.groupID);
    if (this.options.groups.isLive(groupId)) return this.options.visitorCalls.list(options);
    const { offset = 0, count = MEMBERS_PAGE_DEFAULT, role } = options;
    const wireRole = toWireRole(role);
    check(role === undefined || wireRole !== undefined, 'role is a GRP_MBR_ROLE_ constant');
    const limit = Math.min(Math.max(Math.trunc(count), 1), MEMBERS_PAGE_MAX);
    const answer = await this.options.caller.call(GROUP_METHOD.listMembers, {
      groupId,
      roles: wireRole === undefined ? [] : [wireRole],
      limit,
      ...(typeof offset === 'string' ? { cursor: offset } : { offset: Math.max(0, Math.trunc(offset)) }),
    });
    return { memberList: answer.members.map(toMember), offset: nextOffset(offset, answer) };
  }

  async profiles(options: {
    groupID: string;
    userIDList: string[];
    memberCustomFieldFilter?: string[] | undefined;
  }): Promise<{ memberList: GroupMember[] }> {
    const groupId = requireGroupID(options?.groupID);
    const userIds = requireUserIDs(options.userIDList, MEMBERS_NAMED_MAX);
    const { members } = await this.options.caller.call(GROUP_METHOD.getMembers, { groupId, userIds });
    const wanted = options.memberCustomFieldFilter;
    const memberList = members.map(toMember);
    if (wanted === undefined) return { memberList };
    return { memberList: memberList.map((member) => ({ ...member, ...withFields(member, wanted) })) };
  }

  async add(options: { groupID: string; userIDList: string[] }): Promise<AddMemberData> {
    const { caller, groupCalls } = this.options;
    const groupId = requireGroupID(options?.groupID);
    const userIDs = requireUserIDs(options.userIDList, REMOVED_MAX);
    check(userIDs.length > 0, 'userIDList is empty', FailureCode.GROUP_NOBODY_INVITED);
    const answer = await caller.call(GROUP_METHOD.addMembers, {
      groupId,
      members: userIDs.map((userId) => ({ userId })),
    });
    const named = (...results: groupv1.MemberResult[]) =>
      answer.members.filter(({ result }) => results.includes(result)).map(({ userId }) => userId);
    return {
      successUserIDList: named(ADDED),
      existedUserIDList: named(ALREADY_MEMBER),
      waitingUserIDList: named(WAITING),
      failureUserIDList: named(groupv1.MemberResult.FAILED),
      overLimitUserIDList: [],
      group: await groupCalls.known(groupId),
    };
  }

  async remove(options: {
    groupID: string;
    userIDList: string[];
    reason?: string | undefined;
    duration?: number | undefined;
  }): Promise<{ group: Group; userIDList: string[] }> {
    const { caller, groupCalls } = this.options;
    const groupId = requireGroupID(options?.groupID);
    const userIds = requireUserIDs(options.userIDList, REMOVED_MAX);
    check(userIds.length > 0, 'userIDList is empty');
    const { reason = '', duration = 0 } = options;
    if (duration > 0) {
      await caller.call(GROUP_METHOD.banMembers, {
        groupId,
        userIds,
        seconds: duration,
        description: reason,
      });
    } else {
      await caller.call(GROUP_METHOD.removeMembers, { groupId, userIds, reason });
    }
    return { group: await groupCalls.known(groupId), userIDList: userIds };
  }

  async mute(options: { groupID: string; userID: string; muteTime: number }) {
    const isTime = Number.isInteger(options?.muteTime) && options.muteTime >= 0;
    check(isTime, 'muteTime is a whole number of seconds');
    check(isText(options.userID), 'userID is missing');
    return this.modify(options, { muteSeconds: options.muteTime });
  }

  async setRole(options: { groupID: string; userID: string; role: unknown }) {
    const role = toWireRole(options?.role);
    const isGiven = role === groupv1.Role.ADMIN || role === groupv1.Role.MEMBER;
    check(isGiven, 'role is GRP_MBR_ROLE_ADMIN or GRP_MBR_ROLE_MEMBER');
    check(isText(options.userID), 'userID is missing');
    return this.modify(options, { role });
  }

  async setNameCard(options: { groupID: string; nameCard: string; userID?: string | undefined }) {
    check(typeof options?.nameCard === 'string', 'nameCard is a text');
    check(
      utf8Bytes(options.nameCard) <= NAME_CARD_BYTES_MAX,
      `nameCard has at most ${NAME_CARD_BYTES_MAX} bytes`,
      FailureCode.GROUP_NAME_CARD_TOO_LONG,
    );
    return this.modify(options, { nameCard: options.nameCard });
  }

  async setCustomField(options: {
    groupID: string;
    memberCustomField: GroupField[];
    userID?: string | undefined;
  }) {
    return this.modify(options, { custom: toCustom(options?.memberCustomField) });
  }

  private async modify(
    options: { groupID: string; userID?: string | undefined },
    change: MemberChange,
  ): Promise<{ group: Group; member: GroupMember }> {
    const { caller, groupCalls, groups, groupSync, self } = this.options;
    const groupId = requireGroupID(options.groupID);
    const userId = options.userID ?? self;
    const answer = await caller.call(GROUP_METHOD.modifyMember, { groupId, userId, ...change });
    const group = await groupCalls.known(groupId);
    const member = answer.member ?? create(groupv1.MemberSchema, { userId });
    if (userId === self && groups.get(groupId) !== undefined) await groupSync.refresh(groupId);
    return { group, member: toMember(member) };
  }
}

function nextOffset(offset: number | string, answer: groupv1.ListMembersResponse): number | string {
  if (answer.nextCursor === '') return 0;
  return typeof offset === 'string' ? answer.nextCursor : offset + answer.members.length;
}

const withFields = ({ memberCustomField }: GroupMember, wanted: readonly string[]) => ({
  memberCustomField: memberCustomField.filter(({ key }) => wanted.includes(key)),
});
