// The commands of rights that permission groups have in topics. Source: rest-groups.md 8.2.
import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorCode } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import { succeeded } from '../../envelope.js';
import { badField, eachObject, eachText, fieldOf, requiredList, requiredText } from '../../json/fields.js';
import type { JsonObject } from '../../json/json-body.js';
import type { Command } from '../command.js';
import { defineGroupCommand } from './group-command.js';
import { groupIdOf, permissionOf } from './group-fields.js';
import { TOPIC_PERMISSIONS_PER_CALL_MAX, TOPICS_PER_CALL_MAX } from './group-limits.js';
import { permissionGroupIdOf } from './permission-groups.js';

type ChangeRequest = MessageInitShape<typeof groupv1.ChangeTopicPermissionsRequestSchema>;
type Query = MessageInitShape<typeof groupv1.GetTopicPermissionsRequestSchema>;
type Topic = MessageInitShape<typeof groupv1.TopicPermissionSchema>;

const BAD = ErrorCode.GROUP_BAD_PARAMETER;
const CODES = { notArray: BAD, tooFew: BAD, tooMany: BAD };
const { ADD, SET, REMOVE } = groupv1.TopicPermissionMode;

export const addTopicPermissionGroup = changeCommand('add', ADD, permissionsOf);
export const setTopicPermissionGroup = changeCommand('set', SET, permissionsOf);
export const deleteTopicPermissionGroup = changeCommand('delete', REMOVE, (body) =>
  topicIdsOf(body, TOPIC_PERMISSIONS_PER_CALL_MAX, 1).map((topicId) => ({ topicId })),
);

/** Each topic has its own result. */
function changeCommand(
  word: string,
  mode: groupv1.TopicPermissionMode,
  topicsOf: (body: JsonObject) => Topic[],
): Command {
  return defineGroupCommand<ChangeRequest, groupv1.ChangeTopicPermissionsResponse>({
    path: `group_open_http_svc/${word}_topic_permission_group`,
    parse: (body) => ({
      groupId: groupIdOf(body),
      permissionGroupId: permissionGroupIdOf(body),
      mode,
      topics: topicsOf(body),
    }),
    call: (request, { tools, context }) => tools.permissions.changeTopicPermissions(request, context),
    render: ({ topics }) => succeeded({ TopicPermissionResultList: topics.map(renderResult) }),
  });
}

export const getTopicPermissionGroup = defineGroupCommand<Query, groupv1.GetTopicPermissionsResponse>({
  path: 'group_open_http_svc/get_topic_permission_group',
  parse: (body) => ({
    groupId: groupIdOf(body),
    permissionGroupId: permissionGroupIdOf(body),
    topicIds: fieldOf(body, 'TopicIdList') === undefined ? [] : topicIdsOf(body, TOPICS_PER_CALL_MAX, 0),
  }),
  call: (request, { tools, context }) => tools.permissions.getTopicPermissions(request, context),
  render: ({ topics }) =>
    succeeded({
      TopicPermissionResultList: topics.map((topic) => ({
        ...renderResult(topic),
        Permission: Number(topic.permission),
      })),
    }),
});

function permissionsOf(body: JsonObject): Topic[] {
  const items = requiredList(body, 'TopicPermissionList', {
    codes: CODES,
    bounds: { min: 1, max: TOPIC_PERMISSIONS_PER_CALL_MAX },
  });
  return eachObject(items, 'TopicPermissionList', BAD).map((item) => {
    const permission = permissionOf(item, 'Permission');
    if (permission === undefined) throw badField(BAD, 'Permission', 'is required and must be an integer');
    return { topicId: requiredText(item, 'TopicId', BAD), permission };
  });
}

function topicIdsOf(body: JsonObject, max: number, min: number): string[] {
  const items = requiredList(body, 'TopicIdList', { codes: CODES, bounds: { min, max } });
  return [...new Set(eachText(items, 'TopicIdList', BAD))];
}

const renderResult = ({ topicId, code, info }: groupv1.TopicPermissionOutcome) => ({
  ErrorCode: code,
  ErrorInfo: info,
  TopicId: topicId,
});
