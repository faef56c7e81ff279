// Admins of a live group: a list of its own, for they are no members. Source: rest-groups.md 5.
import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorCode } from '@parley/kernel';
import type { groupv1 } from '@parley/proto';
import { succeeded } from '../../envelope.js';
import { badField, requiredInteger } from '../../json/fields.js';
import type { JsonObject } from '../../json/json-body.js';
import { defineGroupCommand } from './group-command.js';
import { groupIdOf } from './group-fields.js';
import { LIVE_ADMINS_MAX } from './group-limits.js';
import { membersOf } from './member-fields.js';
import { loadVisibleNames, type VisibleName } from './visible-names.js';

type ChangeRequest = MessageInitShape<typeof groupv1.ChangeLiveAdminsRequestSchema>;

const BAD = ErrorCode.GROUP_BAD_PARAMETER;
const APPOINT = 1;
const DISMISS = 2;

/** Appoints and dismisses; who is appointed need not be there. */
export const modifyAdmin = defineGroupCommand<ChangeRequest, unknown>({
  path: 'group_open_avchatroom_http_svc/modify_admin',
  parse: (body) => ({
    groupId: groupIdOf(body),
    appoint: commandTypeOf(body) === APPOINT,
    userIds: membersOf(body, 'Admin_Account', LIVE_ADMINS_MAX),
  }),
  call: (request, { tools, context }) => tools.groups.changeLiveAdmins(request, context),
  render: () => succeeded(),
});

interface NamedAdmin extends VisibleName {
  readonly Admin_Account: string;
}

export const getAdminList = defineGroupCommand<string, readonly NamedAdmin[]>({
  path: 'group_open_avchatroom_http_svc/get_admin_list',
  parse: groupIdOf,
  async call(groupId, scope) {
    const { userIds } = await scope.tools.groups.listLiveAdmins({ groupId }, scope.context);
    const names = await loadVisibleNames(scope, userIds);
    return userIds.map((userId, at) => ({ Admin_Account: userId, ...(names[at] as VisibleName) }));
  },
  render: (admins) => succeeded({ Admin_List: admins }),
});

function commandTypeOf(body: JsonObject): number {
  const type = requiredInteger(body, 'CommandType', { code: BAD });
  if (type === APPOINT || type === DISMISS) return type;
  throw badField(BAD, 'CommandType', 'must be 1 (appoint) or 2 (dismiss)');
}
