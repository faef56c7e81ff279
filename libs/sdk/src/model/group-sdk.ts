// The groups' part of the public interface. Names, parameters and results are those of the compatible
// API; typings.test-d.ts holds the parameters to it. What is ours is marked so.
import type { TYPES } from '../constants/types.js';
import type { ChatResult } from './chat-sdk.js';
import type { Group, GroupField, GroupMember } from './conversation.js';
import type { Message } from './message.js';

export interface GroupProfileOptions {
  groupID: string;
  /** Keys of custom fields; absent: all. */
  groupCustomFieldFilter?: string[] | undefined;
}

export interface CreateGroupOptions {
  name: string;
  type: TYPES;
  groupID?: string | undefined;
  introduction?: string | undefined;
  notification?: string | undefined;
  avatar?: string | undefined;
  maxMemberNum?: number | undefined;
  joinOption?: TYPES | undefined;
  memberList?: NewGroupMember[] | undefined;
  groupCustomField?: GroupField[] | undefined;
  isSupportTopic?: boolean | undefined;
}

export interface NewGroupMember {
  userID: string;
  role?: string | undefined;
  memberCustomField?: GroupField[] | undefined;
}

export interface UpdateGroupOptions {
  groupID: string;
  name?: string | undefined;
  avatar?: string | undefined;
  introduction?: string | undefined;
  notification?: string | undefined;
  muteAllMembers?: boolean | undefined;
  joinOption?: TYPES | undefined;
  groupCustomField?: GroupField[] | undefined;
}

export interface JoinGroupOptions {
  groupID: string;
  applyMessage?: string | undefined;
  /** Accepted for compatibility: the service knows the type. */
  type?: TYPES | undefined;
}

export interface GroupApplication {
  /** Who applies, or who invited. */
  applicant: string;
  applicantNick: string;
  groupID: string;
  groupName: string;
  /** 0 somebody applies; 1 this user is invited; 2 a member invited somebody and an admin decides. */
  applicationType: number;
  /** Who would come in. */
  userID: string;
  note: string;
  /** Ours. */
  applicationID: string;
}

export interface HandleApplicationOptions {
  handleAction: 'Agree' | 'Reject' | (string & {});
  handleMessage?: string | undefined;
  /** A notice of an application. */
  message?: Message | undefined;
  /** An entry of getGroupApplicationList; instead of a message. */
  application?: Partial<GroupApplication> | undefined;
}

export type GroupAttributes = Record<string, string>;
export type GroupCounters = Record<string, number>;

/** Data of GROUP_ATTRIBUTES_UPDATED: all attributes of the group. */
export interface GroupAttributesUpdate {
  groupID: string;
  groupAttributes: GroupAttributes;
}

/** Data of GROUP_COUNTER_UPDATED: one for every counter. */
export interface GroupCounterUpdate {
  groupID: string;
  key: string;
  value: number;
}

/** A message of which more may be known than where it stands. */
export type PinnedMessage = Partial<Message> & Pick<Message, 'conversationID' | 'sequence'>;

/** Data of PINNED_GROUP_MESSAGE_UPDATED. */
export interface PinnedMessageUpdate {
  groupID: string;
  isPinned: boolean;
  /** Whole when it was pinned; of one that was unpinned, what this device knows. */
  message: PinnedMessage;
  /** The userID is empty for an app's back end. */
  operatorInfo: { userID: string };
}

export interface PinMessageOptions {
  groupID: string;
  /** Sent, and of this group. */
  message: Message;
  isPinned: boolean;
}

export interface PinnedMessageListData {
  /** In the order in which they were pinned; without those that this user cannot see, or that are gone. */
  messageList: Message[];
  /** Who pinned each of them; ours. */
  pinnerIDList: string[];
}

export interface ChangeCounterOptions {
  groupID: string;
  key: string;
  value: number;
}

export interface MemberListOptions {
  groupID: string;
  /** 1-100, default 15. */
  count?: number | undefined;
  /** As the page before gave it, or a number of members to pass over. */
  offset?: number | string | undefined;
  /** Of a live group: only visitors with this mark. Otherwise accepted for compatibility. */
  filter?: number | undefined;
  /** Only owner, admins, or ordinary members. */
  role?: string | undefined;
}

export interface MarkMembersOptions {
  groupID: string;
  userIDList: string[];
  markType: number;
  enableMark: boolean;
}

export interface MarkMembersData {
  successUserIDList: string[];
  failureUserIDList: string[];
}

export interface MemberListData {
  memberList: GroupMember[];
  /** Of the next page; 0 when there is none. */
  offset: number | string;
}

export interface AddMemberData {
  successUserIDList: string[];
  failureUserIDList: string[];
  existedUserIDList: string[];
  overLimitUserIDList: string[];
  /** Waits for the invitee or for an admin; ours. */
  waitingUserIDList: string[];
  group: Group;
}

export interface RemindTypeOptions {
  groupID?: string | undefined;
  /** Of one-to-one conversations, at most 30; there need not be one yet. */
  userIDList?: string[] | undefined;
  messageRemindType: TYPES;
}

export interface RemindTypeData {
  /** Of a group's conversation. */
  group?: Group | undefined;
  successUserIDList: string[];
  failureUserIDList: string[];
}

type MemberResult = Promise<ChatResult<{ group: Group; member: GroupMember }>>;

