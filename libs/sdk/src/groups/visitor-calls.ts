// Visitors of live groups, whom only its gateways know.
import type { groupv1 } from '@parley/proto';
import type { Caller } from '../calls/caller.js';
import { GROUP_METHOD } from '../calls/group-method.js';
import { MEMBERS_PAGE_DEFAULT, MEMBERS_PAGE_MAX } from '../constants/limits.js';
import type { GroupMember } from '../model/conversation.js';
import type {
  MarkMembersData,
  MarkMembersOptions,
  MemberListData,
  MemberListOptions,
} from '../model/group-sdk.js';
import { check, requireGroupID, requireUserIDs } from './checks.js';
import { fromRole } from './group-view.js';

/** The service's bound of one call. */
const MARKED_MAX = 500;
/** The lowest mark of an app's own. */
const MARK_MIN = 1_000;

export class VisitorCalls {
  constructor(private readonly options: { readonly caller: Caller }) {}

  /** The newest first. */
  async list({
    groupID,
    offset = 0,
    count = MEMBERS_PAGE_DEFAULT,
    filter = 0,
  }: MemberListOptions): Promise<MemberListData> {
    const beforeMs = Number(offset);
    check(Number.isSafeInteger(beforeMs) && beforeMs >= 0, 'offset is that of the page before');
    const answer = await this.options.caller.call(GROUP_METHOD.listVisitors, {
      groupId: groupID,
      beforeMs: BigInt(beforeMs),
      limit: Math.min(Math.max(Math.trunc(count), 1), MEMBERS_PAGE_MAX),
      mark: filter >= MARK_MIN ? filter : 0,
    });
    return { memberList: answer.visitors.map(toMember), offset: Number(answer.nextBeforeMs) };
  }

  async mark(options: MarkMembersOptions): Promise<MarkMembersData> {
    const groupId = requireGroupID(options?.groupID);
    const userIds = requireUserIDs(options.userIDList, MARKED_MAX);
    const { markType, enableMark } = options;
    check(userIds.length > 0, 'userIDList is empty');
    check(Number.isInteger(markType) && markType >= MARK_MIN, `markType is at least ${MARK_MIN}`);
    check(typeof enableMark === 'boolean', 'enableMark is a boolean');
    const request = { groupId, userIds, marks: [markType], set: enableMark };
    const answer = await this.options.caller.call(GROUP_METHOD.markVisitors, request);
    const done = new Set(answer.userIds);
    return {
      successUserIDList: userIds.filter((userId) => done.has(userId)),
      failureUserIDList: userIds.filter((userId) => !done.has(userId)),
    };
  }
}

const toMember = ({ userId, sinceMs, role }: groupv1.Visitor): GroupMember => ({
  userID: userId,
  nick: '',
  avatar: '',
  role: fromRole(role),
  joinTime: Math.floor(Number(sinceMs) / 1_000),
  nameCard: '',
  muteUntil: 0,
  memberCustomField: [],
});
