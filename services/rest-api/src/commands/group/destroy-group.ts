import { succeeded } from '../../envelope.js';
import { defineGroupCommand } from './group-command.js';
import { groupIdOf } from './group-fields.js';

/** Ends a group for ever. */
export const destroyGroup = defineGroupCommand<string, unknown>({
  path: 'group_open_http_svc/destroy_group',
  parse: groupIdOf,
  call: (groupId, { tools, context }) => tools.groups.destroyGroup({ groupId }, context),
  render: () => succeeded(),
});
