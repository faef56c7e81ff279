// Profiles of those who stand in the user's lists: read once, kept by what is told of their changes, read anew after a
// connection was lost.
import { PROFILES_NAMED_MAX } from '../constants/limits.js';
import { ChatFailure } from '../events/failure.js';
import type { Profile } from '../model/conversation.js';
import type { ProfileCalls } from '../profiles/profile-calls.js';
import { createEmptyProfile } from '../profiles/profile-view.js';

export class PeerProfiles {
  private held = new Map<string, Profile>();
  private wanted: ReadonlySet<string> = new Set();

  constructor(private readonly profiles: ProfileCalls) {}

  get(userID: string): Profile {
    return this.held.get(userID) ?? createEmptyProfile(userID);
  }

  /** Somebody's profile came, from wherever. */
  note(profile: Profile): void {
    const { userID } = profile;
    if (this.wanted.has(userID) && this.isNews(profile)) this.held.set(userID, profile);
  }

  /** Reads those that are missing, and forgets all others. False: some could not be read. */
  async ensure(userIDs: readonly string[]): Promise<boolean> {
    this.wanted = new Set(userIDs);
    this.held = new Map([...this.held].filter(([userID]) => this.wanted.has(userID)));
    const missing = userIDs.filter((userID) => !this.held.has(userID));
    return this.inPages(missing, async (page) => {
      // What is read is noted on its way; who does not exist has nothing to say.
      await this.profiles.read(page);
      for (const userID of page) this.note(createEmptyProfile(userID));
    });
  }

  /** Reads all anew; the app is told of those that changed. False: some could not be read. */
  refresh(userIDs: readonly string[]): Promise<boolean> {
    return this.inPages(userIDs, (page) => this.profiles.refresh(page, (profile) => this.isNews(profile)));
  }

  private isNews({ userID, lastUpdatedNumber }: Profile): boolean {
    const known = this.held.get(userID);
    return known === undefined || known.lastUpdatedNumber < lastUpdatedNumber;
  }

  private async inPages(
    userIDs: readonly string[],
    read: (page: string[]) => Promise<void>,
  ): Promise<boolean> {
    try {
      for (let start = 0; start < userIDs.length; start += PROFILES_NAMED_MAX) {
        await read(userIDs.slice(start, start + PROFILES_NAMED_MAX));
      }
      return true;
    } catch (thrown) {
      if (!(thrown instanceof ChatFailure)) throw thrown;
      return false;
    }
  }
}
