// The public interface of one SDK instance. Names, parameters and results are those
// of the compatible API for the methods that exist so far; typings.test-d.ts holds
// them to it.

import type { KickedOutType } from '../connection/session-end.js';
import type { WebSocketFactory } from '../connection/web-socket.js';
import type { EVENT } from '../constants/event.js';
import type { TYPES } from '../constants/types.js';
import type { ChatFailure } from '../events/failure.js';
import type { LogLevel } from '../events/logger.js';
import type { ChatClock } from '../time/clock.js';
import type { Conversation, Group, Profile } from './conversation.js';
import type { FollowSDK } from './follow-sdk.js';
import type {
  GroupAttributesUpdate,
  GroupCounterUpdate,
  GroupSDK,
  PinnedMessageUpdate,
} from './group-sdk.js';
import type { CustomPayload, FacePayload, LocationPayload, Message, TextPayload } from './message.js';
import type { MessageChangeSDK } from './message-change-sdk.js';
import type { ProfileSDK } from './profile-sdk.js';
import type { ReceiptSDK } from './receipt-sdk.js';
import type { Friend, FriendApplicationList, FriendGroup, RelationSDK } from './relation-sdk.js';
import type { StatusSDK, UserStatus } from './status-sdk.js';
import type { TopicCreation, TopicDeletion, TopicSDK, TopicUpdate } from './topic-sdk.js';

/** What every promise of the API resolves with; it rejects with a {@link ChatFailure}. */
export interface ChatResult<T> {
  code: 0;
  data: T;
}

export type PlatformName = 'web' | 'android' | 'iphone' | 'ipad' | 'windows' | 'mac' | 'linux';

export interface CreateOptions {
  SDKAppID: number;
  /** Same as gatewayUrl, under the name that the compatible API has for it. */
  proxyServer?: string | undefined;
  fileUploadProxy?: string | undefined;
  fileDownloadProxy?: string | undefined;
  scene?: string | undefined;
  /** Ours: `ws://host:port/v1/ws`, or less of it. Default: the page's own host, else ws://127.0.0.1:8081/v1/ws. */
  gatewayUrl?: string | undefined;
  /** Ours: how the login policy counts this device. Default: web. */
  platform?: PlatformName | undefined;
  /** Ours: opens sockets where there is no global WebSocket (Node 20), and in tests. */
  webSocket?: WebSocketFactory | undefined;
  /**
   * Ours: names this SDK object to the server over reconnects; random by default.
   * One SDKAppID has one instance per instanceID, so that a process may hold several users.
   */
  instanceID?: string | undefined;
  /** Ours: a send with all its attempts fails after this time, ms. Default 60,000. */
  sendGiveUpMs?: number | undefined;
  /** Ours, for tests. */
  clock?: ChatClock | undefined;
  /** Ours, for tests: 0 up to, not including, 1. */
  random?: (() => number) | undefined;
}

export interface LoginOptions {
  userID: string;
  userSig: string;
}

export interface LoginData {
  actionStatus: 'OK';
  errorCode: 0;
  errorInfo: string;
  instanceID: string;
  /** This user was logged in already; nothing happened. */
  repeatLogin: boolean;
}

export interface CreateMessageOptions<P> {
  to: string;
  conversationType: TYPES;
  payload: P;
  priority?: TYPES | undefined;
  cloudCustomData?: string | undefined;
  needReadReceipt?: boolean | undefined;
  isSupportExtension?: boolean | undefined;
  receiverList?: string[] | undefined;
  customModerationConfigurationID?: string | undefined;
}

export interface AtPayload extends TextPayload {
  atUserList: string[];
}

export interface MessageControlInfo {
  excludedFromUnreadCount?: boolean | undefined;
  excludedFromLastMessage?: boolean | undefined;
  excludedFromContentModeration?: boolean | undefined;
}

export interface OfflinePushInfo {
  disablePush?: boolean | undefined;
  disableVoipPush?: boolean | undefined;
  title?: string | undefined;
  description?: string | undefined;
  extension?: string | undefined;
  androidInfo?: Readonly<Record<string, unknown>> | undefined;
  apnsInfo?: Readonly<Record<string, unknown>> | undefined;
}

