// Follow, on embedded engines: lists and counts of both users, whatever happens at once and whoever dies between.
import { create, toBinary } from '@bufbuild/protobuf';
import { ChatError, ErrorCode, type UserId } from '@parley/kernel';
import { authv1, followv1 } from '@parley/proto';
import { accountEventsTopic } from '@parley/runtime';
import { waitFor } from '@parley/testkit';
import { FollowRegister } from '../src/follow/changing/follow-register.js';
import { FollowStore } from '../src/follow/stores/follow-store.js';
import { APP, codeOf, ProfileWorld, text, user } from './support/profile-world.js';

const { FOLLOWERS, FOLLOWING, MUTUAL } = followv1.FollowList;

let world: ProfileWorld;

beforeEach(async () => {
  world = await ProfileWorld.start({ followingMax: 3, followersMax: 2, mutualFollowsMax: 1 });
});

afterEach(() => world.close());

const follows = () => world.test.client(followv1.FollowService);
const follow = async (from: string, ...peers: string[]) =>
  (await follows().follow({ peers }, user(from))).results.map(({ code }) => code);
const unfollow = async (from: string, ...peers: string[]) =>
  (await follows().unfollow({ peers }, user(from))).results.map(({ code }) => code);
const listed = async (of: string, list: followv1.FollowList) =>
  (await follows().listFollows({ list }, user(of))).items.map(({ userId }) => userId);
const counts = async (of: string) => {
  const { infos } = await follows().getFollowInfo({ userIds: [of] }, user(of));
  return infos.map(({ following, followers, mutual }) => [following, followers, mutual])[0];
};

describe('follows', () => {
  it('stand on both lists and in both counts, and go again', async () => {
    expect(await follow('alice', 'bob', 'carol', 'nobody', 'alice')).toEqual([0, 0, 30003, 30001]);
    expect(await follow('alice', 'bob')).toEqual([0]);
    expect(await listed('alice', FOLLOWING)).toEqual(['bob', 'carol']);
    expect(await listed('bob', FOLLOWERS)).toEqual(['alice']);
    expect(await follow('bob', 'alice')).toEqual([0]);
    expect([await listed('alice', MUTUAL), await listed('bob', MUTUAL)]).toEqual([['bob'], ['alice']]);
    expect([await counts('alice'), await counts('bob'), await counts('carol')]).toEqual([
      [2, 1, 1],
      [1, 1, 1],
      [0, 1, 0],
    ]);
    const { checks } = await follows().checkFollows({ peers: ['bob', 'carol', 'dave'] }, user('alice'));
    expect(checks.map(({ isFollowed, isFollower }) => [isFollowed, isFollower])).toEqual([
      [true, true],
      [true, false],
      [false, false],
    ]);
    expect(await unfollow('alice', 'bob', 'dave')).toEqual([0, 0]);
    expect([await counts('alice'), await counts('bob')]).toEqual([
      [1, 1, 0],
      [1, 0, 0],
    ]);
    expect(await listed('bob', MUTUAL)).toEqual([]);
  });

  it('have limits of their own', async () => {
    expect(await follow('alice', 'u1', 'u2', 'u3', 'u4')).toEqual([0, 0, 0, ErrorCode.FOLLOWING_FULL]);
    expect(await follow('bob', 'u1')).toEqual([0]);
    expect(await follow('carol', 'u1')).toEqual([ErrorCode.FOLLOWERS_FULL]);
    expect(await follow('u1', 'alice', 'bob')).toEqual([0, ErrorCode.MUTUAL_FULL]);
    expect(await follow('u2', 'alice')).toEqual([ErrorCode.TARGET_MUTUAL_FULL]);
    expect(await counts('u1')).toEqual([1, 2, 1]);
  });

  it('are counted exactly when two users follow and unfollow each other at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      await Promise.all([follow('alice', 'bob'), follow('bob', 'alice')]);
      expect([await counts('alice'), await counts('bob')]).toEqual([
        [1, 1, 1],
        [1, 1, 1],
      ]);
      await Promise.all([unfollow('alice', 'bob'), unfollow('bob', 'alice'), unfollow('alice', 'bob')]);
      expect([await counts('alice'), await counts('bob')]).toEqual([
        [0, 0, 0],
        [0, 0, 0],
      ]);
    }
  });

  it('come in pages and with names', async () => {
    const items = [text('Tag_Profile_IM_Nick', 'Bob'), text('Tag_Profile_IM_SelfSignature', 'hi')];
    await world.profiles.updateProfile({ items }, user('bob'));
    await follow('alice', 'bob', 'carol');
    const first = await follows().listFollows({ list: FOLLOWING, limit: 1 }, user('alice'));
    expect(
      first.items.map(({ userId, profileItems }) => [userId, profileItems.map(({ tag }) => tag)]),
    ).toEqual([['bob', ['Tag_Profile_IM_Nick']]]);
    const { cursor } = first;
    const second = await follows().listFollows({ list: FOLLOWING, limit: 1, cursor }, user('alice'));
    expect(second.items.map(({ userId }) => userId)).toEqual(['carol']);
    expect(await codeOf(follows().listFollows({ list: FOLLOWING, limit: 1_001 }, user('alice')))).toBe(30001);
    expect(await codeOf(follows().listFollows({}, user('alice')))).toBe(30001);
  });
});

