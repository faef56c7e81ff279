import type { MessageInitShape } from '@bufbuild/protobuf';
import type { groupv1 } from '@parley/proto';
import { succeeded } from '../../envelope.js';
import { defineGroupCommand } from './group-command.js';
import { groupOrTopicOf } from './group-fields.js';
import { MUTES_PER_CALL_MAX } from './group-limits.js';
import { membersOf, requiredMuteTime } from './member-fields.js';

type MuteRequest = MessageInitShape<typeof groupv1.MuteMembersRequestSchema>;

/** Mutes users in a group for a time, or unmutes them; a mute outlives leaving. */
export const forbidSendMsg = defineGroupCommand<MuteRequest, unknown>({
  path: 'group_open_http_svc/forbid_send_msg',
  parse: (body) => ({
    groupId: groupOrTopicOf(body),
    userIds: membersOf(body, 'Members_Account', MUTES_PER_CALL_MAX),
    seconds: requiredMuteTime(body),
  }),
  call: (request, { tools, context }) => tools.groups.muteMembers(request, context),
  render: () => succeeded(),
});
