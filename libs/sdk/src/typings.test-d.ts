// Held by the compiler alone: code written for the compatible package compiles against
// this one. `@tencentcloud/chat` is used for its public types only.
import type * as compatible from '@tencentcloud/chat';
import type { EVENT } from './constants/event.js';
import type { TYPES } from './constants/types.js';
import type TencentCloudChat from './index.js';
import type {
  ChatSDK,
  Conversation,
  CreateOptions,
  Friend,
  FriendApplication,
  FriendGroup,
  Group,
  GroupMember,
  Message,
  Profile,
  Topic,
  UserInfo,
} from './index.js';
import type { ReceiptSDK } from './model/receipt-sdk.js';

type Theirs = compatible.ChatSDK;
/** A CommonJS module seen from ESM: its default export is one level down. */
type TheirModule = typeof compatible.default.default;
type TheirTypes = TheirModule['TYPES'][keyof TheirModule['TYPES']];

/** Every method of the compatible class that exists here. */
type Implemented = Extract<keyof Theirs, keyof ChatSDK>;

type Primitive = string | number | boolean | bigint | symbol | null | undefined;

/**
 * `any` accepts all and gives all, so it proves nothing: results take it as unknown. What their methods take
 * loosely, ours may take strictly: arguments take it as never.
 */
type IsAny<T> = 0 extends 1 & T ? true : false;

/** `number` itself, which TypeScript also lets pass for a numeric enum. */
type IsNumber<T> = (<X>() => X extends T ? 1 : 2) extends <X>() => X extends number ? 1 : 2 ? true : false;

/** An enum's plain values, a boxed type's primitive, any function for Function, and so on downwards. */
type Plain<T, Loose = unknown> =
  IsAny<T> extends true ? Loose : T extends unknown ? PlainOne<T, Loose> : never;

type PlainOne<T, Loose> =
  IsNumber<T> extends true
    ? number
    : T extends TheirTypes
      ? TYPES
      : T extends Primitive
        ? T
        : // biome-ignore lint/complexity/noBannedTypes: the compatible typings use the boxed types
          T extends String
          ? string
          : // biome-ignore lint/complexity/noBannedTypes: as above
            T extends Number
            ? number
            : T extends Promise<infer R>
              ? Promise<Plain<R, Loose>>
              : T extends (...args: infer A) => infer R
                ? (...args: PlainAll<A, Loose>) => Plain<R, Loose>
                : // biome-ignore lint/complexity/noBannedTypes: as above
                  T extends Function
                  ? (event: never) => void
                  : T extends object
                    ? { [K in keyof T]: Plain<T[K], Loose> }
                    : T;

type PlainAll<A extends readonly unknown[], Loose> = { [K in keyof A]: Plain<A[K], Loose> };

type Holds<T extends true> = T;
type Fits<Given, Wanted> = [Given] extends [Wanted] ? true : false;

type CreateMethod = Extract<Implemented, `create${string}`>;
type MessageMethod =
  | 'sendMessage'
  | 'resendMessage'
  | 'handleGroupApplication'
  | 'pinGroupMessage'
  | 'revokeMessage'
  | 'modifyMessage'
  | 'deleteMessage'
  | keyof ReceiptSDK;

/** What is passed to their methods may be passed to ours; payloads and messages are looked at below. */
type AcceptsTheirArguments = {
  [M in Exclude<Implemented, CreateMethod | MessageMethod>]: Fits<
    PlainAll<Parameters<Theirs[M]>, never>,
    Parameters<ChatSDK[M]>
  >;
};
/** What ours give back may be used where theirs did. */
type GivesTheirResults = { [M in Implemented]: Fits<ReturnType<ChatSDK[M]>, Plain<ReturnType<Theirs[M]>>> };

type AllHold<T extends Record<string, boolean>> = false extends T[keyof T] ? false : true;

/** Compatible create options have a payload of any type; everything else must be taken as it is. */
type TheirCreateOptions = Omit<Plain<Parameters<Theirs['createTextMessage']>[0]>, 'payload' | 'onProgress'>;
type OurCreateOptions<M extends CreateMethod> = Omit<Parameters<ChatSDK[M]>[0], 'payload'>;

type TheirConstants = { [K in keyof TheirModule['TYPES']]: Value<TheirModule['TYPES'][K]> };
type TheirEvents = { [K in keyof TheirModule['EVENT']]: Value<TheirModule['EVENT'][K]> };
type Value<E> = E extends string
  ? `${E}`
  : E extends number
    ? `${E}` extends `${infer N extends number}`
      ? N
      : never
    : never;
/** Bits here, 3 and 4 there: see constants/types.ts. */
type Corrected = 'CONV_MARK_TYPE_FOLD' | 'CONV_MARK_TYPE_HIDE';

