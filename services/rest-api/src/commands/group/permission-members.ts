// The commands of members of permission groups. Source: rest-groups.md 8.2.
import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorCode, isUserId } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import { succeeded } from '../../envelope.js';
import { optionalInteger, optionalText } from '../../json/fields.js';
import type { JsonObject } from '../../json/json-body.js';
import type { Command } from '../command.js';
import { MEMBER_RESULTS } from './add-group-member.js';
import { boundedAnswer, defineGroupCommand } from './group-command.js';
import { viewMembers } from './group-facts.js';
import { groupIdOf } from './group-fields.js';
import { renderMember } from './group-json.js';
import { PERMISSION_MEMBERS_PER_CALL_MAX, PERMISSION_MEMBERS_PER_PAGE_MAX } from './group-limits.js';
import { memberItemsOf, newMemberOf } from './member-fields.js';
import { type MemberFilters, memberFiltersOf } from './member-filters.js';
import { permissionGroupIdOf } from './permission-groups.js';

type ChangeRequest = MessageInitShape<typeof groupv1.ChangePermissionMembersRequestSchema> & {
  readonly groupId: string;
  readonly userIds: readonly string[];
};

interface MembersQuery {
  readonly request: MessageInitShape<typeof groupv1.ListPermissionMembersRequestSchema> & {
    readonly groupId: string;
  };
  readonly filters: MemberFilters;
}

interface MembersPage {
  readonly members: readonly unknown[];
  readonly next: string;
}

const BAD = ErrorCode.GROUP_BAD_PARAMETER;

export const addPermissionGroupMember = changeCommand('add', true);
export const deletePermissionGroupMember = changeCommand('delete', false);

/** Each member has its own result; what is no UserID fails alone. */
function changeCommand(word: string, add: boolean): Command {
  return defineGroupCommand<ChangeRequest, readonly groupv1.MemberOutcome[]>({
    path: `group_open_http_svc/${word}_permission_group_member`,
    parse: (body) => ({
      groupId: groupIdOf(body),
      permissionGroupId: permissionGroupIdOf(body),
      userIds: userIdsOf(body),
      add,
    }),
    async call(request, { tools, context }) {
      const userIds = request.userIds.filter(isUserId);
      if (userIds.length === 0) return [];
      return (await tools.permissions.changePermissionMembers({ ...request, userIds }, context)).members;
    },
    render(outcomes, { userIds }) {
      const byUser = new Map(outcomes.map(({ userId, result }) => [userId, result]));
      return succeeded({
        MemberList: userIds.map((userId) => ({
          Member_Account: userId,
          Result: MEMBER_RESULTS[byUser.get(userId) ?? groupv1.MemberResult.FAILED],
        })),
      });
    },
  });
}

/** Page by page, in the order of their ids. */
export const getPermissionGroupMemberList = defineGroupCommand<MembersQuery, MembersPage>({
  path: 'group_open_http_svc/get_permission_group_member_list',
  parse: (body) => ({
    request: {
      groupId: groupIdOf(body),
      permissionGroupId: permissionGroupIdOf(body),
      limit: optionalInteger(body, 'Limit', { code: BAD, max: PERMISSION_MEMBERS_PER_PAGE_MAX }) ?? 0,
      cursor: optionalText(body, 'Next', BAD) ?? '',
    },
    filters: memberFiltersOf(body),
  }),
  async call({ request, filters }, scope) {
    const page = await scope.tools.permissions.listPermissionMembers(request, scope.context);
    const facts = { members: page.members, filter: filters.member };
    const views = await viewMembers(scope, request.groupId, facts);
    return { members: views.map((view) => renderMember(view, filters)), next: page.nextCursor };
  },
  render: ({ members, next }) => boundedAnswer({ MemberList: members, Next: next }),
});

const userIdsOf = (body: JsonObject): string[] => [
  ...new Set(memberItemsOf(body, PERMISSION_MEMBERS_PER_CALL_MAX).map((item) => newMemberOf(item).userId)),
];
