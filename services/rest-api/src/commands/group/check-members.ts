import type { MessageInitShape } from '@bufbuild/protobuf';
import type { groupv1 } from '@parley/proto';
import { succeeded } from '../../envelope.js';
import { defineGroupCommand } from './group-command.js';
import { groupIdOf } from './group-fields.js';
import { CHECKED_VISITORS_MAX } from './group-limits.js';
import { membersOf } from './member-fields.js';

type CheckRequest = MessageInitShape<typeof groupv1.CheckVisitorsRequestSchema>;

/** Who of some users is in a live group now. Source: rest-groups.md 5. */
export const checkMembers = defineGroupCommand<CheckRequest, groupv1.CheckVisitorsResponse>({
  path: 'group_open_avchatroom_http_svc/check_members',
  parse: (body) => ({
    groupId: groupIdOf(body),
    userIds: membersOf(body, 'Member_Account', CHECKED_VISITORS_MAX),
  }),
  call: (request, { tools, context }) => tools.groups.checkVisitors(request, context),
  render: ({ userIds }) => succeeded({ Member_Account: userIds }),
});
