// Follows: lists in pages, counts, and what both users' devices are told.
import { EVENT } from '../constants/event.js';
import type { FollowListUpdate } from '../model/follow-sdk.js';
import { type Device, World } from '../testing/world.js';

const toldTo = (device: Device, event: string) =>
  device
    .told<FollowListUpdate>(event)
    .map(({ userInfoList, isAdd }) => [userInfoList.map(({ userID }) => userID), isAdd]);

describe('follows', () => {
  it('are listed, counted and told to both [parity: sdk followUser, sdk unfollowUser, sdk getMyFollowersList, sdk getMyFollowingList, sdk getMutualFollowersList, sdk getUserFollowInfo, sdk checkFollowType, event MY_FOLLOWERS_LIST_UPDATED, event MY_FOLLOWING_LIST_UPDATED, event MUTUAL_FOLLOWERS_LIST_UPDATED]', async () => {
    const world = new World();
    const [alice, other] = [await world.ready('alice'), await world.ready('alice')];
    const bob = await world.ready('bob');
    expect(await world.done(alice.chat.followUser(['bob', 'carol', 'dave']))).toEqual(
      ['bob', 'carol', 'dave'].map((userID) => ({ userID, resultCode: 0, resultInfo: '' })),
    );
    const first = await world.done(alice.chat.getMyFollowingList());
    expect(first).toEqual({
      resultList: ['bob', 'carol'].map((userID) => ({ userID, followTime: 5, nick: '', avatar: '' })),
      nextCursor: 'carol',
    });
    const second = await world.done(alice.chat.getMyFollowingList(first.nextCursor));
    expect([second.resultList.map(({ userID }) => userID), second.nextCursor]).toEqual([['dave'], '']);
    await world.done(bob.chat.followUser(['alice']));
    const mutual = await world.done(alice.chat.getMutualFollowersList());
    const followers = await world.done(alice.chat.getMyFollowersList());
    expect([mutual, followers].map(({ resultList }) => resultList[0]?.userID)).toEqual(['bob', 'bob']);
    const types = await world.done(alice.chat.checkFollowType(['bob', 'carol', 'erin']));
    expect(types.map(({ userID, followType }) => [userID, followType])).toEqual([
      ['bob', 3],
      ['carol', 2],
      ['erin', 0],
    ]);
    expect(
      (await world.done(bob.chat.checkFollowType(['alice', 'carol']))).map((one) => one.followType),
    ).toEqual([3, 0]);
    expect(await world.done(alice.chat.getUserFollowInfo())).toEqual([
      { userID: 'alice', followersCount: 1, followingCount: 3, mutualFollowersCount: 1 },
    ]);
    expect(await world.done(alice.chat.getUserFollowInfo(['carol', 'nobody']))).toEqual([
      { userID: 'carol', followersCount: 1, followingCount: 0, mutualFollowersCount: 0 },
    ]);
    await world.done(other.chat.unfollowUser(['bob']));
    for (const device of [alice, other]) {
      expect(toldTo(device, EVENT.MY_FOLLOWING_LIST_UPDATED)).toEqual([
        [['bob'], true],
        [['carol'], true],
        [['dave'], true],
        [['bob'], false],
      ]);
      expect(toldTo(device, EVENT.MY_FOLLOWERS_LIST_UPDATED)).toEqual([[['bob'], true]]);
    }
    expect(toldTo(bob, EVENT.MUTUAL_FOLLOWERS_LIST_UPDATED)).toEqual([
      [['alice'], true],
      [['alice'], false],
    ]);
  });

  it('are told once, whatever is repeated', async () => {
    const world = new World();
    const alice = await world.ready('alice');
    world.server.faults.onPush = () => 'repeat';
    world.server.follows.set('bob', 'alice', true);
    world.server.follows.set('bob', 'alice', false);
    await world.clock.pass(1_000);
    expect(toldTo(alice, EVENT.MY_FOLLOWERS_LIST_UPDATED)).toEqual([
      [['bob'], true],
      [['bob'], false],
    ]);
  });

  it('refuse lists that are empty or too long', async () => {
    const world = new World();
    const alice = await world.ready('alice');
    const many = (count: number) => Array.from({ length: count }, (_, at) => `u${at}`);
    for (const call of [
      () => alice.chat.followUser([]),
      () => alice.chat.unfollowUser(many(21)),
      () => alice.chat.getUserFollowInfo(many(21)),
      () => alice.chat.checkFollowType(many(101)),
    ]) {
      await expect(world.done<unknown>(call())).rejects.toMatchObject({ code: 6017 });
    }
  });
});
