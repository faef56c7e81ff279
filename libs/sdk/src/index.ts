// The package's border. The default export is the one that the compatible package has:
//
//   import TencentCloudChat from '@parley/sdk';
//   const chat = TencentCloudChat.create({ SDKAppID: 1400000001 });
import { EVENT as EVENTS } from './constants/event.js';
import { TYPES as CONSTANTS } from './constants/types.js';
import { VERSION } from './constants/version.js';
import { create } from './create.js';

const TencentCloudChat = { create, EVENT: EVENTS, TYPES: CONSTANTS, VERSION } as const;

/** The same names as types, for code that writes `TencentCloudChat.TYPES`. */
declare namespace TencentCloudChat {
  export type EVENT = EVENTS;
  export type TYPES = CONSTANTS;
}

export default TencentCloudChat;

export type { WebSocketFactory, WebSocketLike } from './connection/web-socket.js';
export { EVENT } from './constants/event.js';
export { TYPES } from './constants/types.js';
export { VERSION } from './constants/version.js';
export { create } from './create.js';
export { ChatFailure, FailureCode } from './events/failure.js';
export type {
  AtPayload,
  ChatEvents,
  ChatResult,
  ChatSDK,
  ConversationFilter,
  ConversationListData,
  CreateMessageOptions,
  CreateOptions,
  LoginData,
  LoginOptions,
  MessageControlInfo,
  MessageListData,
  MessageListOptions,
  OfflinePushInfo,
  PlatformName,
  SendOptions,
} from './model/chat-sdk.js';
export type {
  Conversation,
  Group,
  GroupAtInfo,
  GroupField,
  GroupMember,
  GroupSelf,
  LastMessage,
  Profile,
} from './model/conversation.js';
export type {
  FollowedUser,
  FollowInfo,
  FollowListData,
  FollowListUpdate,
  FollowOperationResult,
  FollowSDK,
  FollowTypeResult,
} from './model/follow-sdk.js';
export type {
  AddMemberData,
  ChangeCounterOptions,
  CreateGroupOptions,
  GroupApplication,
  GroupAttributes,
  GroupAttributesUpdate,
  GroupCounters,
  GroupCounterUpdate,
  GroupProfileOptions,
  GroupSDK,
  HandleApplicationOptions,
  JoinGroupOptions,
  MarkMembersData,
  MarkMembersOptions,
  MemberListData,
  MemberListOptions,
  NewGroupMember,
  PinMessageOptions,
  PinnedMessage,
  PinnedMessageListData,
  PinnedMessageUpdate,
  RemindTypeData,
  RemindTypeOptions,
  UpdateGroupOptions,
} from './model/group-sdk.js';
export type {
  CustomPayload,
  FacePayload,
  LocationPayload,
  Message,
  MessageElement,
  MessagePayload,
  TextPayload,
  UserInfo,
} from './model/message.js';
export type { MessageChangeSDK } from './model/message-change-sdk.js';
export type { GroupSystemNoticePayload, GroupTipPayload, TipMember, TipProfile } from './model/notice.js';
export type { ProfileSDK, UpdateProfileOptions } from './model/profile-sdk.js';
export type {
  MessageExtension,
  MessageExtensionResult,
  ReadMemberListData,
  ReadMemberListOptions,
  ReadReceiptUpdate,
  ReceiptSDK,
} from './model/receipt-sdk.js';
export type {
  AcceptApplicationOptions,
  AddFriendData,
  AddFriendOptions,
  CheckFriendData,
  Friend,
  FriendApplication,
  FriendApplicationList,
  FriendGroup,
  FriendGroupData,
  FriendGroupOptions,
  FriendProfileData,
  FriendsResult,
  RelationFailure,
  RelationSDK,
  UpdateFriendOptions,
} from './model/relation-sdk.js';
export type { StatusFailure, StatusSDK, UserStatus, UserStatusData } from './model/status-sdk.js';
export type {
  CreateTopicOptions,
  DeletedTopicsData,
  Topic,
  TopicCreation,
  TopicDeletion,
  TopicFailure,
  TopicListData,
  TopicSDK,
  TopicSelf,
  TopicsOptions,
  TopicUpdate,
  UpdateTopicOptions,
} from './model/topic-sdk.js';
export type { ChatClock } from './time/clock.js';
