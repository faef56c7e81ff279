// What tips and notices of groups hold. Fields and their meanings are those of the compatible
// API; what is ours is marked so.
import type { TYPES } from '../constants/types.js';
import type { GroupField } from './conversation.js';
import type { UserInfo } from './message.js';

export interface TipMember extends UserInfo {
  /** s; 0: unmuted. Only where it changed, as the rest. */
  muteTime?: number;
  role?: string;
  nameCard?: string;
}

/** What changed of a group. */
export interface TipProfile {
  name?: string;
  introduction?: string;
  notification?: string;
  avatar?: string;
  ownerID?: string;
  muteAllMembers?: boolean;
  joinOption?: TYPES;
  inviteOption?: TYPES;
  groupCustomField?: GroupField[];
}

/** Payload of MSG_GRP_TIP. */
export interface GroupTipPayload {
  /** GRP_TIP_*. */
  operationType: number;
  /** '' for an app's back end. */
  operatorID: string;
  operatorInfo: UserInfo;
  /** Whom it concerns. */
  userIDList: string[];
  memberList: TipMember[];
  /** Afterwards; absent where the tip does not say. */
  memberCount?: number;
  newGroupProfile: TipProfile;
  /** Of joins: 1 by himself, 2 invited; ours. */
  joinType: number;
  reason: string;
}

/** Payload of MSG_GRP_SYS_NOTICE. */
export interface GroupSystemNoticePayload {
  /** 1 somebody applies, 2 accepted, 3 refused, 4 kicked, 5 dismissed, 6 created, 7 invited, 8 quit, 9 and 10 admin or no longer, … */
  operationType: number;
  operatorID: string;
  groupProfile: { groupID: string; name: string; type: string };
  /** Who applies, or is invited; ours. */
  userID: string;
  /** Of invitations; ours. */
  inviterID: string;
  /** Names the application for handleGroupApplication; ours. */
  applicationID: string;
  /** What an applicant says; ours. */
  applyMessage: string;
  handleMessage: string;
  /** What an app's back end says (16). */
  userDefinedField: string;
  /** s; ours. */
  muteTime: number;
}