export interface SendOptions {
  /** Only to devices that are connected now: not stored, not counted. */
  onlineUserOnly?: boolean | undefined;
  messageControlInfo?: MessageControlInfo | undefined;
  offlinePushInfo?: OfflinePushInfo | undefined;
}

export interface MessageListOptions {
  conversationID: string;
  /** As the page before gave it; absent: the newest page. */
  nextReqMessageID?: string | undefined;
  /** 1-100, default 15. */
  count?: number | undefined;
}

export interface MessageListData {
  /** Ascending. */
  messageList: Message[];
  /** Names the next older page; '' when there is none. */
  nextReqMessageID: string;
  isCompleted: boolean;
}

export interface ConversationFilter {
  type?: TYPES | undefined;
  groupName?: string | undefined;
  markType?: number | undefined;
  hasUnreadCount?: boolean | undefined;
  hasGroupAtInfo?: boolean | undefined;
}

export interface ConversationListData {
  /** The newest first. */
  conversationList: Conversation[];
  isSyncCompleted: boolean;
}

/** Events that this version sends, with their data. Handlers get `{ name, data }`. */
export interface ChatEvents {
  /** Logged in and in sync: everything may be called. */
  [EVENT.SDK_READY]: Record<string, never>;
  /** Not logged in any longer. */
  [EVENT.SDK_NOT_READY]: Record<string, never>;
  /** Messages of others, and own ones from other devices or REST, each once, in order. */
  [EVENT.MESSAGE_RECEIVED]: Message[];
  /** Messages with other content; ours as well: those that had been given up (`fail`) and turned out to be sent. */
  [EVENT.MESSAGE_MODIFIED]: Message[];
  /** Messages that were recalled, by others or on another device or by the back end. */
  [EVENT.MESSAGE_REVOKED]: Message[];
  /** Own messages that the peer read now. */
  [EVENT.MESSAGE_READ_BY_PEER]: Message[];
  /** The whole list, the newest first. */
  [EVENT.CONVERSATION_LIST_UPDATED]: Conversation[];
  [EVENT.TOTAL_UNREAD_MESSAGE_COUNT_UPDATED]: number;
  /** The groups that this user is in. */
  [EVENT.GROUP_LIST_UPDATED]: Group[];
  [EVENT.GROUP_ATTRIBUTES_UPDATED]: GroupAttributesUpdate;
  [EVENT.GROUP_COUNTER_UPDATED]: GroupCounterUpdate;
  [EVENT.TOPIC_CREATED]: TopicCreation;
  [EVENT.TOPIC_DELETED]: TopicDeletion;
  /** A topic's profile, mutes or counts are others; counts only of topics that were listed, made or changed before. */
  [EVENT.TOPIC_UPDATED]: TopicUpdate;
  [EVENT.PINNED_GROUP_MESSAGE_UPDATED]: PinnedMessageUpdate;
  /** Own, changed here or on another device or by the back end, and those of friends; each as it is now. */
  [EVENT.PROFILE_UPDATED]: Profile[];
  /** Of users that one subscribed to, of friends where the app wants it, and one's own custom status set elsewhere. */
  [EVENT.USER_STATUS_UPDATED]: UserStatus[];
  /** The whole list, once it is here: the app asked for it, or there was news of it. */
  [EVENT.FRIEND_LIST_UPDATED]: Friend[];
  [EVENT.FRIEND_GROUP_LIST_UPDATED]: FriendGroup[];
  [EVENT.FRIEND_APPLICATION_LIST_UPDATED]: FriendApplicationList;
  /** UserIDs. */
  [EVENT.BLACKLIST_UPDATED]: string[];
  [EVENT.KICKED_OUT]: { type: KickedOutType };
  [EVENT.ERROR]: { code: number; message: string };
  [EVENT.NET_STATE_CHANGE]: { state: NetState };
}