/** Every line must be true; which one is not, the compiler names. */
export type Conformance = [
  Holds<AllHold<AcceptsTheirArguments>>,
  Holds<AllHold<GivesTheirResults>>,
  Holds<Fits<TheirCreateOptions, OurCreateOptions<'createTextMessage'>>>,
  Holds<Fits<TheirCreateOptions, OurCreateOptions<'createTextAtMessage'>>>,
  Holds<Fits<TheirCreateOptions, OurCreateOptions<'createCustomMessage'>>>,
  Holds<Fits<TheirCreateOptions, OurCreateOptions<'createFaceMessage'>>>,
  Holds<Fits<TheirCreateOptions, OurCreateOptions<'createLocationMessage'>>>,
  Holds<Fits<Message, Plain<compatible.Message>>>,
  Holds<Fits<Conversation, Plain<compatible.Conversation>>>,
  Holds<Fits<Group, Plain<compatible.Group>>>,
  Holds<Fits<GroupMember, Plain<compatible.GroupMember>>>,
  Holds<Fits<Topic, Plain<compatible.Topic>>>,
  Holds<Fits<Profile, Plain<compatible.Profile>>>,
  Holds<Fits<UserInfo, Plain<compatible.UserInfo>>>,
  Holds<Fits<Friend, Plain<compatible.Friend>>>,
  Holds<Fits<FriendApplication, Plain<compatible.FriendApplication>>>,
  Holds<Fits<FriendGroup, Plain<compatible.FriendGroup>>>,
  Holds<Fits<Plain<Parameters<TheirModule['create']>[0]>, CreateOptions>>,
  Holds<Fits<ReturnType<typeof TencentCloudChat.create>, ChatSDK>>,
  Holds<Fits<Omit<typeof TencentCloudChat.TYPES, Corrected>, Omit<TheirConstants, Corrected>>>,
  Holds<Fits<typeof TencentCloudChat.EVENT, TheirEvents>>,
  Holds<Fits<TencentCloudChat.TYPES, TYPES>>,
  Holds<Fits<TencentCloudChat.EVENT, EVENT>>,
  Holds<Fits<ImplementedNow, Implemented>>,
];

/** The methods of this version: none may vanish from the class, or be checked by nobody. */
type ImplementedNow =
  | 'login'
  | 'logout'
  | 'destroy'
  | 'on'
  | 'off'
  | 'isReady'
  | 'getLoginUser'
  | 'getServerTime'
  | 'setLogLevel'
  | 'registerPlugin'
  | 'createTextMessage'
  | 'createTextAtMessage'
  | 'createCustomMessage'
  | 'createFaceMessage'
  | 'createLocationMessage'
  | 'sendMessage'
  | 'resendMessage'
  | 'getMessageList'
  | 'getConversationList'
  | 'getConversationProfile'
  | 'setMessageRead'
  | 'getTotalUnreadMessageCount'
  | 'findMessage'
  | 'getGroupList'
  | 'getGroupProfile'
  | 'createGroup'
  | 'dismissGroup'
  | 'updateGroupProfile'
  | 'joinGroup'
  | 'quitGroup'
  | 'pinGroupMessage'
  | 'getPinnedGroupMessageList'
  | 'searchGroupByID'
  | 'getGroupOnlineMemberCount'
  | 'changeGroupOwner'
  | 'getGroupApplicationList'
  | 'handleGroupApplication'
  | 'initGroupAttributes'
  | 'setGroupAttributes'
  | 'deleteGroupAttributes'
  | 'getGroupAttributes'
  | 'setGroupCounters'
  | 'increaseGroupCounter'
  | 'decreaseGroupCounter'
  | 'getGroupCounters'
  | 'getGroupMemberList'
  | 'getGroupMemberProfile'
  | 'addGroupMember'
  | 'deleteGroupMember'
  | 'setGroupMemberMuteTime'
  | 'setGroupMemberRole'
  | 'setGroupMemberNameCard'
  | 'setGroupMemberCustomField'
  | 'setMessageRemindType'
  | 'getJoinedCommunityList'
  | 'createTopicInCommunity'
  | 'deleteTopicFromCommunity'
  | 'updateTopicProfile'
  | 'getTopicList'
  | 'getMyProfile'
  | 'getUserProfile'
  | 'updateMyProfile'
  | 'getFriendList'
  | 'addFriend'
  | 'deleteFriend'
  | 'checkFriend'
  | 'getFriendProfile'
  | 'updateFriend'
  | 'getFriendApplicationList'
  | 'acceptFriendApplication'
  | 'refuseFriendApplication'
  | 'deleteFriendApplication'
  | 'setFriendApplicationRead'
  | 'getFriendGroupList'
  | 'createFriendGroup'
  | 'deleteFriendGroup'
  | 'addToFriendGroup'
  | 'removeFromFriendGroup'
  | 'renameFriendGroup'
  | 'getBlacklist'
  | 'addToBlacklist'
  | 'removeFromBlacklist'
  | 'setSelfStatus'
  | 'getUserStatus'
  | 'subscribeUserStatus'
  | 'unsubscribeUserStatus'
  | 'revokeMessage'
  | 'modifyMessage'
  | 'deleteMessage'
  | 'clearHistoryMessage';
