import type { groupv1 } from '@parley/proto';
import { boundedAnswer, defineGroupCommand } from './group-command.js';
import { viewMembers } from './group-facts.js';
import { groupIdOf } from './group-fields.js';
import { renderMember } from './group-json.js';
import { NAMED_MEMBERS_PER_QUERY_MAX } from './group-limits.js';
import { membersOf, roleFilterOf } from './member-fields.js';
import { type MemberFilters, memberFiltersOf } from './member-filters.js';

interface NamedMembersQuery {
  readonly groupId: string;
  readonly userIds: readonly string[];
  readonly roles: readonly groupv1.Role[];
  readonly filters: MemberFilters;
}

/** Those of up to 50 users who are members. */
export const getSpecifiedGroupMemberInfo = defineGroupCommand<NamedMembersQuery, readonly unknown[]>({
  path: 'group_open_http_svc/get_specified_group_member_info',

  parse: (body) => ({
    groupId: groupIdOf(body),
    userIds: membersOf(body, 'Member_List_Account', NAMED_MEMBERS_PER_QUERY_MAX),
    roles: roleFilterOf(body),
    filters: memberFiltersOf(body),
  }),

  async call({ groupId, userIds, roles, filters }, scope) {
    const answer = await scope.tools.groups.getMembers({ groupId, userIds: [...userIds] }, scope.context);
    const members = answer.members.filter(({ role }) => roles.length === 0 || roles.includes(role));
    const views = await viewMembers(scope, groupId, { members, filter: filters.member });
    return views.map((view) => renderMember(view, filters));
  },

  render: (members, { groupId }) => boundedAnswer({ GroupId: groupId, MemberList: members }),
});
