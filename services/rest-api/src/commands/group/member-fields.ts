// What group commands read alike of members.
import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorCode, isUserId } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import {
  badField,
  eachObject,
  eachText,
  eitherName,
  givenOf,
  optionalChoice,
  optionalInteger,
  optionalText,
  optionalTexts,
  requiredInteger,
  requiredList,
  requiredText,
  UINT32_MAX,
} from '../../json/fields.js';
import type { JsonObject } from '../../json/json-body.js';
import { customOf } from './group-fields.js';

const BAD = ErrorCode.GROUP_BAD_PARAMETER;
const TOO_MANY = ErrorCode.GROUP_TOO_MANY_ACCOUNTS;
const { Role, ReceiveOption } = groupv1;

export type NewMemberInit = MessageInitShape<typeof groupv1.NewMemberSchema> & { readonly userId: string };

/** A UserID. @throws ChatError 10004. */
export function memberOf(body: JsonObject, name: string): string {
  const value = requiredText(body, name, BAD);
  if (isUserId(value)) return value;
  throw badField(BAD, name, 'must be 1 to 32 bytes of printable ASCII');
}

/** The same of a field that may be absent or empty: then undefined. @throws ChatError 10004. */
export function optionalMember(body: JsonObject, name: string): string | undefined {
  const value = optionalText(body, name, BAD);
  return value === undefined || value === '' ? undefined : memberOf(body, name);
}

/** A list of 1 to `max` items. @throws ChatError 10004, or 10005 for more. */
const listOf = (body: JsonObject, name: string, max: number): readonly unknown[] =>
  requiredList(body, name, {
    codes: { notArray: BAD, tooFew: BAD, tooMany: TOO_MANY },
    bounds: { min: 1, max },
  });

/** 1 to `max` UserIDs, each once. @throws ChatError 10004 or 10005. */
export function membersOf(body: JsonObject, name: string, max: number): string[] {
  const members = eachText(listOf(body, name, max), name, BAD);
  if (!members.every(isUserId)) throw badField(BAD, name, 'must hold UserIDs only');
  return [...new Set(members)];
}

/** The same of a field that may be absent or empty. @throws ChatError 10004 or 10005. */
export const optionalMembers = (body: JsonObject, name: string, max: number): string[] =>
  optionalTexts(body, name, BAD).length === 0 ? [] : membersOf(body, name, max);

/** The items of a MemberList as they stand; their accounts may not be UserIDs. @throws ChatError 10004 or 10005. */
export const memberItemsOf = (body: JsonObject, max: number): JsonObject[] =>
  eachObject(listOf(body, 'MemberList', max), 'MemberList', BAD);

const ITEM_ROLES: ReadonlyMap<string, groupv1.Role> = new Map([
  ['Admin', Role.ADMIN],
  ['Member', Role.MEMBER],
]);

/** "Admin" or "Member"; the owner is not made by a list. @throws ChatError 10004. */
export const optionalRole = (body: JsonObject): groupv1.Role | undefined =>
  optionalChoice(body, 'Role', { values: ITEM_ROLES, code: BAD });

/** An item of the lists of create_group, add_group_member and import_group_member. @throws ChatError 10004. */
export const newMemberOf = (item: JsonObject): NewMemberInit => ({
  userId: requiredText(item, 'Member_Account', BAD),
  ...givenOf({
    role: optionalRole(item),
    nameCard: optionalText(item, 'NameCard', BAD),
    joinTimeS: optionalInteger(item, 'JoinTime', { code: BAD }),
    unreadCount: optionalInteger(item, 'UnreadMsgNum', { code: BAD }),
    custom: customOf(item, 'AppMemberDefinedData'),
  }),
});

export const ROLES: ReadonlyMap<string, groupv1.Role> = new Map([
  ['Owner', Role.OWNER],
  ['Admin', Role.ADMIN],
  ['Member', Role.MEMBER],
]);

/** MemberRoleFilter; empty: all. @throws ChatError 10004. */
export const roleFilterOf = (body: JsonObject): groupv1.Role[] =>
  optionalTexts(body, 'MemberRoleFilter', BAD).map((name) => {
    const role = ROLES.get(name);
    if (role === undefined) throw badField(BAD, 'MemberRoleFilter', 'takes Owner, Admin and Member');
    return role;
  });

export const RECEIVE_OPTIONS: ReadonlyMap<string, groupv1.ReceiveOption> = new Map([
  ['AcceptAndNotify', ReceiveOption.NOTIFY],
  ['AcceptNotNotify', ReceiveOption.NOT_NOTIFY],
  ['Discard', ReceiveOption.DISCARD],
  ['AcceptNotNotifyExceptAt', ReceiveOption.NOT_NOTIFY_EXCEPT_AT],
]);

/** MuteTime, seconds; 0 unmutes, 4294967295 is for ever. @throws ChatError 10004. */
export const optionalMuteTime = (body: JsonObject): number | undefined =>
  optionalInteger(body, eitherName(body, 'MuteTime', 'ShutUpTime'), { code: BAD, max: UINT32_MAX });

export const requiredMuteTime = (body: JsonObject): number =>
  requiredInteger(body, eitherName(body, 'MuteTime', 'ShutUpTime'), { code: BAD, max: UINT32_MAX });
