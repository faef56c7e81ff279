// What a tip changes in a group's object. Pure.
import { TYPES } from '../constants/types.js';
import type { Group, GroupField } from '../model/conversation.js';
import type { GroupTipPayload, TipMember, TipProfile } from '../model/notice.js';

export interface Tip {
  readonly payload: GroupTipPayload;
  /** s */
  readonly time: number;
}

/** Tips after which this user may have come in or be gone. */
const MEMBERSHIP_TIPS: ReadonlySet<number> = new Set([
  TYPES.GRP_TIP_MBR_JOIN,
  TYPES.GRP_TIP_MBR_QUIT,
  TYPES.GRP_TIP_MBR_KICKED_OUT,
]);

/** Whether the tip says that this user came in or is gone. */
export const concernsMembership = ({ operationType, userIDList }: GroupTipPayload, self: string): boolean =>
  MEMBERSHIP_TIPS.has(operationType) && userIDList.includes(self);

export function applyTip(group: Group, { payload, time }: Tip, self: string): void {
  if (payload.memberCount !== undefined) group.memberCount = payload.memberCount;
  // What was read later than this was said knows it already.
  if (time >= group.lastInfoTime) applyProfile(group, payload.newGroupProfile, self);
  const member = payload.memberList.find(({ userID }) => userID === self);
  if (member !== undefined) applyMember(group, member, { payload, time });
}

function applyProfile(group: Group, profile: TipProfile, self: string): void {
  const { groupCustomField, ...fields } = profile;
  const isOwnerChanged = fields.ownerID !== undefined && fields.ownerID !== group.ownerID;
  if (isOwnerChanged && group.ownerID === self) group.selfInfo.role = TYPES.GRP_MBR_ROLE_MEMBER;
  if (isOwnerChanged && fields.ownerID === self) group.selfInfo.role = TYPES.GRP_MBR_ROLE_OWNER;
  Object.assign(group, fields);
  if (groupCustomField !== undefined) {
    group.groupCustomField = mergeFields(group.groupCustomField, groupCustomField);
  }
}

/** An empty value removes its entry. */
function mergeFields(known: readonly GroupField[], changed: readonly GroupField[]): GroupField[] {
  const merged = new Map(known.map(({ key, value }) => [key, value]));
  for (const { key, value } of changed) {
    if (value === '') merged.delete(key);
    else merged.set(key, value);
  }
  return [...merged].map(([key, value]) => ({ key, value }));
}

function applyMember({ selfInfo }: Group, member: TipMember, { payload, time }: Tip): void {
  if (payload.operationType === TYPES.GRP_TIP_MBR_SET_ADMIN) selfInfo.role = TYPES.GRP_MBR_ROLE_ADMIN;
  if (payload.operationType === TYPES.GRP_TIP_MBR_CANCELED_ADMIN) selfInfo.role = TYPES.GRP_MBR_ROLE_MEMBER;
  if (member.role !== undefined) selfInfo.role = member.role;
  if (member.nameCard !== undefined) selfInfo.nameCard = member.nameCard;
  if (member.muteTime !== undefined) selfInfo.muteUntil = member.muteTime === 0 ? 0 : time + member.muteTime;
}
