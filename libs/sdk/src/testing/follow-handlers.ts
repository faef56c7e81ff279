// What a test server does with follows: keeps who follows whom, and tells both users' devices.
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { followv1, type wirev1 } from '@parley/proto';
import { FOLLOW_METHOD } from '../calls/follow-method.js';

export type FollowMethodName = keyof typeof FOLLOW_METHOD;

export const isFollowMethod = (name: string): name is FollowMethodName => name in FOLLOW_METHOD;

type Push = (users: readonly string[], event: wirev1.Push['event']) => void;

export class FollowModel {
  /** `<who> <whom>`. */
  readonly follows = new Set<string>();
  private revision = 0n;

  constructor(private readonly push: Push) {}

  handle(name: FollowMethodName, request: Uint8Array, user: string): Uint8Array {
    const { input, output } = FOLLOW_METHOD[name];
    return toBinary(output, create(output, this.answer(name, fromBinary(input, request), user)));
  }

  /** As the user, or the app's back end. */
  set(user: string, peer: string, isAdded: boolean): void {
    const key = `${user} ${peer}`;
    if (this.follows.has(key) === isAdded) return;
    if (isAdded) this.follows.add(key);
    else this.follows.delete(key);
    this.revision += 1n;
    const isMutualChanged = this.follows.has(`${peer} ${user}`);
    for (const isOwn of [true, false]) {
      const other = { userId: isOwn ? peer : user, timeMs: 5_000n };
      const told = { other, isOwn, isAdded, isMutualChanged, revision: this.revision };
      const value = create(followv1.FollowEventSchema, told);
      this.push([isOwn ? user : peer], { case: 'follow', value });
    }
  }

  private answer(name: FollowMethodName, request: object, user: string): object {
    switch (name) {
      case 'follow':
      case 'unfollow': {
        const { peers } = request as followv1.FollowRequest;
        for (const peer of peers) this.set(user, peer, name === 'follow');
        return { results: peers.map((userId) => ({ userId, code: 0 })) };
      }
      case 'checkFollows':
        return {
          checks: (request as followv1.CheckFollowsRequest).peers.map((userId) => ({
            userId,
            isFollowed: this.follows.has(`${user} ${userId}`),
            isFollower: this.follows.has(`${userId} ${user}`),
          })),
        };
      case 'listFollows': {
        const { list, cursor, limit } = request as followv1.ListFollowsRequest;
        const all = this.listOf(user, list).filter((peer) => peer > cursor);
        const page = all.slice(0, Math.min(limit, 2));
        const items = page.map((userId) => ({ userId, timeMs: 5_000n }));
        return { items, cursor: page.length < all.length ? page.at(-1) : '' };
      }
      case 'getFollowInfo':
        return {
          infos: (request as followv1.GetFollowInfoRequest).userIds.map((userId) => ({
            userId,
            followers: this.listOf(userId, followv1.FollowList.FOLLOWERS).length,
            following: this.listOf(userId, followv1.FollowList.FOLLOWING).length,
            mutual: this.listOf(userId, followv1.FollowList.MUTUAL).length,
            code: userId.startsWith('nobody') ? 30003 : 0,
          })),
        };
    }
  }

  private listOf(user: string, list: followv1.FollowList): string[] {
    const pairs = [...this.follows].map((key) => key.split(' ') as [string, string]);
    const following = pairs.filter(([who]) => who === user).map(([, whom]) => whom);
    const followers = pairs.filter(([, whom]) => whom === user).map(([who]) => who);
    if (list === followv1.FollowList.FOLLOWING) return following.sort();
    if (list === followv1.FollowList.FOLLOWERS) return followers.sort();
    return following.filter((peer) => followers.includes(peer)).sort();
  }
}
