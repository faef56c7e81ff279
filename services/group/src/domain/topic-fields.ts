// The fields of a topic that callers give. Limits: rest-groups.md 8.1.
import { clone } from '@bufbuild/protobuf';
import { groupv1 } from '@parley/proto';
import type { FieldLimits } from './group-fields.js';
import { TOPIC_CUSTOM_BYTES_MAX } from './limits.js';
import { checkPermission } from './permission-group-fields.js';
import { badParameter } from './refusals.js';

export interface FieldsApplied {
  readonly topic: groupv1.Topic;
  /** What was given and differs. */
  readonly changed: groupv1.TopicFields;
}

const TEXTS = ['name', 'introduction', 'notification', 'faceUrl', 'custom'] as const;

/** The topic with the fields changed; the one given stays as it is. @throws ChatError 10004. */
export function applyTopicFields(
  topic: groupv1.Topic,
  fields: groupv1.TopicFields,
  limits: FieldLimits,
): FieldsApplied {
  const next = clone(groupv1.TopicSchema, topic);
  const changed = clone(groupv1.TopicFieldsSchema, fields);
  const bytesMax = {
    name: limits.nameBytesMax,
    introduction: limits.introductionBytesMax,
    notification: limits.notificationBytesMax,
    faceUrl: limits.faceUrlBytesMax,
    custom: TOPIC_CUSTOM_BYTES_MAX,
  };
  for (const what of TEXTS) {
    const given = fields[what];
    if (given === undefined) continue;
    if (Buffer.byteLength(given) > bytesMax[what]) {
      throw badParameter(`the ${what} of a topic has at most ${bytesMax[what]} bytes`);
    }
    if (given === topic[what]) delete changed[what];
    next[what] = given;
  }
  if (next.name === '') throw badParameter('a topic has a name');
  if (fields.muteAll === topic.muteAll) delete changed.muteAll;
  next.muteAll = fields.muteAll ?? topic.muteAll;
  if (fields.defaultPermission === topic.defaultPermission) delete changed.defaultPermission;
  next.defaultPermission = checkPermission(fields.defaultPermission ?? topic.defaultPermission);
  return { topic: next, changed };
}

export const isChanged = (changed: groupv1.TopicFields): boolean =>
  changed.muteAll !== undefined ||
  changed.defaultPermission !== undefined ||
  TEXTS.some((what) => changed[what] !== undefined);
