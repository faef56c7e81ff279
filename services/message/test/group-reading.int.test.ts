// Groups as their members read them: unread counts, marks, history before joining, leaving and coming back.
import { ErrorCode, type UserId } from '@parley/kernel';
import { messagev1 } from '@parley/proto';
import { serviceContext } from '@parley/rpc';
import { waitFor } from '@parley/testkit';
import { GroupWorld } from './support/group-world.js';
import { held } from './support/held.js';
import {
  ALICE,
  APP,
  asAdmin,
  asUser,
  BOB,
  C2C,
  CAROL,
  GROUP,
  MessageFlag,
  type MessageNode,
  MessageWorld,
  textBody,
  textOf,
} from './support/message-world.js';

const SERVICE = serviceContext(APP, 'group' as UserId);

describe('reading a group', () => {
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

  const texts = async (user: UserId) => (await group.history(user)).map(textOf);

  it('does not mistake a late opening or closing for the last one', async () => {
    const open = (changeSeq: bigint) =>
      node.client.openConversations({ groupId: group.id, userIds: [CAROL], changeSeq }, SERVICE);
    const close = (changeSeq: bigint) =>
      node.client.closeConversations({ groupId: group.id, userIds: [CAROL], changeSeq }, SERVICE);
    const isOpen = async () => (await group.conversation(CAROL)) !== undefined;
    await open(5n);
    await group.send('1', ALICE);
    await waitFor(async () => (await group.unread(CAROL)) === 1n);
    await open(9n); // she has left with 7, which is on its way
    expect([await isOpen(), await group.unread(CAROL)]).toEqual([true, 0n]);
    await close(7n);
    await open(5n);
    expect([await isOpen(), (await group.conversation(CAROL))?.openedSeq]).toEqual([true, 1n]);
    await close(12n);
    await open(11n);
    await open(12n);
    expect(await isOpen()).toBe(false);
    await close(12n);
    await open(13n);
    expect(await isOpen()).toBe(true);
  });

  it('counts for everybody, moves the sender by sending, and tells the own devices of marks', async () => {
    for (const device of ['bob-1', 'bob-2', 'bob-3']) await world.gateway.connect(BOB, device, APP);
    await world.gateway.connect(ALICE, 'alice', APP);
    await group.send('1', ALICE);
    await group.send('2', ALICE);
    expect(await group.unread(BOB)).toBe(2n);
    expect(await group.unread(ALICE)).toBe(0n);
    await group.send('3', BOB);
    expect(await group.unread(BOB)).toBe(0n);
    expect(await group.unread(ALICE)).toBe(1n);
    await group.send('4', ALICE);
    expect(await group.unread(BOB)).toBe(1n);
    const context = asUser(BOB, { connectionId: 'bob-1' as never });
    const moved = await node.client.markRead({ peer: group.id, type: GROUP }, context);
    expect(moved).toMatchObject({ readSeq: 4n, unreadCount: 0n });
    await waitFor(
      () => world.gateway.reads('bob-2').length === 1 && world.gateway.reads('bob-3').length === 1,
    );
    expect(world.gateway.reads('bob-1')).toEqual([]);
    expect(world.gateway.reads('alice')).toEqual([]);
    expect(world.gateway.reads('bob-2')[0]).toMatchObject({
      user: BOB,
      peer: group.id,
      type: GROUP,
      readSeq: 4n,
    });
  });

  it('counts neither tips nor what is for some only nor what says so', async () => {
    await group.send('1', ALICE);
    await group.sendTip('tip');
    await group.send('2', ALICE, { toAccounts: [BOB] });
    await group.send('3', ALICE, { flags: MessageFlag.NO_UNREAD });
    await group.send('4', ALICE);
    expect(await group.unread(BOB)).toBe(2n);
    expect(await group.markRead(BOB, { readSeq: 2n })).toMatchObject({ readSeq: 2n, unreadCount: 1n });
    expect(await group.markRead(BOB, { readSeq: 1n })).toMatchObject({ readSeq: 2n, unreadCount: 1n });
    expect(await group.markRead(BOB, { readSeq: 99n })).toMatchObject({ readSeq: 5n, unreadCount: 0n });
  });

  it('shows what was said before joining only where it is to be shown', async () => {
    await group.send('before', ALICE);
    await group.join(CAROL);
    await group.send('after', ALICE);
    expect(await texts(CAROL)).toEqual(['after']);
    expect(await group.unread(CAROL)).toBe(1n);
    const sync = await group.sync(CAROL);
    expect(sync.messages.map(textOf)).toEqual(['after']);
    expect(sync).toMatchObject({ completeTo: 2n, hasMore: false });
    const dave = 'dave' as UserId;
    await group.join(dave, true);
    expect(await texts(dave)).toEqual(['before', 'after']);
    expect(await group.unread(dave)).toBe(0n);
    expect((await group.conversation(dave))?.readSeq).toBe(2n);
  });

  it('opens with as much unread as is asked for, at most all', async () => {
    for (let index = 1; index <= 6; index++) {
      await group.send(`${index}`, ALICE);
      await group.sendTip(`tip ${index}`);
    }
    const newcomers = ['u0', 'u4', 'u9'] as UserId[];
    for (const user of newcomers) world.groups.changeMember(APP, group.id, user, {});
    await group.open(newcomers, true, [0, 4, 9]);
    await group.open(newcomers, true, [1, 1, 1]);
    expect(await Promise.all(newcomers.map((user) => group.unread(user)))).toEqual([0n, 4n, 6n]);
    await group.send('7', ALICE);
    expect(await Promise.all(newcomers.map((user) => group.unread(user)))).toEqual([1n, 5n, 7n]);
  });

  it('leaves and comes back: nothing of between is shown, and nothing of it is unread', async () => {
    await group.send('1', ALICE);
    await group.leave(BOB);
    await expect(group.history(BOB)).rejects.toMatchObject({ code: ErrorCode.GROUP_NO_PERMISSION });
    await expect(group.sync(BOB)).rejects.toMatchObject({ code: ErrorCode.GROUP_NO_PERMISSION });
    await expect(group.markRead(BOB)).rejects.toMatchObject({ code: ErrorCode.GROUP_NO_PERMISSION });
    expect(await group.conversation(BOB)).toBeUndefined();
    expect(await group.unread(BOB)).toBe(0n);
    await group.send('2', ALICE);
    // Came and went while the notice got lost: the row knows, and the group service says it.
    world.groups.changeMember(APP, group.id, BOB, {});
    await expect(group.sync(BOB)).rejects.toMatchObject({ isRetryable: true });
    world.groups.removeMember(APP, group.id, BOB);
    await expect(group.sync(BOB)).rejects.toMatchObject({ code: ErrorCode.GROUP_NO_PERMISSION });
    await group.join(BOB);
    await group.send('3', ALICE);
    expect(await texts(BOB)).toEqual(['3']);
    expect(await group.unread(BOB)).toBe(1n);
    await group.markRead(BOB);
    // Where the member came in does not move with reading.
    expect(await group.conversation(BOB)).toMatchObject({ openedSeq: 2n, readSeq: 3n });
    await group.leave(BOB);
    await group.leave(BOB);
    await group.join(BOB, true);
    expect(await texts(BOB)).toEqual(['1', '2', '3']);
    expect(await group.unread(BOB)).toBe(0n);
  });

  it('counts what comes late, below marks and below what was sent since', async () => {
    await group.join(CAROL);
    const dave = 'dave' as UserId;
    await group.join(dave);
    await group.send('1', ALICE);
    await group.markRead(dave);
    const gate = held();
    const appends = node.log.appends;
    node.log.fault = () => ({ heldUntil: gate.until });
    const late = group.send('2', ALICE);
    await waitFor(() => node.log.appends > appends);
    node.log.fault = () => undefined;
    await group.send('3', BOB);
    await group.markRead(CAROL);
    await group.send('4', CAROL, { toAccounts: [ALICE] });
    await group.send('5', BOB);
    expect(await Promise.all([ALICE, BOB, CAROL, dave].map((user) => group.unread(user)))).toEqual([
      2n,
      0n,
      1n,
      2n,
    ]);
    expect(await group.sync(dave, 1n)).toMatchObject({ messages: [], completeTo: 1n });
    gate.release();
    await late;
    expect(await texts(CAROL)).toEqual(['1', '2', '3', '4', '5']);
    // Alice's mark moves to her late message only.
    expect(await Promise.all([ALICE, BOB, CAROL, dave].map((user) => group.unread(user)))).toEqual([
      2n,
      0n,
      1n,
      3n,
    ]);
    expect((await group.sync(dave, 1n)).messages.map(textOf)).toEqual(['2', '3', '5']);
  });

  it('asks a member to wait while the group is being opened', async () => {
    await group.send('1', ALICE);
    world.groups.changeMember(APP, group.id, CAROL, {});
    await expect(group.sync(CAROL)).rejects.toMatchObject({ isRetryable: true });
    await group.open([CAROL], true);
    expect((await group.sync(CAROL)).messages.map(textOf)).toEqual(['1']);
  });

  it('sets unread counts back and forth, and reading goes on from there', async () => {
    for (const text of ['1', '2', '3', '4']) await group.send(text, ALICE);
    const set = (unreadCount: number, user = BOB) =>
      node.client.setUnread({ user, groupId: group.id, unreadCount }, asAdmin());
    await group.markRead(BOB);
    expect(await set(3)).toMatchObject({ unreadCount: 3n });
    expect(await group.unread(BOB)).toBe(3n);
    expect(await group.markRead(BOB, { readSeq: 2n })).toMatchObject({ readSeq: 2n, unreadCount: 2n });
    expect(await set(99)).toMatchObject({ unreadCount: 4n });
    expect(await group.markRead(BOB)).toMatchObject({ readSeq: 4n, unreadCount: 0n });
    // Also what was sent before counts as unread again, until something is sent.
    await group.send('5', BOB);
    expect(await set(2)).toMatchObject({ unreadCount: 2n });
    expect(await group.unread(BOB)).toBe(2n);
    await group.send('6', BOB);
    expect(await group.unread(BOB)).toBe(0n);
    await expect(set(1, CAROL)).resolves.toMatchObject({ unreadCount: 0n });
    await group.changeGroup({ countsUnread: false });
    expect(await set(3)).toMatchObject({ unreadCount: 0n });
  });

  it('is in the list with its last message as the member sees it, and in the total', async () => {
    await node.client.send({ to: BOB, type: C2C, clientMessageId: 'c', body: textBody('c') }, asUser(CAROL));
    expect(await group.conversation(BOB)).toMatchObject({ headSeq: 0n, unreadCount: 0n });
    world.clock.advance(10);
    await group.send('1', ALICE);
    await group.send('for alice', BOB, { toAccounts: [ALICE] });
    await group.join(CAROL);
    const last = async (user: UserId) => (await group.conversation(user))?.lastMessage;
    expect(textOf((await last(ALICE)) as messagev1.Message)).toBe('for alice');
    await group.send('2', ALICE);
    await group.send('for bob', ALICE, { toAccounts: [BOB] });
    expect(textOf((await last(BOB)) as messagev1.Message)).toBe('for bob');
    expect(textOf((await last(CAROL)) as messagev1.Message)).toBe('2');
    expect((await node.client.countUnread({}, asUser(BOB))).total).toBe(2n);
    expect((await node.client.countUnread({ type: C2C }, asUser(BOB))).total).toBe(1n);
    const pages: string[] = [];
    for (let cursor = '', isLast = false; !isLast; ) {
      const page = await node.client.listConversations({ cursor, limit: 1 }, asUser(BOB));
      pages.push(...page.conversations.map((one) => one.peer));
      cursor = page.nextCursor;
      isLast = cursor === '';
    }
    expect(pages).toEqual([group.id, CAROL]);
  });

  it('shows as changed what was said, read or opened since', async () => {
    await group.send('1', ALICE);
    await group.conversation(BOB);
    world.clock.advance(5_000);
    const list = async (user: UserId, changedAfterMs: bigint) =>
      (await node.client.listConversations({ changedAfterMs }, asUser(user))).conversations.length;
    const since = BigInt(world.clock.now());
    expect(await list(BOB, since)).toBe(0);
    await group.markRead(BOB);
    expect(await list(BOB, since)).toBe(1);
    expect(await list(ALICE, since)).toBe(0);
    await group.join(CAROL);
    expect(await list(CAROL, since)).toBe(1);
    await group.send('2', BOB);
    expect(await list(ALICE, since)).toBe(1);
  });

  it('answers heads, and takes imports in the order of time', async () => {
    const other = new GroupWorld(world, () => node, 'old');
    await other.found([ALICE, BOB]);
    const nowS = Math.floor(world.clock.now() / 1_000);
    const bring = (text: string, timeS: number, more: object = {}) =>
      node.client.import(
        { from: ALICE, to: 'old', type: GROUP, random: 1, timeS, body: textBody(text), ...more },
        asAdmin(),
      );
    expect(await bring('1', nowS - 100)).toMatchObject({ seq: 1n, duplicate: false });
    expect(await bring('2', nowS - 50, { from: BOB })).toMatchObject({ seq: 2n });
    expect(await bring('1', nowS - 100)).toMatchObject({ seq: 1n, duplicate: true });
    const badTime = { code: ErrorCode.GROUP_BAD_PARAMETER };
    await expect(bring('3', nowS - 60)).rejects.toMatchObject(badTime);
    await expect(bring('3', nowS + 60)).rejects.toMatchObject(badTime);
    await expect(bring('x'.repeat(13_000), nowS)).rejects.toMatchObject({
      code: ErrorCode.GROUP_IMPORT_TOO_LONG,
    });
    expect((await other.history(BOB)).map(textOf)).toEqual(['1', '2']);
    expect(await other.unread(BOB)).toBe(0n);
    const { heads } = await node.client.getHeads({ groupIds: [group.id, 'old'] }, SERVICE);
    expect(heads.map((head) => [head.seq, Number(head.lastTimeMs)])).toEqual([
      [0n, 0],
      [2n, (nowS - 50) * 1_000],
    ]);
  });

  it('keeps apps, and users with the id of a group, apart', async () => {
    const namesake = new GroupWorld(world, () => node, BOB);
    await namesake.found([ALICE]);
    await namesake.send('to the group', ALICE);
    await node.client.send(
      { to: BOB, type: C2C, clientMessageId: 'c', body: textBody('to bob') },
      asUser(ALICE),
    );
    expect((await namesake.history(ALICE)).map(textOf)).toEqual(['to the group']);
    const { messages } = await node.client.listMessages({ peer: ALICE, type: C2C }, asUser(BOB));
    expect(messages.map(textOf)).toEqual(['to bob']);
    await expect(namesake.history(BOB)).rejects.toMatchObject({ code: ErrorCode.GROUP_NO_PERMISSION });
  });
});
