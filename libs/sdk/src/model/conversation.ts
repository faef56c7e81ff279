// Conversations, profiles and groups as an app sees them. Fields and their meanings
// are those of the compatible API.
import type { TYPES } from '../constants/types.js';
import type { MessagePayload } from './message.js';

export interface Profile {
  userID: string;
  nick: string;
  avatar: string;
  gender: TYPES;
  birthday: number;
  location: string;
  selfSignature: string;
  allowType: TYPES;
  language: number;
  messageSettings: number;
  adminForbidType: TYPES;
  level: number;
  role: number;
  lastUpdatedNumber: number;
  profileCustomField: ProfileField[];
}

export interface ProfileField {
  key: string;
  value: string | number;
}

export interface GroupField {
  key: string;
  value: string;
}

export interface GroupSelf {
  userID: string;
  role: string;
  /** s */
  joinTime: number;
  nameCard: string;
  /** s; in the past or 0: not muted. */
  muteUntil: number;
  messageRemindType: TYPES;
  memberCustomField: GroupField[];
}

export interface GroupMember {
  userID: string;
  nick: string;
  avatar: string;
  role: string;
  /** s */
  joinTime: number;
  nameCard: string;
  /** s; in the past or 0: not muted. */
  muteUntil: number;
  memberCustomField: GroupField[];
}

/** Of a one-to-one conversation: empty, with groupID ''. */
export interface Group {
  groupID: string;
  name: string;
  avatar: string;
  type: TYPES;
  introduction: string;
  notification: string;
  ownerID: string;
  createTime: string;
  infoSequence: number;
  lastInfoTime: number;
  /** This user's membership; empty for a group that the user is not in. */
  selfInfo: Partial<GroupSelf>;
  lastMessage: Partial<LastMessage>;
  nextMessageSeq: number;
  memberCount: number;
  maxMemberCount: number;
  muteAllMembers: boolean;
  joinOption: TYPES;
  /** Whether members may invite; ours in this place. */
  inviteOption: TYPES;
  groupCustomField: GroupField[];
  isSupportTopic: boolean;
}

export interface LastMessage {
  /** Server time, s; 0 while there is no message. */
  lastTime: number;
  /** Message.sequence. */
  lastSequence: number;
  fromAccount: string;
  /** One line for a list: the text, or a name of the type in brackets. */
  messageForShow: string;
  type: TYPES | '';
  payload: MessagePayload | null;
  nick: string;
  nameCard: string;
  isRevoked: boolean;
  isPeerRead: boolean;
  revoker: string;
  cloudCustomData: string;
  /** Message.ID; ours. */
  messageID: string;
}

export interface GroupAtInfo {
  from: string;
  messageSequence: number;
  atTypeArray: number[];
}

export interface Conversation {
  /** `C2C<userID>`, `GROUP<groupID>`, or `@TIM#SYSTEM` for notices. */
  conversationID: string;
  type: TYPES;
  /** Type of the group; '' for one-to-one conversations. */
  subType: TYPES | '';
  unreadCount: number;
  lastMessage: LastMessage;
  groupProfile: Group;
  userProfile: Profile;
  groupAtInfoList: GroupAtInfo[];
  remark: string;
  isPinned: boolean;
  messageRemindType: TYPES;
  markList: number[];
  customData: string;
  conversationGroupList: string[];
  draftText: string;
  /** The peer read messages up to this server time, s; ours. */
  peerReadTime: number;
}
