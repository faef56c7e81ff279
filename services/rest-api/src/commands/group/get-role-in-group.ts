import type { groupv1 } from '@parley/proto';
import { succeeded } from '../../envelope.js';
import { defineGroupCommand } from './group-command.js';
import { groupIdOf } from './group-fields.js';
import { roleName } from './group-json.js';
import { ROLES_PER_QUERY_MAX } from './group-limits.js';
import { membersOf } from './member-fields.js';

interface RolesQuery {
  readonly groupId: string;
  readonly userIds: string[];
}

/** What up to 500 users are in a group. */
export const getRoleInGroup = defineGroupCommand<RolesQuery, groupv1.GetMembersResponse>({
  path: 'group_open_http_svc/get_role_in_group',
  parse: (body) => ({
    groupId: groupIdOf(body),
    userIds: membersOf(body, 'User_Account', ROLES_PER_QUERY_MAX),
  }),
  call: (query, { tools, context }) => tools.groups.getMembers(query, context),

  render({ members }, { userIds }) {
    const roles = new Map(members.map(({ userId, role }) => [userId, roleName(role)]));
    return succeeded({
      UserIdList: userIds.map((userId) => ({
        Member_Account: userId,
        Role: roles.get(userId) ?? 'NotMember',
      })),
    });
  },
});