it('both users are told, with what may be shown of the other', async () => {
  const items = [text('Tag_Profile_IM_Nick', 'Bob'), text('Tag_Profile_IM_SelfSignature', 'hi')];
  await world.profiles.updateProfile({ items }, user('bob'));
  const { connectionId: phone } = await world.gateway.connect(APP, 'alice');
  const { connectionId: laptop } = await world.gateway.connect(APP, 'bob');
  const toldTo = (connection: string) =>
    world.gateway.pushes.flatMap(({ connectionId, push: { event } }) =>
      connectionId === connection && event.case === 'follow' ? [event.value] : [],
    );
  await follow('alice', 'bob');
  await follow('bob', 'alice');
  await waitFor(() => toldTo(phone).length >= 2 && toldTo(laptop).length >= 2);
  const shape = (event: followv1.FollowEvent) => [
    event.other?.userId,
    event.other?.profileItems.length,
    event.isOwn,
    event.isAdded,
    event.isMutualChanged,
  ];
  expect(toldTo(phone).map(shape)).toEqual([
    ['bob', 1, true, true, false],
    ['bob', 1, false, true, true],
  ]);
  expect(toldTo(laptop).map(shape)).toEqual([
    ['alice', 0, false, true, false],
    ['alice', 0, true, true, true],
  ]);
  await unfollow('alice', 'bob');
  await waitFor(() => toldTo(laptop).length >= 3);
  expect(toldTo(laptop).map(shape)[2]).toEqual(['alice', 0, false, false, true]);
});

/** A store whose every n-th write fails: the process that made it is as good as dead there. */
class DyingStore extends FollowStore {
  writesLeft = 0;

  override async replaceHead(...input: Parameters<FollowStore['replaceHead']>): Promise<boolean> {
    this.#live();
    return super.replaceHead(...input);
  }

  override async putEdge(...input: Parameters<FollowStore['putEdge']>): Promise<void> {
    this.#live();
    return super.putEdge(...input);
  }

  #live(): void {
    if (this.writesLeft === 0) throw new ChatError(ErrorCode.UNAVAILABLE, 'died');
    this.writesLeft -= 1;
  }
}

describe('a process that dies', () => {
  it.each([1, 2, 3, 4])('after %d writes leaves what whoever comes completes', async (writes) => {
    const store = new DyingStore(world.test.platform.tables);
    const register = new FollowRegister(store, world.test.platform.log);
    store.writesLeft = writes;
    const change = register.changeOwn({ appId: APP, userId: 'alice' as UserId }, 'bob' as UserId, (edge) =>
      create(followv1.FollowEdgeSchema, { ...edge, followingAtMs: 7n }),
    );
    expect(await codeOf(change)).toBe(ErrorCode.UNAVAILABLE);
    expect(await listed('alice', FOLLOWING)).toEqual(['bob']);
    expect(await listed('bob', FOLLOWERS)).toEqual(['alice']);
    expect([await counts('alice'), await counts('bob')]).toEqual([
      [1, 0, 0],
      [0, 1, 0],
    ]);
  });
});

it('a deleted account follows nobody and is followed by nobody; what its next life began stays', async () => {
  await follow('alice', 'gone');
  await follow('gone', 'alice', 'bob');
  const timeMs = BigInt(world.clock.now());
  await world.clock.advance(1_000);
  await follow('carol', 'gone');
  const event = { case: 'deleted' as const, value: create(authv1.AccountDeletedSchema) };
  const deleted = create(authv1.AccountEventSchema, { appId: APP, userId: 'gone', timeMs, life: 1, event });
  await world.test.platform.log.append(
    accountEventsTopic,
    `${APP}/gone`,
    toBinary(authv1.AccountEventSchema, deleted),
  );
  await waitFor(async () => (await listed('gone', FOLLOWERS)).length === 1);
  expect([await counts('gone'), await counts('alice'), await counts('bob')]).toEqual([
    [0, 1, 0],
    [0, 0, 0],
    [0, 0, 0],
  ]);
});
