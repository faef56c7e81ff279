import type { groupv1 } from '@parley/proto';
import { succeeded } from '../../envelope.js';
import { defineGroupCommand } from './group-command.js';
import { groupIdOf } from './group-fields.js';

/** How many are in a live group now. */
export const getOnlineMemberNum = defineGroupCommand<string, groupv1.CountOnlineResponse>({
  path: 'group_open_http_svc/get_online_member_num',
  parse: groupIdOf,
  call: (groupId, { tools, context }) => tools.groups.countOnline({ groupId }, context),
  render: ({ count }) => succeeded({ OnlineMemberNum: count }),
});
