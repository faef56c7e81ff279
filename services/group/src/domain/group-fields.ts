// The fields of a group that callers give: limits, and what a change makes of them.
import { clone } from '@bufbuild/protobuf';
import { groupv1 } from '@parley/proto';
import type { CustomFields } from './custom-fields.js';
import { checkPermission } from './permission-group-fields.js';
import type { ActorRole, GroupPolicy } from './policy.js';
import { badParameter } from './refusals.js';

/** Depend on the plan of the compatible system; see config.ts. */
export interface FieldLimits {
  readonly nameBytesMax: number;
  readonly introductionBytesMax: number;
  readonly notificationBytesMax: number;
  readonly faceUrlBytesMax: number;
  readonly groupMembersMax: number;
  readonly communityMembersMax: number;
}

export interface FieldRules {
  readonly limits: FieldLimits;
  readonly custom: CustomFields;
}

export interface FieldChange {
  readonly policy: GroupPolicy;
  readonly role: ActorRole;
  /** At creation, options that the type fixes are passed over; later they are a mistake. */
  readonly isCreation: boolean;
}

/** As many members as the type and the settings allow; 0: no bound. */
export function membersMaxOf(policy: GroupPolicy, limits: FieldLimits): number {
  if (policy.membersMax === 'none') return 0;
  return policy.membersMax === 'group' ? limits.groupMembersMax : limits.communityMembersMax;
}

/** The group with the fields changed; the one given stays as it is. @throws ChatError 10004 or 10007. */
export function applyFields(
  group: groupv1.Group,
  fields: groupv1.GroupFields,
  change: FieldChange,
  rules: FieldRules,
): groupv1.Group {
  const next = clone(groupv1.GroupSchema, group);
  applyTexts(next, fields, rules.limits);
  applyOptions(next, fields, change);
  applyNumbers(next, fields, change, rules.limits);
  next.custom = rules.custom.apply(group.custom, fields.custom, { scope: 'group', ...change });
  return next;
}

/** The fields that a type's `modifyProfile` covers; everything else is options. */
export const touchesProfile = (fields: groupv1.GroupFields): boolean =>
  fields.name !== undefined ||
  fields.introduction !== undefined ||
  fields.notification !== undefined ||
  fields.faceUrl !== undefined ||
  Object.keys(fields.custom).length > 0;

/** Covered by rights of their own: see member-rights.ts. */
export const touchesPermissions = (fields: groupv1.GroupFields): boolean =>
  fields.enablePermission !== undefined || fields.defaultPermission !== undefined;

export const touchesOptions = (fields: groupv1.GroupFields): boolean =>
  fields.maxMemberNum !== undefined ||
  fields.applyJoinOption !== groupv1.JoinOption.UNSPECIFIED ||
  fields.inviteJoinOption !== groupv1.JoinOption.UNSPECIFIED ||
  fields.historyBeforeJoin !== undefined;

function applyTexts(next: groupv1.Group, fields: groupv1.GroupFields, limits: FieldLimits): void {
  next.name = text('name', fields.name, next.name, limits.nameBytesMax);
  next.introduction = text(
    'introduction',
    fields.introduction,
    next.introduction,
    limits.introductionBytesMax,
  );
  next.notification = text(
    'notification',
    fields.notification,
    next.notification,
    limits.notificationBytesMax,
  );
  next.faceUrl = text('face URL', fields.faceUrl, next.faceUrl, limits.faceUrlBytesMax);
}

function text(what: string, given: string | undefined, present: string, bytesMax: number): string {
  if (given === undefined) return present;
  if (Buffer.byteLength(given) > bytesMax) throw badParameter(`the ${what} has at most ${bytesMax} bytes`);
  return given;
}

function applyOptions(next: groupv1.Group, fields: groupv1.GroupFields, change: FieldChange): void {
  const { policy, isCreation } = change;
  const choose = (given: groupv1.JoinOption, present: groupv1.JoinOption, isFixed: boolean) => {
    if (given === groupv1.JoinOption.UNSPECIFIED || given === present) return present;
    if (!isFixed) return given;
    if (isCreation) return present;
    throw badParameter('groups of this type have this option fixed');
  };
  next.applyJoinOption = choose(fields.applyJoinOption, next.applyJoinOption, policy.apply.isFixed);
  next.inviteJoinOption = choose(fields.inviteJoinOption, next.inviteJoinOption, policy.invite.isFixed);
  if (fields.muteAll !== undefined) next.muteAll = fields.muteAll;
  const { historyBeforeJoin } = fields;
  if (historyBeforeJoin === undefined || historyBeforeJoin === next.historyBeforeJoin) return;
  if (!policy.historyBeforeJoin.isFixed) next.historyBeforeJoin = historyBeforeJoin;
  else if (!isCreation) throw badParameter('groups of this type have no choice about their history');
}

function applyNumbers(
  next: groupv1.Group,
  fields: groupv1.GroupFields,
  { policy, isCreation }: FieldChange,
  limits: FieldLimits,
): void {
  const cap = membersMaxOf(policy, limits);
  const { maxMemberNum } = fields;
  if (cap === 0) {
    if (maxMemberNum !== undefined && !isCreation) throw badParameter('groups of this type have no bound');
  } else if (maxMemberNum !== undefined) {
    if (maxMemberNum < 1 || maxMemberNum > cap) throw badParameter(`a group has 1 to ${cap} members`);
    if (maxMemberNum < next.memberNum) throw badParameter('the group has more members than that already');
    next.maxMemberNum = maxMemberNum;
  }
  if (fields.enablePermission === undefined && fields.defaultPermission === undefined) return;
  if (!policy.hasTopics) throw badParameter('only communities have permissions');
  next.enablePermission = fields.enablePermission ?? next.enablePermission;
  next.defaultPermission = checkPermission(fields.defaultPermission ?? next.defaultPermission);
}
