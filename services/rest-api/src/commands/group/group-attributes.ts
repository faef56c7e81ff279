// The commands of a group's attributes. Their fields are in lower case.
import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorCode } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import { succeeded } from '../../envelope.js';
import { eachObject, optionalText, requiredList, requiredText } from '../../json/fields.js';
import type { JsonObject } from '../../json/json-body.js';
import type { Command } from '../command.js';
import { defineGroupCommand } from './group-command.js';
import { groupIdOf } from './group-fields.js';

type AttributeInit = MessageInitShape<typeof groupv1.AttributeSchema>;
type ChangeRequest = MessageInitShape<typeof groupv1.ChangeAttributesRequestSchema>;

const BAD = ErrorCode.GROUP_BAD_PARAMETER;
const TOO_MANY = ErrorCode.GROUP_ATTRIBUTES_TOO_MANY;
const { AttributeMode } = groupv1;

/** Source: rest-groups.md 6. */
const ATTRIBUTES_MAX = 16;

/** All attributes of a group. */
export const getGroupAttr = defineGroupCommand<string, groupv1.GetAttributesResponse>({
  path: 'group_open_attr_http_svc/get_group_attr',
  parse: groupIdOf,
  call: (groupId, { tools, context }) => tools.groups.getAttributes({ groupId }, context),
  render: ({ attributes }) =>
    succeeded({ GroupAttrAry: attributes.map(({ key, value }) => ({ key, value })) }),
});

/** Sets some attributes and leaves the others. */
export const modifyGroupAttr = changeCommand('group_open_http_svc/modify_group_attr', {
  mode: AttributeMode.UPSERT,
  read: pairOf,
});
/** Sets these attributes and removes all others. */
export const setGroupAttr = changeCommand('group_open_http_svc/set_group_attr', {
  mode: AttributeMode.REPLACE,
  read: pairOf,
});
/** Removes some attributes. */
export const deleteGroupAttr = changeCommand('group_open_http_svc/delete_group_attr', {
  mode: AttributeMode.DELETE,
  read: keyOf,
});
/** Removes all attributes. */
export const clearGroupAttr = changeCommand('group_open_http_svc/clear_group_attr', {
  mode: AttributeMode.CLEAR,
  read: undefined,
});

interface Change {
  readonly mode: groupv1.AttributeMode;
  /** Of one item of GroupAttr; undefined: the command takes none. */
  readonly read: ((item: JsonObject) => AttributeInit) | undefined;
}

function changeCommand(path: string, { mode, read }: Change): Command {
  return defineGroupCommand<ChangeRequest, unknown>({
    path,
    parse: (body) => ({
      groupId: groupIdOf(body),
      mode,
      attributes: read === undefined ? [] : itemsOf(body).map(read),
    }),
    call: (request, { tools, context }) => tools.groups.changeAttributes(request, context),
    render: () => succeeded(),
  });
}

/** @throws ChatError 10004, or 10047 for more than a group can have. */
const itemsOf = (body: JsonObject): JsonObject[] =>
  eachObject(
    requiredList(body, 'GroupAttr', {
      codes: { notArray: BAD, tooFew: BAD, tooMany: TOO_MANY },
      bounds: { min: 1, max: ATTRIBUTES_MAX },
    }),
    'GroupAttr',
    BAD,
  );

function keyOf(item: JsonObject): AttributeInit {
  return { key: requiredText(item, 'key', BAD) };
}

function pairOf(item: JsonObject): AttributeInit {
  return { ...keyOf(item), value: optionalText(item, 'value', BAD) ?? '' };
}
