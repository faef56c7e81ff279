import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorCode } from '@parley/kernel';
import type { groupv1 } from '@parley/proto';
import { succeeded } from '../../envelope.js';
import { optionalText } from '../../json/fields.js';
import { defineGroupCommand } from './group-command.js';
import { groupIdOf, optionalFlag } from './group-fields.js';
import { MEMBERS_PER_REMOVAL_MAX } from './group-limits.js';
import { membersOf } from './member-fields.js';

type RemoveRequest = MessageInitShape<typeof groupv1.RemoveMembersRequestSchema>;

/** Removes members; who is none is no error. */
export const deleteGroupMember = defineGroupCommand<RemoveRequest, unknown>({
  path: 'group_open_http_svc/delete_group_member',
  parse: (body) => ({
    groupId: groupIdOf(body),
    userIds: membersOf(body, 'MemberToDel_Account', MEMBERS_PER_REMOVAL_MAX),
    reason: optionalText(body, 'Reason', ErrorCode.GROUP_BAD_PARAMETER) ?? '',
    silent: optionalFlag(body, 'Silence') ?? false,
  }),
  call: (request, { tools, context }) => tools.groups.removeMembers(request, context),
  render: () => succeeded(),
});
