// Tells the app what its lists are, with the profiles of those who stand in them: each event at most once for what
// changed together.
import { EVENT } from '../constants/event.js';
import type { EventHub } from '../events/event-hub.js';
import type { Friend, FriendApplicationList, FriendGroup } from '../model/relation-sdk.js';
import type { PartName } from './list-versions.js';
import type { PeerProfiles } from './peer-profiles.js';
import type { RelationBook, RelationNews } from './relation-book.js';
import { toApplication, toFriend, toFriendGroup } from './relation-view.js';

export interface RelationTellerOptions {
  readonly hub: EventHub;
  readonly book: RelationBook;
  readonly peers: PeerProfiles;
  /** Friends, or what the user calls them, changed. */
  readonly onFriends: () => void;
  /** Profiles of some could not be read. */
  readonly onProfilesMissing: () => void;
}

const EVENT_OF = {
  friends: EVENT.FRIEND_LIST_UPDATED,
  friendGroups: EVENT.FRIEND_GROUP_LIST_UPDATED,
  applications: EVENT.FRIEND_APPLICATION_LIST_UPDATED,
  blocklist: EVENT.BLACKLIST_UPDATED,
} as const;

const NEWS_OF: Readonly<Record<PartName, readonly RelationNews[]>> = {
  contacts: ['friends', 'friendGroups'],
  blocklist: ['blocklist'],
  applications: ['applications'],
};

export class RelationTeller {
  private news = new Set<RelationNews>();
  private telling: Promise<void> | undefined;
  private isOver = false;

  constructor(private readonly options: RelationTellerOptions) {}

  hasListener(part: PartName): boolean {
    return NEWS_OF[part].some((news) => this.options.hub.hasListener(EVENT_OF[news]));
  }

  /** `isExpected`: the app is getting it as an answer. */
  add(news: readonly RelationNews[], isExpected = false): void {
    if (news.includes('friends')) this.options.onFriends();
    if (!isExpected) for (const one of news) this.news.add(one);
    if (this.news.size > 0) void this.tell();
  }

  /** Resolves when profiles are here, as far as they can be read, and the app knows what changed. Never rejects. */
  async complete(): Promise<void> {
    await this.ensureProfiles();
    await this.telling;
  }

  /** False: failed for the moment. */
  refreshProfiles(): Promise<boolean> {
    const { peers, book } = this.options;
    return peers.refresh(book.peers());
  }

  stop(): void {
    this.isOver = true;
  }

  friendList(): Friend[] {
    const { book, peers } = this.options;
    return book.friends.map((friend) => toFriend(friend, peers.get(friend.userId)));
  }

  friendGroupList(): FriendGroup[] {
    const { groupNames, friends } = this.options.book;
    return groupNames.map((name) => toFriendGroup(name, friends));
  }

  applicationList(): FriendApplicationList {
    const { book, peers } = this.options;
    const friendApplicationList = book.applications.map((one) => toApplication(one, peers.get(one.userId)));
    return { friendApplicationList, unreadCount: book.unreadCount };
  }

  blacklist(): string[] {
    return this.options.book.blocked;
  }

  private tell(): Promise<void> {
    this.telling ??= this.tellAll().finally(() => {
      this.telling = undefined;
    });
    return this.telling;
  }

  private async tellAll(): Promise<void> {
    const { hub } = this.options;
    while (this.news.size > 0 && !this.isOver) {
      if (this.news.has('friends') || this.news.has('applications')) await this.ensureProfiles();
      if (this.isOver) return;
      const news = this.news;
      this.news = new Set();
      for (const one of news) {
        if (hub.hasListener(EVENT_OF[one])) hub.emit(EVENT_OF[one], this.dataOf(one));
      }
    }
  }

  private async ensureProfiles(): Promise<void> {
    const { peers, book, onProfilesMissing } = this.options;
    if (!(await peers.ensure(book.peers()))) onProfilesMissing();
  }

  private dataOf(news: RelationNews): unknown {
    if (news === 'friends') return this.friendList();
    if (news === 'friendGroups') return this.friendGroupList();
    return news === 'applications' ? this.applicationList() : this.blacklist();
  }
}
