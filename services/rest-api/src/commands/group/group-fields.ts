// What group commands read alike of a group. Lengths, and what a type allows, are
// the group service's to judge, once for all doors.
import type { MessageInitShape } from '@bufbuild/protobuf';
import { ChatError, ErrorCode, type GroupId, isGroupId, TOPIC_MARK } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import {
  badField,
  eitherName,
  givenOf,
  optionalChoice,
  optionalInteger,
  optionalObjects,
  optionalText,
  requiredText,
} from '../../json/fields.js';
import type { JsonObject } from '../../json/json-body.js';

const BAD = ErrorCode.GROUP_BAD_PARAMETER;
const { JoinOption } = groupv1;

export type GroupFieldsInit = MessageInitShape<typeof groupv1.GroupFieldsSchema>;

/** @throws ChatError 10004 without a GroupId, 10015 for one that cannot be. */
export function groupIdOf(body: JsonObject): GroupId {
  const value = requiredText(body, 'GroupId', BAD);
  if (isGroupId(value)) return value;
  throw new ChatError(ErrorCode.GROUP_ID_INVALID, 'GroupId must be 1 to 96 bytes of printable ASCII');
}

/** What is spoken to: the group, or the topic of it that TopicId names. @throws ChatError 10004 or 10015. */
export function groupOrTopicOf(body: JsonObject): GroupId {
  const groupId = groupIdOf(body);
  const topicId = optionalText(body, 'TopicId', BAD);
  if (topicId === undefined || topicId === '') return groupId;
  if (topicId.startsWith(groupId + TOPIC_MARK) && isGroupId(topicId)) return topicId;
  throw new ChatError(ErrorCode.GROUP_ID_INVALID, 'TopicId names no topic of the group');
}

/** Communities are told by their ids, custom ones too. Source: rest-groups.md 1.3. */
export const isCommunityId = (groupId: string): boolean => groupId.startsWith('@TGS#_');

/** Product names of types that have another name on the wire. */
const WIRE_TYPES: ReadonlyMap<string, string> = new Map([
  ['Work', 'Private'],
  ['Meeting', 'ChatRoom'],
]);

/** The type under its name on the wire; undefined when the field is absent or empty. @throws ChatError 10004. */
export function optionalGroupType(body: JsonObject, name: string): string | undefined {
  const type = optionalText(body, name, BAD);
  return type === undefined || type === '' ? undefined : (WIRE_TYPES.get(type) ?? type);
}

/** @throws ChatError 10004 also when it is absent. */
export function requiredGroupType(body: JsonObject): string {
  const type = optionalGroupType(body, 'Type');
  if (type === undefined) throw badField(BAD, 'Type', 'is required');
  return type;
}

const APPLY_OPTIONS: ReadonlyMap<string, groupv1.JoinOption> = new Map([
  ['FreeAccess', JoinOption.FREE],
  ['NeedPermission', JoinOption.NEED_PERMISSION],
  ['DisableApply', JoinOption.DISABLED],
]);
const INVITE_OPTIONS: ReadonlyMap<string, groupv1.JoinOption> = new Map([
  ['FreeAccess', JoinOption.FREE],
  ['NeedPermission', JoinOption.NEED_PERMISSION],
  ['DisableInvite', JoinOption.DISABLED],
]);
export const ON_OFF: ReadonlyMap<string, boolean> = new Map([
  ['On', true],
  ['Off', false],
]);

/** The fields that a group has from its creation on and that can be changed later. @throws ChatError 10004. */
export function groupFieldsOf(body: JsonObject): GroupFieldsInit {
  const muteAll = eitherName(body, 'MuteAllMember', 'ShutUpAllMember');
  return givenOf({
    name: optionalText(body, 'Name', BAD),
    introduction: optionalText(body, 'Introduction', BAD),
    notification: optionalText(body, 'Notification', BAD),
    faceUrl: optionalText(body, 'FaceUrl', BAD),
    maxMemberNum: maxMemberNumOf(body),
    applyJoinOption: optionalChoice(body, 'ApplyJoinOption', { values: APPLY_OPTIONS, code: BAD }),
    inviteJoinOption: optionalChoice(body, 'InviteJoinOption', { values: INVITE_OPTIONS, code: BAD }),
    muteAll: optionalChoice(body, muteAll, { values: ON_OFF, code: BAD }),
    historyBeforeJoin: optionalChoice(body, 'HistoryMsgBeforeJoin', { values: ON_OFF, code: BAD }),
    enablePermission: optionalFlag(body, 'EnablePermission'),
    defaultPermission: permissionOf(body, 'DefaultPermission'),
    custom: customOf(body, 'AppDefinedData'),
  });
}

/** The commands that make a group call it MaxMemberCount, the one that changes it MaxMemberNum. */
const maxMemberNumOf = (body: JsonObject): number | undefined =>
  optionalInteger(body, eitherName(body, 'MaxMemberNum', 'MaxMemberCount'), { code: BAD, min: 1 });

/** A set of rights, a bit each. @throws ChatError 10004. */
export function permissionOf(body: JsonObject, name: string): bigint | undefined {
  const bits = optionalInteger(body, name, { code: BAD, max: Number.MAX_SAFE_INTEGER });
  return bits === undefined ? undefined : BigInt(bits);
}

/** A 0/1 switch that may be absent. @throws ChatError 10004. */
export function optionalFlag(body: JsonObject, name: string): boolean | undefined {
  const value = optionalInteger(body, name, { code: BAD, max: 1 });
  return value === undefined ? undefined : value === 1;
}

/** Source: rest-groups.md 1.6. */
const CUSTOM_KEY = /^[A-Za-z0-9_]{1,16}$/;
/** A key like any other by its letters, and none that an object can hold. */
const NO_KEY = '__proto__';

/**
 * A list of `{Key, Value}` objects. An empty Value removes the entry, and so does an absent one.
 * @throws ChatError 10004.
 */
export function customOf(body: JsonObject, name: string): Record<string, string> | undefined {
  const items = optionalObjects(body, name, BAD);
  if (items.length === 0) return undefined;
  return Object.fromEntries(
    items.map((item) => {
      const key = requiredText(item, 'Key', BAD);
      if (!CUSTOM_KEY.test(key) || key === NO_KEY) {
        throw badField(BAD, `${name}.Key`, 'must be 1 to 16 letters, digits and underscores');
      }
      return [key, optionalText(item, 'Value', BAD) ?? ''];
    }),
  );
}
