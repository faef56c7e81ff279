import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorCode } from '@parley/kernel';
import type { groupv1 } from '@parley/proto';
import { succeeded } from '../../envelope.js';
import { givenOf, optionalChoice, optionalText } from '../../json/fields.js';
import { defineGroupCommand } from './group-command.js';
import { customOf, groupIdOf } from './group-fields.js';
import { memberOf, optionalMuteTime, optionalRole, RECEIVE_OPTIONS } from './member-fields.js';

type ModifyRequest = MessageInitShape<typeof groupv1.ModifyMemberRequestSchema>;

const BAD = ErrorCode.GROUP_BAD_PARAMETER;

/** Changes a member's role, name card, receive option, mute and custom fields; what is absent stays. */
export const modifyGroupMemberInfo = defineGroupCommand<ModifyRequest, unknown>({
  path: 'group_open_http_svc/modify_group_member_info',
  parse: (body) => ({
    groupId: groupIdOf(body),
    userId: memberOf(body, 'Member_Account'),
    ...givenOf({
      role: optionalRole(body),
      receiveOption: optionalChoice(body, 'MsgFlag', { values: RECEIVE_OPTIONS, code: BAD }),
      nameCard: optionalText(body, 'NameCard', BAD),
      muteSeconds: optionalMuteTime(body),
      custom: customOf(body, 'AppMemberDefinedData'),
    }),
  }),
  call: (request, { tools, context }) => tools.groups.modifyMember(request, context),
  render: () => succeeded(),
});
