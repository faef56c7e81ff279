// The public methods about user statuses.
import type { ChatResult, PlatformName } from './chat-sdk.js';

export interface UserStatus {
  userID: string;
  /** A value of TYPES.USER_STATUS_*. */
  statusType: number;
  /** Empty: none, or the user is not online. */
  customStatus: string;
  /** The kinds of devices that are online. */
  onlineDevices: PlatformName[];
}

export interface StatusFailure {
  userID: string;
  code: number;
  message: string;
}

export interface UserStatusData {
  successUserList: UserStatus[];
  failureUserList: StatusFailure[];
}

/** Every method rejects with 72001 where the app has user statuses switched off. */
export interface StatusSDK {
  /** At most 50 bytes; until the user is offline. */
  setSelfStatus(options: { customStatus: string }): Promise<ChatResult<UserStatus>>;
  /** Up to 500 users, oneself too. */
  getUserStatus(options: { userIDList: string[] }): Promise<ChatResult<UserStatusData>>;
  /** Up to 100 users; of more than 200 in all the oldest subscriptions end, and each ends after three days. */
  subscribeUserStatus(options: {
    userIDList: string[];
  }): Promise<ChatResult<{ failureUserList: StatusFailure[] }>>;
  /** Up to 100 users; none: all. */
  unsubscribeUserStatus(options?: {
    userIDList: string[] | undefined;
  }): Promise<ChatResult<{ failureUserList: StatusFailure[] }>>;
}
