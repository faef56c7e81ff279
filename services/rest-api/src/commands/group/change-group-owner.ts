import type { MessageInitShape } from '@bufbuild/protobuf';
import type { groupv1 } from '@parley/proto';
import { succeeded } from '../../envelope.js';
import { defineGroupCommand } from './group-command.js';
import { groupIdOf } from './group-fields.js';
import { memberOf, optionalMember } from './member-fields.js';

type TransferRequest = MessageInitShape<typeof groupv1.TransferGroupRequestSchema>;

/** Makes a member the owner, also of a group that has none. */
export const changeGroupOwner = defineGroupCommand<TransferRequest, unknown>({
  path: 'group_open_http_svc/change_group_owner',
  parse: (body) => ({
    groupId: groupIdOf(body),
    newOwner: memberOf(body, 'NewOwner_Account'),
    operator: optionalMember(body, 'From_Account') ?? '',
  }),
  call: (request, { tools, context }) => tools.groups.transferGroup(request, context),
  render: () => succeeded(),
});
