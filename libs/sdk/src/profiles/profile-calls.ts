// Profiles: the user's own and those of others.
import type { profilev1 } from '@parley/proto';
import type { Caller } from '../calls/caller.js';
import { PROFILE_METHOD } from '../calls/profile-method.js';
import { EVENT } from '../constants/event.js';
import { PROFILES_KNOWN_MAX, PROFILES_NAMED_MAX } from '../constants/limits.js';
import type { EventHub } from '../events/event-hub.js';
import { ChatFailure, FailureCode } from '../events/failure.js';
import { ToldOnce } from '../events/told-once.js';
import { check, requireUserIDs } from '../groups/checks.js';
import type { Profile } from '../model/conversation.js';
import type { UpdateProfileOptions } from '../model/profile-sdk.js';
import type { Changes } from '../sync/changes.js';
import type { ConversationBook } from '../sync/conversation-book.js';
import { toItems, toProfile } from './profile-view.js';

export interface ProfileCallsOptions {
  readonly self: string;
  readonly caller: Caller;
  readonly hub: EventHub;
  readonly book: ConversationBook;
  readonly changes: Changes;
  /** A profile came from the service, whatever for. */
  readonly onSeen: (profile: Profile) => void;
}

export class ProfileCalls {
  private readonly told = new ToldOnce(PROFILES_KNOWN_MAX);

  constructor(private readonly options: ProfileCallsOptions) {}

  async mine(): Promise<Profile> {
    const [profile] = await this.read([this.options.self]);
    if (profile !== undefined) return profile;
    throw new ChatFailure(FailureCode.BAD_PARAMETER, 'the account does not exist any longer');
  }

  async ofUsers(options: { userIDList: string[] }): Promise<Profile[]> {
    const userIDs = requireUserIDs(options?.userIDList, PROFILES_NAMED_MAX);
    check(userIDs.length > 0, 'userIDList is empty');
    return this.read([...new Set(userIDs)]);
  }

  async update(options: UpdateProfileOptions): Promise<Profile> {
    check(typeof options === 'object' && options !== null, 'options are an object');
    const items = toItems(options);
    check(items !== undefined, 'a field of a profile is a text or an unsigned 32-bit integer');
    check(items.length > 0, 'no field of the profile is given');
    const { profile } = await this.options.caller.call(PROFILE_METHOD.updateProfile, { items });
    if (profile === undefined) return this.mine();
    this.tell(profile);
    return toProfile(profile);
  }

  onEvent({ profile }: profilev1.ProfileEvent): void {
    if (profile !== undefined) this.tell(profile);
  }

  /** Up to 100; who does not exist is left out. @throws ChatFailure */
  async read(userIds: string[]): Promise<Profile[]> {
    const found = (await this.fetch(userIds)).map(toProfile);
    for (const profile of found) this.show(profile);
    this.options.changes.flush();
    return found;
  }

  /** Reads up to 100, and tells the app of those that are news. @throws ChatFailure */
  async refresh(userIds: string[], isNews: (profile: Profile) => boolean): Promise<void> {
    for (const profile of await this.fetch(userIds)) if (isNews(toProfile(profile))) this.tell(profile);
  }

  private async fetch(userIds: string[]): Promise<profilev1.Profile[]> {
    const { results } = await this.options.caller.call(PROFILE_METHOD.getProfiles, { userIds });
    return results.flatMap(({ code, profile }) => (code === 0 && profile ? [profile] : []));
  }

  /** Each change once: the answer to an update and the push of it, in whatever order. */
  private tell(wire: profilev1.Profile): void {
    const profile = toProfile(wire);
    // Also what was told before: whoever keeps profiles may have had no use for it then.
    this.show(profile);
    if (this.told.isNews(wire.userId, wire.changeSeq))
      this.options.hub.emit(EVENT.PROFILE_UPDATED, [profile]);
    this.options.changes.flush();
  }

  /** In the conversation with this user, if there is one. */
  private show(profile: Profile): void {
    this.options.onSeen(profile);
    const view = this.options.book.get(`C2C${profile.userID}`)?.view;
    const isOlder = view !== undefined && view.userProfile.lastUpdatedNumber >= profile.lastUpdatedNumber;
    if (view === undefined || isOlder) return;
    view.userProfile = { ...profile };
    this.options.changes.addConversation();
  }
}
