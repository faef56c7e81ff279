// The commands of topics of communities. Source: rest-groups.md 8.1.
import { randomUUID } from 'node:crypto';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorCode, type GroupId } from '@parley/kernel';
import type { groupv1 } from '@parley/proto';
import { succeeded } from '../../envelope.js';
import {
  eachText,
  eitherName,
  givenOf,
  optionalChoice,
  optionalInteger,
  optionalText,
  requiredList,
  requiredText,
} from '../../json/fields.js';
import type { JsonObject } from '../../json/json-body.js';
import { defineGroupCommand } from './group-command.js';
import { groupIdOf, groupOrTopicOf, ON_OFF, optionalGroupType, permissionOf } from './group-fields.js';
import { TOPICS_PER_CALL_MAX } from './group-limits.js';
import { optionalMember } from './member-fields.js';

type CreateRequest = MessageInitShape<typeof groupv1.CreateTopicRequestSchema>;
type ModifyRequest = MessageInitShape<typeof groupv1.ModifyTopicRequestSchema>;

interface DestroyRequest {
  readonly groupId: GroupId;
  readonly topicIds: string[];
}

const BAD = ErrorCode.GROUP_BAD_PARAMETER;

export const createTopic = defineGroupCommand<CreateRequest, groupv1.CreateTopicResponse>({
  path: 'million_group_open_http_svc/create_topic',
  parse: newTopicOf,
  call: (request, { tools, context }) => tools.groups.createTopic(request, context),
  render: renderTopicId,
});

/** Brings a topic of another system in: with its time, without telling anybody. */
export const importTopic = defineGroupCommand<CreateRequest, groupv1.CreateTopicResponse>({
  path: 'group_open_http_svc/import_topic',
  parse(body) {
    optionalGroupType(body, 'Type');
    return {
      ...newTopicOf(body),
      isImport: true,
      createTimeS: optionalInteger(body, 'CreateTime', { code: BAD }) ?? 0,
    };
  },
  call: (request, { tools, context }) => tools.groups.createTopic(request, context),
  render: renderTopicId,
});

export const modifyTopic = defineGroupCommand<ModifyRequest, unknown>({
  path: 'million_group_open_http_svc/modify_topic',
  parse(body) {
    requiredText(body, 'TopicId', BAD);
    return {
      topicId: groupOrTopicOf(body),
      fields: topicFieldsOf(body),
      operator: optionalMember(body, 'From_Account') ?? '',
    };
  },
  call: (request, { tools, context }) => tools.groups.modifyTopic(request, context),
  render: () => succeeded(),
});

/** Each topic has its own result. */
export const destroyTopic = defineGroupCommand<DestroyRequest, groupv1.DestroyTopicsResponse>({
  path: 'million_group_open_http_svc/destroy_topic',
  parse(body) {
    const items = requiredList(body, 'TopicIdList', {
      codes: { notArray: BAD, tooFew: BAD, tooMany: BAD },
      bounds: { min: 1, max: TOPICS_PER_CALL_MAX },
    });
    return { groupId: groupIdOf(body), topicIds: [...new Set(eachText(items, 'TopicIdList', BAD))] };
  },
  call: (request, { tools, context }) => tools.groups.destroyTopics(request, context),
  render: ({ topics }) =>
    succeeded({
      DestroyResultItem: topics.map(({ topicId, code, info }) => ({
        ErrorCode: code,
        ErrorInfo: info,
        TopicId: topicId,
      })),
    }),
});

function renderTopicId({ topic }: groupv1.CreateTopicResponse) {
  return succeeded({ TopicId: topic?.topicId ?? '' });
}

function newTopicOf(body: JsonObject) {
  requiredText(body, 'TopicName', BAD);
  return {
    groupId: groupIdOf(body),
    topicId: optionalText(body, 'TopicId', BAD) ?? '',
    fields: topicFieldsOf(body),
    operator: optionalMember(body, 'From_Account') ?? '',
    // The call to the group service may be made again; another request makes another topic.
    creationId: randomUUID(),
  };
}

function topicFieldsOf(body: JsonObject): MessageInitShape<typeof groupv1.TopicFieldsSchema> {
  const muteAll = eitherName(body, 'MuteAllMember', 'ShutUpAllFlag');
  return givenOf({
    name: optionalText(body, 'TopicName', BAD),
    introduction: optionalText(body, 'Introduction', BAD),
    notification: optionalText(body, 'Notification', BAD),
    faceUrl: optionalText(body, 'FaceUrl', BAD),
    custom: optionalText(body, 'CustomString', BAD),
    muteAll: optionalChoice(body, muteAll, { values: ON_OFF, code: BAD }),
    defaultPermission: permissionOf(body, 'DefaultPermission'),
  });
}
