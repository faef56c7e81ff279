// Where members stand in a group: read marks and last messages of many at once, what imports do to them, mentions.
import { ErrorCode, type UserId } from '@parley/kernel';
import { waitFor } from '@parley/testkit';
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
  textBody,
} from './support/message-world.js';

describe('where members of a group stand', () => {
  let world: MessageWorld;
  let node: MessageNode;
  let group: GroupWorld;
  beforeEach(async () => {
    world = await MessageWorld.create();
    node = await world.startNode();
    group = new GroupWorld(world, () => node);
    await group.found([ALICE, BOB]);
  });
  afterEach(() => world.close());

  const standingsOf = async (...users: UserId[]) => {
    const members = users.map((user) => ({ user, groupId: group.id }));
    const { standings } = await node.client.getStandings({ members }, asAdmin());
    return standings.map(({ readSeq, lastSentMs }) => [readSeq, lastSentMs]);
  };
  const bring = (text: string, timeS: number, more: object = {}) =>
    node.client.import(
      { from: ALICE, to: group.id, type: GROUP, random: 1, timeS, body: textBody(text), ...more },
      asAdmin(),
    );
  const nowS = () => Math.floor(world.clock.now() / 1_000);

  it('is answered for many at once, also for who is in no group', async () => {
    await group.send('1', ALICE);
    world.clock.advance(5_000);
    const { timeMs } = await group.send('2', ALICE);
    await group.markRead(BOB, { readSeq: 1n });
    expect(await standingsOf(BOB, CAROL, ALICE)).toEqual([
      [1n, 0n],
      [0n, 0n],
      [2n, timeMs],
    ]);
    await group.leave(ALICE);
    expect(await standingsOf(ALICE)).toEqual([[0n, 0n]]);
    const members = Array.from({ length: 501 }, () => ({ user: BOB, groupId: group.id }));
    await expect(node.client.getStandings({ members }, asAdmin())).rejects.toMatchObject({
      code: ErrorCode.GROUP_TOO_MANY_ACCOUNTS,
    });
  });

  it('has nothing unread after an import, and unread messages by number afterwards', async () => {
    await group.send('1', ALICE);
    await group.send('2', ALICE);
    expect(await group.unread(BOB)).toBe(2n);
    await bring('3', nowS());
    expect(await group.unread(BOB)).toBe(0n);
    expect(await standingsOf(BOB)).toEqual([[3n, 0n]]);
    await node.client.setUnread({ user: BOB, groupId: group.id, unreadCount: 2 }, asAdmin());
    expect(await group.unread(BOB)).toBe(2n);
    world.groups.changeMember(APP, group.id, CAROL, {});
    await group.open([CAROL], true, [99]);
    expect(await group.unread(CAROL)).toBe(3n);
    await group.send('4', ALICE);
    expect([await group.unread(BOB), await group.unread(CAROL)]).toEqual([3n, 4n]);
    expect(await group.markRead(BOB)).toMatchObject({ readSeq: 4n, unreadCount: 0n });
  });

  it('shows an imported message as the last one only if it is to be, and keeps the order of times', async () => {
    const last = async () => (await group.conversation(BOB))?.lastMessage?.seq;
    await bring('1', nowS() - 50);
    expect(await last()).toBe(1n);
    await bring('2', nowS() - 40, { notLast: true });
    expect(await last()).toBe(1n);
    const tooEarly = bring('3', nowS() - 45, { notLast: true });
    await expect(tooEarly).rejects.toMatchObject({ code: ErrorCode.GROUP_BAD_PARAMETER });
  });

  it('is active once somebody has said something', async () => {
    const isActive = async () =>
      (await node.client.getHeads({ groupIds: [group.id] }, asAdmin())).heads[0]?.isActive;
    await group.sendTip('tip');
    expect(await isActive()).toBe(false);
    await group.send('1', ALICE);
    expect(await isActive()).toBe(true);
  });

  it('shows who mentioned the user since he read, on every device, until he reads', async () => {
    const mentions = async (user: UserId) => {
      const found = (await group.conversation(user))?.mentions ?? [];
      return found.map(({ seq, from, atAll, atUser }) => [seq, from, atAll, atUser]);
    };
    await group.changeGroup({ takesRecall: true });
    await group.join(CAROL);
    await group.send('1', ALICE, { atAccounts: [BOB] });
    await group.send('2', ALICE, { atAll: true });
    await group.send('3', BOB, { atAccounts: [CAROL, ALICE], atAll: true });
    await group.send('4', ALICE);
    expect(await mentions(BOB)).toEqual([]); // sending is reading
    expect(await mentions(ALICE)).toEqual([]);
    expect(await mentions(CAROL)).toEqual([
      [2n, ALICE, true, false],
      [3n, BOB, true, true],
    ]);
    const one = await node.client.getConversation({ type: GROUP, peer: group.id }, asUser(CAROL));
    expect(one.conversation?.mentions.length).toBe(2);
    await group.markRead(CAROL, { readSeq: 2n });
    expect(await mentions(CAROL)).toEqual([[3n, BOB, true, true]]);
    await node.client.recallMessage({ type: GROUP, peer: group.id, seq: 3n }, asAdmin());
    await waitFor(async () => (await mentions(CAROL)).length === 0);
    const dave = 'dave' as UserId;
    await group.join(dave);
    expect(await mentions(dave)).toEqual([]);
  });

  it('shows the last thirty mentions', async () => {
    for (let at = 1; at <= 32; at++) await group.send(`${at}`, ALICE, { atAccounts: [BOB] });
    const seqs = (await group.conversation(BOB))?.mentions.map(({ seq }) => seq) ?? [];
    expect([seqs.length, seqs[0], seqs.at(-1)]).toEqual([30, 3n, 32n]);
  });
});
