// What a test server keeps of relations: both users' lists and their versions. Every change of a list has its own number and
// is pushed to its user's devices. The service keeps pairs and more rules; services/profile tests those.
import { create } from '@bufbuild/protobuf';
import { relationv1, type wirev1 } from '@parley/proto';
import { Refusal } from './refusal.js';

type Push = (users: readonly string[], event: wirev1.Push['event']) => void;
type ListName = 'friends' | 'custom' | 'groups' | 'blocklist' | 'applications';
type Told = Omit<Partial<relationv1.RelationEvent>, '$typeName'>;

const { Direction } = relationv1;

/** One user's lists. Friends name their groups by number, so that a group can get another name. */
export class UserLists {
  readonly friends = new Map<string, relationv1.Friend>();
  readonly groupsOf = new Map<string, Set<number>>();
  readonly groups = new Map<number, string>();
  readonly blocked = new Map<string, number>();
  /** By direction and user. */
  readonly applications = new Map<string, relationv1.Application>();
  readonly versions = create(relationv1.ListVersionsSchema);
  readMs = 0n;
  lastGroup = 0;

  get names(): string[] {
    return [...this.groups.values()];
  }

  friend(userId: string): relationv1.Friend | undefined {
    const friend = this.friends.get(userId);
    if (friend === undefined) return undefined;
    const groups = [...this.groups].filter(([id]) => this.groupsOf.get(userId)?.has(id));
    return create(relationv1.FriendSchema, { ...friend, groups: groups.map(([, name]) => name) });
  }

  allFriends(): relationv1.Friend[] {
    return [...this.friends.keys()].sort().flatMap((userId) => this.friend(userId) ?? []);
  }

  groupNumber(name: string): number | undefined {
    return [...this.groups].find(([, one]) => one === name)?.[0];
  }
}

export const keyOf = (direction: relationv1.Direction, userId: string): string => `${direction} ${userId}`;

export class RelationModel {
  /** Whoever must be asked, or lets nobody be a friend. */
  readonly allowTypes = new Map<string, 'confirm' | 'deny'>();
  private readonly users = new Map<string, UserLists>();

  constructor(
    private readonly now: () => number,
    private readonly push: Push,
  ) {}

  of(user: string): UserLists {
    const lists = this.users.get(user) ?? new UserLists();
    this.users.set(user, lists);
    return lists;
  }

  add(user: string, item: relationv1.FriendToAdd, isBoth: boolean): number {
    const [mine, theirs] = [this.of(user), this.of(item.userId)];
    if (mine.blocked.has(item.userId)) return 30515;
    if (theirs.blocked.has(user)) return 30525;
    if (mine.friends.has(item.userId)) return 0;
    if (item.group !== '') this.addGroups(user, [item.group]);
    const allowType = this.allowTypes.get(item.userId);
    const isAgreed = theirs.applications.has(keyOf(Direction.SENT, user));
    if (!isAgreed && allowType === 'deny') return 30516;
    if (!isAgreed && allowType === 'confirm') {
      this.setApplication(user, item.userId, item);
      return 30539;
    }
    this.dropApplication(item.userId, user);
    this.dropApplication(user, item.userId);
    this.setFriend(user, item.userId, item);
    if (isBoth || isAgreed) this.setFriend(item.userId, user, { ...item, remark: '', group: '' });
    return 0;
  }

  accept(user: string, from: string, { addsBack, remark }: { addsBack: boolean; remark: string }): void {
    const request = this.of(user).applications.get(keyOf(Direction.RECEIVED, from));
    if (request === undefined) throw new Refusal(30614, 'no such request waits');
    this.dropApplication(from, user);
    this.setFriend(from, user, { ...request, remark: '', group: '' });
    if (addsBack) this.setFriend(user, from, { ...request, remark, group: '' });
  }

  /** 31704 for who is no friend. */
  remove(user: string, peer: string, isBoth: boolean): number {
    if (!this.of(user).friends.has(peer)) return 31704;
    this.dropFriend(user, peer);
    if (isBoth) this.dropFriend(peer, user);
    return 0;
  }

  update(user: string, peer: string, change: (friend: relationv1.Friend) => void): number {
    const friend = this.of(user).friends.get(peer);
    if (friend === undefined) return 30001;
    const before = friend.custom.length;
    change(friend);
    const raised: ListName[] = friend.custom.length > before ? ['friends', 'custom'] : ['friends'];
    this.tellFriend(user, peer, raised);
    return 0;
  }

