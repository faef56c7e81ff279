import { ChatError, ErrorCode } from '@parley/kernel';
import type { groupv1 } from '@parley/proto';
import { succeeded } from '../../envelope.js';
import { defineGroupCommand } from './group-command.js';
import { loadGroup } from './group-facts.js';
import { groupIdOf } from './group-fields.js';
import { isLive } from './group-json.js';

/** How many are in a live group now. */
export const getOnlineMemberNum = defineGroupCommand<string, groupv1.CountOnlineResponse>({
  path: 'group_open_http_svc/get_online_member_num',
  parse: groupIdOf,

  // Clients may ask about groups of any type, back ends about live ones only.
  async call(groupId, scope) {
    if (!isLive(await loadGroup(scope, groupId))) {
      throw new ChatError(ErrorCode.GROUP_NO_PERMISSION, 'only live groups are counted');
    }
    return scope.tools.groups.countOnline({ groupId }, scope.context);
  },

  render: ({ count }) => succeeded({ OnlineMemberNum: count }),
});
