// The commands of permission groups of communities. Source: rest-groups.md 8.2.
import { randomUUID } from 'node:crypto';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorCode } from '@parley/kernel';
import type { groupv1 } from '@parley/proto';
import { succeeded } from '../../envelope.js';
import {
  eachText,
  fieldOf,
  givenOf,
  optionalInteger,
  optionalText,
  requiredList,
  requiredText,
} from '../../json/fields.js';
import type { JsonObject } from '../../json/json-body.js';
import { boundedAnswer, defineGroupCommand } from './group-command.js';
import { groupIdOf, permissionOf } from './group-fields.js';
import { PERMISSION_GROUPS_PER_CALL_MAX } from './group-limits.js';

type CreateRequest = MessageInitShape<typeof groupv1.CreatePermissionGroupRequestSchema>;
type ModifyRequest = MessageInitShape<typeof groupv1.ModifyPermissionGroupRequestSchema>;
type DestroyRequest = MessageInitShape<typeof groupv1.DestroyPermissionGroupsRequestSchema>;
type Query = MessageInitShape<typeof groupv1.GetPermissionGroupsRequestSchema>;

const BAD = ErrorCode.GROUP_BAD_PARAMETER;

export const createPermissionGroup = defineGroupCommand<CreateRequest, groupv1.CreatePermissionGroupResponse>(
  {
    path: 'group_open_http_svc/create_permission_group',
    parse(body) {
      requiredText(body, 'PermissionGroupName', BAD);
      return {
        groupId: groupIdOf(body),
        permissionGroupId: optionalText(body, 'PermissionGroupId', BAD) ?? '',
        fields: permissionFieldsOf(body),
        // The call to the group service may be made again; another request makes another permission group.
        creationId: randomUUID(),
      };
    },
    call: (request, { tools, context }) => tools.permissions.createPermissionGroup(request, context),
    render: ({ permissionGroup }) =>
      succeeded({ PermissionGroupId: permissionGroup?.permissionGroupId ?? '' }),
  },
);

export const modifyPermissionGroup = defineGroupCommand<ModifyRequest, unknown>({
  path: 'group_open_http_svc/modify_permission_group',
  parse: (body) => ({
    groupId: groupIdOf(body),
    permissionGroupId: permissionGroupIdOf(body),
    fields: permissionFieldsOf(body),
  }),
  call: (request, { tools, context }) => tools.permissions.modifyPermissionGroup(request, context),
  render: () => succeeded(),
});

/** Each permission group has its own result. */
export const destroyPermissionGroup = defineGroupCommand<
  DestroyRequest,
  groupv1.DestroyPermissionGroupsResponse
>({
  path: 'group_open_http_svc/destroy_permission_group',
  parse: (body) => ({ groupId: groupIdOf(body), permissionGroupIds: idsOf(body, 1) }),
  call: (request, { tools, context }) => tools.permissions.destroyPermissionGroups(request, context),
  render: ({ permissionGroups }) =>
    succeeded({ PermissionGroupResultList: permissionGroups.map(renderResult) }),
});

/** Some by their ids, each with its own result, or all page by page. */
export const getPermissionGroup = defineGroupCommand<Query, groupv1.GetPermissionGroupsResponse>({
  path: 'group_open_http_svc/get_permission_group',
  parse: (body) => ({
    groupId: groupIdOf(body),
    permissionGroupIds: fieldOf(body, 'PermissionGroupIdList') === undefined ? [] : idsOf(body, 0),
    limit: optionalInteger(body, 'Limit', { code: BAD, max: PERMISSION_GROUPS_PER_CALL_MAX }) ?? 0,
    cursor: optionalText(body, 'Next', BAD) ?? '',
  }),
  call: (request, { tools, context }) => tools.permissions.getPermissionGroups(request, context),
  render: ({ permissionGroups, nextCursor }) =>
    boundedAnswer({ PermissionGroupInfoList: permissionGroups.map(renderInfo), Next: nextCursor }),
});

/** @throws ChatError 10004 when it is absent. */
export const permissionGroupIdOf = (body: JsonObject): string => requiredText(body, 'PermissionGroupId', BAD);

function idsOf(body: JsonObject, min: number): string[] {
  const items = requiredList(body, 'PermissionGroupIdList', {
    codes: { notArray: BAD, tooFew: BAD, tooMany: BAD },
    bounds: { min, max: PERMISSION_GROUPS_PER_CALL_MAX },
  });
  return [...new Set(eachText(items, 'PermissionGroupIdList', BAD))];
}

const permissionFieldsOf = (body: JsonObject): MessageInitShape<typeof groupv1.PermissionGroupFieldsSchema> =>
  givenOf({
    name: optionalText(body, 'PermissionGroupName', BAD),
    custom: optionalText(body, 'CustomString', BAD),
    permission: permissionOf(body, 'Permission'),
  });

const renderResult = ({ permissionGroupId, code, info }: groupv1.PermissionGroupOutcome) => ({
  ErrorCode: code,
  ErrorInfo: info,
  PermissionGroupId: permissionGroupId,
});

const renderInfo = (outcome: groupv1.PermissionGroupOutcome) => {
  const { permissionGroup: group } = outcome;
  if (group === undefined) return renderResult(outcome);
  return {
    ...renderResult(outcome),
    PermissionGroupName: group.name,
    CustomString: group.custom,
    Permission: Number(group.permission),
    MemberCount: group.memberCount,
  };
};