export type NetState =
  | typeof TYPES.NET_STATE_CONNECTED
  | typeof TYPES.NET_STATE_CONNECTING
  | typeof TYPES.NET_STATE_DISCONNECTED;

/** The methods that other parts of this folder declare. */
export interface PartSDK
  extends GroupSDK,
    TopicSDK,
    ProfileSDK,
    FollowSDK,
    RelationSDK,
    ReceiptSDK,
    StatusSDK,
    MessageChangeSDK {}

export interface ChatSDK extends PartSDK {
  /**
   * Resolves when the server accepted the login; SDK_READY follows when the
   * conversations are here. While connecting fails it is tried again for 15 s.
   *
   * Rejects with the server's code when it refuses (70001 expired, 70003 …), 2002 and
   * 2003 for missing options, 2025 when another user is logged in, 2800 without a connection.
   */
  login(options: LoginOptions): Promise<ChatResult<LoginData>>;
  /** Ends the login and forgets everything in memory. Resolves also when the server cannot be told. */
  logout(): Promise<void>;
  /** Logs out, closes the connection, drops the listeners; the instance is of no use afterwards. */
  destroy(): Promise<void>;
  on<E extends keyof ChatEvents>(
    eventName: E,
    handler: (event: { readonly name: string; readonly data: ChatEvents[E] }) => void,
    context?: unknown,
  ): void;
  on(eventName: string, handler: (event: never) => void, context?: unknown): void;
  off(eventName: string, handler: (event: never) => void, context?: unknown): void;
  /** Logged in, in sync, and not kicked since. Stays true while a lost connection is restored. */
  isReady(): boolean;
  /** '' when nobody is logged in. */
  getLoginUser(): string;
  /** s; the client's own time before the first login. */
  getServerTime(): number;
  /** 0 everything, 1 release, 2 warnings (default), 3 errors, 4 nothing. */
  setLogLevel(level: number): void;
  /** Accepted for compatibility. No method of this version needs a plug-in. */
  registerPlugin(options: object): void;

  /** @throws ChatFailure 6017 for options or a payload of the wrong shape. So do the other create methods. */
  createTextMessage(options: CreateMessageOptions<TextPayload>): Message;
  /** For groups: mentions members, or all by TYPES.MSG_AT_ALL. */
  createTextAtMessage(options: CreateMessageOptions<AtPayload>): Message;
  createCustomMessage(options: CreateMessageOptions<Partial<CustomPayload>>): Message;
  createFaceMessage(options: CreateMessageOptions<FacePayload>): Message;
  createLocationMessage(options: CreateMessageOptions<LocationPayload>): Message;

  /**
   * Resolves when the message is durable on the server. Sends of one conversation keep
   * their order. Without a connection the send waits and is repeated, at most 60 s;
   * then, or when the server refuses, `message.status` is `fail` and the promise rejects.
   */
  sendMessage(message: Message, options?: SendOptions): Promise<ChatResult<{ message: Message }>>;
  /** Sends a failed message again: the same message for everybody, even if the first attempt got through. */
  resendMessage(message: Message, options?: SendOptions): Promise<ChatResult<{ message: Message }>>;
  /** Pages of a conversation, from new to old. */
  getMessageList(options: MessageListOptions): Promise<ChatResult<MessageListData>>;
  /** All, those with the given ids, or those that fit the filter. */
  getConversationList(options?: string[] | ConversationFilter): Promise<ChatResult<ConversationListData>>;
  getConversationProfile(conversationID: string): Promise<ChatResult<{ conversation: Conversation }>>;
  /** Everything shown so far is read, on all devices; the peer is told. */
  setMessageRead(options: { conversationID: string }): Promise<ChatResult<Record<string, never>>>;
  getTotalUnreadMessageCount(): number;
  /** A message of this session by its ID; null when it is not in memory. */
  findMessage(messageID: string): Message | null;
}

/** For `catch`: the shape of every rejection. */
export type ChatRejection = Pick<ChatFailure, 'code' | 'message' | 'data'>;
export type { LogLevel };
