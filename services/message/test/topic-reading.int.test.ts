// Topics as members of their community read them: where reading begins, batches, recalled and mentioning messages.
import { ErrorCode, type UserId } from '@parley/kernel';
import { waitFor } from '@parley/testkit';
import { ORDINARY } from './support/fake-groups.js';
import { GroupWorld } from './support/group-world.js';
import {
  ALICE,
  APP,
  asAdmin,
  asUser,
  BOB,
  CAROL,
  GROUP,
  type MessageNode,
  MessageWorld,
  textOf,
} from './support/message-world.js';

const COMMUNITY = '@TGS#_c';
const PAST_CLOCKS_MS = 10_000;

describe('reading topics', () => {
  let world: MessageWorld;
  let node: MessageNode;
  let community: GroupWorld;
  let one: GroupWorld;
  let other: GroupWorld;
  beforeEach(async () => {
    world = await MessageWorld.create();
    node = await world.startNode();
    community = new GroupWorld(world, () => node, COMMUNITY);
    one = new GroupWorld(world, () => node, `${COMMUNITY}@TOPIC#_one`);
    other = new GroupWorld(world, () => node, `${COMMUNITY}@TOPIC#_other`);
    await community.found([ALICE, BOB]);
    for (const { id } of [one, other])
      world.groups.set(APP, id, { ...ORDINARY, takesRecall: true }, [ALICE, BOB, CAROL]);
  });
  afterEach(() => world.close());

  const read = async (user: UserId, topicIds: readonly string[] = [one.id, other.id], as = asUser(user)) => {
    const request = { user, groupId: COMMUNITY, topicIds: [...topicIds] };
    const { conversations, answered } = await node.client.getTopicConversations(request, as);
    expect(answered).toBe(topicIds.length);
    return conversations.map(({ peer, headSeq, readSeq, unreadCount, lastMessage }) => {
      return [peer, headSeq, readSeq, unreadCount, lastMessage && textOf(lastMessage)];
    });
  };
  const texts = async (topic: GroupWorld, user: UserId) => (await topic.history(user)).map(textOf);
  const join = async (user: UserId, withHistory = false) => {
    await community.join(user, withHistory);
    world.clock.advance(PAST_CLOCKS_MS);
  };

  it('answers many at once, in the order asked, for members alone', async () => {
    await one.send('1', ALICE);
    await one.send('2', ALICE);
    await other.send('a', BOB, { atAccounts: [ALICE] });
    expect(await read(BOB)).toEqual([
      [one.id, 2n, 0n, 2n, '2'],
      [other.id, 1n, 1n, 0n, 'a'],
    ]);
    await one.markRead(BOB, { readSeq: 1n });
    expect(await read(BOB, [other.id, `${COMMUNITY}@TOPIC#_none`, one.id])).toEqual([
      [other.id, 1n, 1n, 0n, 'a'],
      [one.id, 2n, 1n, 1n, '2'],
    ]);
    expect(await read(BOB, [one.id], asAdmin())).toEqual([[one.id, 2n, 1n, 1n, '2']]);
    expect(await read(CAROL, [one.id], asAdmin())).toEqual([]);
    const ask = (user: UserId, groupId: string, topicIds: string[]) =>
      node.client.getTopicConversations({ groupId, topicIds }, asUser(user));
    await expect(ask(CAROL, COMMUNITY, [one.id])).rejects.toMatchObject({
      code: ErrorCode.GROUP_NO_PERMISSION,
    });
    for (const bad of [[], [COMMUNITY], ['@TGS#_d@TOPIC#_x'], [one.id, one.id], Array(101).fill(one.id)]) {
      await expect(ask(BOB, COMMUNITY, bad)).rejects.toMatchObject({ code: ErrorCode.GROUP_BAD_PARAMETER });
    }
  });

  it('gives as many as fit, and says how many', async () => {
    const topics = Array.from({ length: 60 }, (_, at) => `${COMMUNITY}@TOPIC#_${at}`);
    for (const id of topics) {
      world.groups.set(APP, id, ORDINARY, [ALICE]);
      await new GroupWorld(world, () => node, id).send('x'.repeat(11_000), ALICE, { clientMessageId: id });
    }
    const seen: string[] = [];
    let calls = 0;
    while (seen.length < topics.length) {
      const request = { groupId: COMMUNITY, topicIds: topics.slice(seen.length) };
      const { conversations, answered } = await node.client.getTopicConversations(request, asUser(BOB));
      seen.push(...conversations.map(({ peer }) => peer));
      expect(answered).toBe(conversations.length);
      calls += 1;
    }
    expect([seen, calls]).toEqual([topics, 2]);
  });

  it('begins for who comes later behind what was said, and anew for who comes back', async () => {
    await one.send('before', ALICE);
    world.clock.advance(PAST_CLOCKS_MS);
    await join(CAROL);
    await one.send('after', ALICE);
    expect(await read(CAROL)).toEqual([
      [one.id, 2n, 1n, 1n, 'after'],
      [other.id, 0n, 0n, 0n, undefined],
    ]);
    expect(await texts(one, CAROL)).toEqual(['after']);
    await one.markRead(CAROL);
    await community.leave(CAROL);
    await one.send('without her', ALICE);
    world.clock.advance(PAST_CLOCKS_MS);
    await join(CAROL);
    await one.send('with her', ALICE);
    expect(await read(CAROL, [one.id])).toEqual([[one.id, 4n, 3n, 1n, 'with her']]);
    expect(await texts(one, CAROL)).toEqual(['with her']);
    // A community may show its past; unread is it to nobody.
    const dave = 'dave' as UserId;
    for (const { id } of [one, other]) world.groups.changeMember(APP, id, dave, {});
    await join(dave, true);
    expect(await read(dave, [one.id])).toEqual([[one.id, 4n, 4n, 0n, 'with her']]);
    expect(await texts(one, dave)).toHaveLength(4);
  });

  it('neither counts nor shows what was recalled, and hides a topic that has ended', async () => {
    const { seq } = await one.send('oops', ALICE);
    await one.send('still here', ALICE);
    await node.client.recallMessage({ type: GROUP, peer: one.id, seq }, asUser(ALICE));
    await waitFor(async () => (await read(BOB, [one.id]))[0]?.[3] === 1n);
    expect((await one.history(BOB)).map(({ recalledBy }) => recalledBy)).toEqual([ALICE, '']);
    world.groups.delete(APP, one.id);
    expect(await read(BOB)).toEqual([[other.id, 0n, 0n, 0n, undefined]]);
  });
});
