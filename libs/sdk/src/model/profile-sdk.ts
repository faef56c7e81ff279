// The public methods about profiles.
import type { TYPES } from '../constants/types.js';
import type { ChatResult } from './chat-sdk.js';
import type { GroupField, Profile } from './conversation.js';

/** What is left out stays as it is. */
export interface UpdateProfileOptions {
  nick?: string | undefined;
  avatar?: string | undefined;
  gender?: TYPES | undefined;
  birthday?: number | undefined;
  /** At most 16 bytes. */
  location?: string | undefined;
  selfSignature?: string | undefined;
  allowType?: TYPES | undefined;
  language?: number | undefined;
  messageSettings?: number | undefined;
  /** Only the app's back end may change it: 40008. */
  adminForbidType?: TYPES | undefined;
  level?: number | undefined;
  role?: number | undefined;
  /** Keys are whole tags: `Tag_Profile_Custom_…`. */
  profileCustomField?: GroupField[] | undefined;
}

export interface ProfileSDK {
  getMyProfile(): Promise<ChatResult<Profile>>;
  /** Up to 100 users; those that do not exist are left out. */
  getUserProfile(options: { userIDList: string[] }): Promise<ChatResult<Profile[]>>;
  /** Resolves with the profile as it is now. Rejects with 40008, 40009, 40601, 40605 or 40610 for a field. */
  updateMyProfile(options: UpdateProfileOptions): Promise<ChatResult<Profile>>;
}