/** Rejections: 6017 for options of the wrong shape; else the service's code (10007 not allowed, 10010 no such group, …). */
export interface GroupSDK {
  /** The groups that this user is in. */
  getGroupList(): Promise<ChatResult<{ groupList: Group[]; isCompleted: boolean }>>;
  /** A group in which this user is; of another one, what strangers may see. */
  getGroupProfile(options: GroupProfileOptions): Promise<ChatResult<{ group: Group }>>;
  /** @throws ChatFailure 8501 for a groupID that nobody may choose, 10021 for a taken one. */
  createGroup(
    options: CreateGroupOptions,
  ): Promise<ChatResult<{ group: Group; overLimitUserIDList: string[] }>>;
  dismissGroup(groupID: string): Promise<ChatResult<{ groupID: string }>>;
  updateGroupProfile(options: UpdateGroupOptions): Promise<ChatResult<{ group: Group }>>;
  /** JOIN_STATUS_*; `group` is there unless the application waits. A device is in one AVChatRoom at a time. */
  joinGroup(options: JoinGroupOptions): Promise<ChatResult<{ status: TYPES; group?: Group }>>;
  quitGroup(groupID: string): Promise<ChatResult<{ groupID: string }>>;
  searchGroupByID(groupID: string): Promise<ChatResult<{ group: Group }>>;
  /** Asked anew once a minute at most, in an AVChatRoom every 5 s. */
  getGroupOnlineMemberCount(groupID: string): Promise<ChatResult<{ memberCount: number }>>;
  changeGroupOwner(options: { groupID: string; newOwnerID: string }): Promise<ChatResult<{ group: Group }>>;
  /** What this user may decide. */
  getGroupApplicationList(): Promise<ChatResult<{ applicationList: GroupApplication[] }>>;
  handleGroupApplication(options: HandleApplicationOptions): Promise<ChatResult<{ group: Group }>>;
  setMessageRemindType(options: RemindTypeOptions): Promise<ChatResult<RemindTypeData>>;

  /** These and no others. 8511 above 10 writes in 5 s; 10056 when somebody wrote since the attributes were read. */
  initGroupAttributes(options: {
    groupID: string;
    groupAttributes: GroupAttributes;
  }): Promise<ChatResult<{ groupAttributes: GroupAttributes }>>;
  setGroupAttributes(options: {
    groupID: string;
    groupAttributes: GroupAttributes;
  }): Promise<ChatResult<{ groupAttributes: GroupAttributes }>>;
  /** An empty list deletes all. */
  deleteGroupAttributes(options: {
    groupID: string;
    keyList: string[];
  }): Promise<ChatResult<{ keyList: string[] }>>;
  /** An empty list asks for all. */
  getGroupAttributes(options: {
    groupID: string;
    keyList?: string[] | undefined;
  }): Promise<ChatResult<{ groupAttributes: GroupAttributes }>>;
  setGroupCounters(options: {
    groupID: string;
    counters: GroupCounters;
  }): Promise<ChatResult<{ counters: GroupCounters }>>;
  increaseGroupCounter(options: ChangeCounterOptions): Promise<ChatResult<GroupCounterUpdate>>;
  decreaseGroupCounter(options: ChangeCounterOptions): Promise<ChatResult<GroupCounterUpdate>>;
  getGroupCounters(options: {
    groupID: string;
    keyList?: string[] | undefined;
  }): Promise<ChatResult<{ counters: GroupCounters }>>;

  /** 10070 beyond ten messages, 10071 for one that is pinned already. */
  pinGroupMessage(options: PinMessageOptions): Promise<ChatResult<PinMessageOptions>>;
  getPinnedGroupMessageList(groupID: string): Promise<ChatResult<PinnedMessageListData>>;

  getGroupMemberList(options: MemberListOptions): Promise<ChatResult<MemberListData>>;
  /** At most 50 users; those who are no members are left out. */
  getGroupMemberProfile(options: {
    groupID: string;
    userIDList: string[];
    memberCustomFieldFilter?: string[] | undefined;
  }): Promise<ChatResult<{ memberList: GroupMember[] }>>;
  /** 8510 for an empty list. */
  addGroupMember(options: { groupID: string; userIDList: string[] }): Promise<ChatResult<AddMemberData>>;
  /** With a duration (s) they may not come back before its end. */
  deleteGroupMember(options: {
    groupID: string;
    userIDList: string[];
    reason?: string | undefined;
    duration?: number | undefined;
  }): Promise<ChatResult<{ group: Group; userIDList: string[] }>>;
  /** s; 0 unmutes. */
  setGroupMemberMuteTime(options: { groupID: string; userID: string; muteTime: number }): MemberResult;
  setGroupMemberRole(options: { groupID: string; userID: string; role: TYPES }): MemberResult;
  /** 8506 above 50 bytes. Without a userID it is one's own. */
  setGroupMemberNameCard(options: {
    groupID: string;
    nameCard: string;
    userID?: string | undefined;
  }): MemberResult;
  setGroupMemberCustomField(options: {
    groupID: string;
    memberCustomField: GroupField[];
    userID?: string | undefined;
  }): MemberResult;
  /** Live groups only, by their owner. markType is at least 1000; at most 500 users, of whom those who are there are marked. */
  markGroupMemberList(options: MarkMembersOptions): Promise<ChatResult<MarkMembersData>>;
}
