// The user's friends, applications, friend groups and blocklist, as this device has them.
import { equals } from '@bufbuild/protobuf';
import { relationv1 } from '@parley/proto';

/** What an app is told of, one event each. */
export type RelationNews = 'friends' | 'friendGroups' | 'applications' | 'blocklist';

const keyOf = ({ direction, userId }: relationv1.Application): string => `${direction} ${userId}`;

export class RelationBook {
  private friendsByID = new Map<string, relationv1.Friend>();
  private names: readonly string[] = [];
  private applicationsByKey = new Map<string, relationv1.Application>();
  private readMs = 0n;
  private blockedIDs = new Set<string>();

  /** By UserID. */
  get friends(): relationv1.Friend[] {
    return [...this.friendsByID.values()].sort((a, b) => (a.userId < b.userId ? -1 : 1));
  }

  get groupNames(): readonly string[] {
    return this.names;
  }

  /** The newest first. */
  get applications(): relationv1.Application[] {
    return [...this.applicationsByKey.values()].sort((a, b) => Number(b.timeMs - a.timeMs));
  }

  get unreadCount(): number {
    const isUnread = ({ direction, timeMs }: relationv1.Application) =>
      direction === relationv1.Direction.RECEIVED && timeMs > this.readMs;
    return this.applications.filter(isUnread).length;
  }

  /** By UserID. */
  get blocked(): string[] {
    return [...this.blockedIDs].sort();
  }

  friend(userID: string): relationv1.Friend | undefined {
    return this.friendsByID.get(userID);
  }

  /** Everybody whose profile an app sees in the lists. */
  peers(): string[] {
    const applicants = this.applications.map(({ userId }) => userId);
    return [...new Set([...this.friendsByID.keys(), ...applicants])];
  }

  replaceContacts(friends: readonly relationv1.Friend[], names: readonly string[]): RelationNews[] {
    const next = new Map(friends.map((friend) => [friend.userId, friend]));
    const areSame = isSame(this.friendsByID, next, (a, b) => equals(relationv1.FriendSchema, a, b));
    const areNamesSame = isSameList(this.names, names);
    this.friendsByID = next;
    this.names = names;
    if (!areSame) return ['friends', 'friendGroups'];
    return areNamesSame ? [] : ['friendGroups'];
  }

  /** False: only a whole list can say what it means. */
  canApplyContacts({ groups }: relationv1.RelationEvent): boolean {
    if (groups === undefined) return true;
    const isGone = this.names.some((name) => !groups.names.includes(name));
    const isNew = groups.names.some((name) => !this.names.includes(name));
    // A group that was renamed, and its friends with it.
    return !(isGone && isNew);
  }

  applyContacts({ friendsSet, friendsRemoved, groups }: relationv1.RelationEvent): RelationNews[] {
    const next = new Map(this.friendsByID);
    for (const friend of friendsSet) next.set(friend.userId, friend);
    for (const userID of friendsRemoved) next.delete(userID);
    const names = groups?.names ?? this.names;
    const left = [...next.values()].map((friend) => inGroups(friend, names));
    return this.replaceContacts(left, names);
  }

  replaceApplications(applications: readonly relationv1.Application[], readMs: bigint): RelationNews[] {
    const next = new Map(applications.map((application) => [keyOf(application), application]));
    const areSame = isSame(this.applicationsByKey, next, (a, b) =>
      equals(relationv1.ApplicationSchema, a, b),
    );
    const wasRead = this.readMs === readMs;
    this.applicationsByKey = next;
    this.readMs = readMs;
    return areSame && wasRead ? [] : ['applications'];
  }

  applyApplications(event: relationv1.RelationEvent): RelationNews[] {
    const next = new Map(this.applicationsByKey);
    for (const application of event.applicationsSet) next.set(keyOf(application), application);
    for (const application of event.applicationsRemoved) next.delete(keyOf(application));
    return this.replaceApplications([...next.values()], event.applicationsReadMs ?? this.readMs);
  }

  replaceBlocklist(userIDs: readonly string[]): RelationNews[] {
    const next = new Set(userIDs);
    const areSame = next.size === this.blockedIDs.size && userIDs.every((one) => this.blockedIDs.has(one));
    this.blockedIDs = next;
    return areSame ? [] : ['blocklist'];
  }

  applyBlocklist({ blockedAdded, blockedRemoved }: relationv1.RelationEvent): RelationNews[] {
    const next = new Set([...this.blockedIDs, ...blockedAdded.map(({ userId }) => userId)]);
    for (const userID of blockedRemoved) next.delete(userID);
    return this.replaceBlocklist([...next]);
  }
}

/** The friend without groups that are not there any longer. */
function inGroups(friend: relationv1.Friend, names: readonly string[]): relationv1.Friend {
  if (friend.groups.every((name) => names.includes(name))) return friend;
  return { ...friend, groups: friend.groups.filter((name) => names.includes(name)) };
}

const isSameList = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((one, at) => one === b[at]);

function isSame<V>(
  a: ReadonlyMap<string, V>,
  b: ReadonlyMap<string, V>,
  isEqual: (a: V, b: V) => boolean,
): boolean {
  if (a.size !== b.size) return false;
  return [...a].every(([key, value]) => {
    const other = b.get(key);
    return other !== undefined && isEqual(value, other);
  });
}
