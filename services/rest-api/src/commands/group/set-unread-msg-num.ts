import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorCode } from '@parley/kernel';
import type { messagev1 } from '@parley/proto';
import { succeeded } from '../../envelope.js';
import { requiredInteger } from '../../json/fields.js';
import { defineGroupCommand } from './group-command.js';
import { groupIdOf } from './group-fields.js';
import { memberOf } from './member-fields.js';

type SetUnreadRequest = MessageInitShape<typeof messagev1.SetUnreadRequestSchema>;

/** Sets a member's unread count, at most to the number of messages there are. */
export const setUnreadMsgNum = defineGroupCommand<SetUnreadRequest, unknown>({
  path: 'group_open_http_svc/set_unread_msg_num',
  parse: (body) => ({
    groupId: groupIdOf(body),
    user: memberOf(body, 'Member_Account'),
    unreadCount: requiredInteger(body, 'UnreadMsgNum', { code: ErrorCode.GROUP_BAD_PARAMETER }),
  }),
  call: (request, { tools, context }) => tools.messages.setUnread(request, context),
  render: () => succeeded(),
});
