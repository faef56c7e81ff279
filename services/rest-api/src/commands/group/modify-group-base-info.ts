import type { MessageInitShape } from '@bufbuild/protobuf';
import type { groupv1 } from '@parley/proto';
import { succeeded } from '../../envelope.js';
import { defineGroupCommand } from './group-command.js';
import { groupFieldsOf, groupIdOf } from './group-fields.js';
import { optionalMember } from './member-fields.js';

type ModifyRequest = MessageInitShape<typeof groupv1.ModifyGroupRequestSchema>;

/** Changes what a group is called and how one comes in; what is absent stays. */
export const modifyGroupBaseInfo = defineGroupCommand<ModifyRequest, unknown>({
  path: 'group_open_http_svc/modify_group_base_info',
  parse: (body) => ({
    groupId: groupIdOf(body),
    fields: groupFieldsOf(body),
    operator: optionalMember(body, 'From_Account') ?? '',
  }),
  call: (request, { tools, context }) => tools.groups.modifyGroup(request, context),
  render: () => succeeded(),
});