  block(user: string, peer: string): number {
    const mine = this.of(user);
    if (mine.blocked.has(peer)) return 30001;
    for (const [one, other] of [
      [user, peer],
      [peer, user],
    ] as const) {
      this.dropFriend(one, other);
      this.dropApplication(one, other);
    }
    mine.blocked.set(peer, this.now());
    const blockedAdded = [create(relationv1.BlockedSchema, { userId: peer })];
    this.tell(user, ['blocklist'], { blockedAdded });
    return 0;
  }

  unblock(user: string, peer: string): number {
    if (this.of(user).blocked.delete(peer)) this.tell(user, ['blocklist'], { blockedRemoved: [peer] });
    return 0;
  }

  addGroups(user: string, names: readonly string[]): void {
    const mine = this.of(user);
    const missing = names.filter((name) => mine.groupNumber(name) === undefined);
    if (missing.length === 0) return;
    for (const name of missing) {
      mine.lastGroup += 1;
      mine.groups.set(mine.lastGroup, name);
    }
    this.tellGroups(user);
  }

  changeGroups(user: string, change: (mine: UserLists) => void): void {
    change(this.of(user));
    this.tellGroups(user);
  }

  regroup(user: string, peer: string, change: (numbers: Set<number>) => void): number {
    const mine = this.of(user);
    if (!mine.friends.has(peer)) return 32216;
    const numbers = mine.groupsOf.get(peer) ?? new Set();
    mine.groupsOf.set(peer, numbers);
    change(numbers);
    this.tellFriend(user, peer, ['friends']);
    return 0;
  }

  markRead(user: string): void {
    this.of(user).readMs = BigInt(this.now());
    this.tell(user, ['applications'], { applicationsReadMs: BigInt(this.now()) });
  }

  /** False: there is none. */
  dropApplication(user: string, peer: string): boolean {
    const sent = this.of(user).applications.delete(keyOf(Direction.SENT, peer));
    if (!sent) return false;
    this.of(peer).applications.delete(keyOf(Direction.RECEIVED, user));
    this.tellApplication(user, peer, Direction.SENT);
    this.tellApplication(peer, user, Direction.RECEIVED);
    return true;
  }

  private setApplication(
    user: string,
    peer: string,
    { addSource, addWording }: { addSource: string; addWording: string },
  ): void {
    const timeMs = BigInt(this.now());
    for (const [owner, other, direction] of [
      [user, peer, Direction.SENT],
      [peer, user, Direction.RECEIVED],
    ] as const) {
      const application = { userId: other, direction, addSource, addWording, timeMs };
      this.of(owner).applications.set(
        keyOf(direction, other),
        create(relationv1.ApplicationSchema, application),
      );
      this.tellApplication(owner, other, direction);
    }
  }

  private setFriend(
    user: string,
    peer: string,
    {
      remark,
      addSource,
      addWording,
      group,
    }: { remark: string; addSource: string; addWording: string; group: string },
  ): void {
    const mine = this.of(user);
    if (mine.friends.has(peer)) return;
    const friend = { userId: peer, remark, addSource, addWording };
    mine.friends.set(peer, create(relationv1.FriendSchema, friend));
    const number = mine.groupNumber(group);
    mine.groupsOf.set(peer, new Set(number === undefined ? [] : [number]));
    this.tellFriend(user, peer, ['friends']);
  }

  private dropFriend(user: string, peer: string): void {
    if (this.of(user).friends.delete(peer)) this.tellFriend(user, peer, ['friends']);
  }

  private tellFriend(user: string, peer: string, lists: readonly ListName[]): void {
    const friend = this.of(user).friend(peer);
    this.tell(user, lists, friend === undefined ? { friendsRemoved: [peer] } : { friendsSet: [friend] });
  }

  private tellGroups(user: string): void {
    const groups = create(relationv1.FriendGroupsSchema, { names: this.of(user).names });
    this.tell(user, ['groups', 'friends'], { groups });
  }

  private tellApplication(user: string, peer: string, direction: relationv1.Direction): void {
    const application = this.of(user).applications.get(keyOf(direction, peer));
    const gone = create(relationv1.ApplicationSchema, { userId: peer, direction });
    this.tell(
      user,
      ['applications'],
      application === undefined ? { applicationsRemoved: [gone] } : { applicationsSet: [application] },
    );
  }

  private tell(user: string, lists: readonly ListName[], told: Told): void {
    const { versions } = this.of(user);
    for (const list of lists) versions[list] += 1n;
    const event = create(relationv1.RelationEventSchema, { ...told, versions: { ...versions } });
    this.push([user], { case: 'relation', value: event });
  }
}
