import { randomUUID } from 'node:crypto';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorCode, isUserId } from '@parley/kernel';
import type { groupv1 } from '@parley/proto';
import { succeeded } from '../../envelope.js';
import { badField, fieldOf, optionalInteger, requiredText } from '../../json/fields.js';
import type { JsonObject } from '../../json/json-body.js';
import { defineGroupCommand } from './group-command.js';
import { groupFieldsOf, groupIdOf, optionalFlag, requiredGroupType } from './group-fields.js';
import { MEMBERS_AT_CREATION_MAX } from './group-limits.js';
import { memberItemsOf, type NewMemberInit, newMemberOf, optionalMember } from './member-fields.js';

type CreateRequest = MessageInitShape<typeof groupv1.CreateGroupRequestSchema>;

const BAD = ErrorCode.GROUP_BAD_PARAMETER;

/** Makes a group, with up to 100 members beside its owner. */
export const createGroup = defineGroupCommand<CreateRequest, groupv1.CreateGroupResponse>({
  path: 'group_open_http_svc/create_group',
  parse: (body) => ({ ...newGroupOf(body), members: firstMembersOf(body) }),
  call: (request, { tools, context }) => tools.groups.createGroup(request, context),
  render: renderGroupId,
});

/** Brings a group of another system in: with its time, without telling anybody; members follow by import_group_member. */
export const importGroup = defineGroupCommand<CreateRequest, groupv1.CreateGroupResponse>({
  path: 'group_open_http_svc/import_group',
  parse: (body) => ({
    ...newGroupOf(body),
    isImport: true,
    createTimeS: optionalInteger(body, 'CreateTime', { code: BAD }) ?? 0,
  }),
  call: (request, { tools, context }) => tools.groups.createGroup(request, context),
  render: renderGroupId,
});

function renderGroupId({ group }: groupv1.CreateGroupResponse) {
  return succeeded({ GroupId: group?.groupId ?? '' });
}

function newGroupOf(body: JsonObject) {
  requiredText(body, 'Name', BAD);
  return {
    owner: optionalMember(body, 'Owner_Account') ?? '',
    type: requiredGroupType(body),
    groupId: isGiven(body, 'GroupId') ? groupIdOf(body) : '',
    fields: groupFieldsOf(body),
    supportTopic: optionalFlag(body, 'SupportTopic') ?? false,
    // The call to the group service may be made again; another request makes another group.
    creationId: randomUUID(),
  };
}

/** SDKs with fixed structures send "" for a text that is not set. */
function isGiven(body: JsonObject, name: string): boolean {
  const value = fieldOf(body, name);
  return value !== undefined && value !== '';
}

/** @throws ChatError 10004, or 10005 for more than 100. */
function firstMembersOf(body: JsonObject): NewMemberInit[] {
  const list = fieldOf(body, 'MemberList');
  if (list === undefined || (Array.isArray(list) && list.length === 0)) return [];
  const members = memberItemsOf(body, MEMBERS_AT_CREATION_MAX).map(newMemberOf);
  if (members.every(({ userId }) => isUserId(userId))) return members;
  throw badField(BAD, 'MemberList', 'must name members by their UserIDs');
}
