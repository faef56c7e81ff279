// Sending to a group: order, retries, who may, what is shed, who gets it.
import { ErrorCode, type UserId } from '@parley/kernel';
import { groupv1, messagev1 } from '@parley/proto';
import { waitFor } from '@parley/testkit';
import { LIVE } from './support/fake-groups.js';
import { GroupWorld } from './support/group-world.js';
import {
  ALICE,
  APP,
  asAdmin,
  asUser,
  BOB,
  CAROL,
  MessageFlag,
  type MessageNode,
  MessageWorld,
  textBody,
  textOf,
} from './support/message-world.js';

const { HIGH, LOW, LOWEST } = messagev1.MessagePriority;

describe('sending to a group', () => {
  let world: MessageWorld;
  let node: MessageNode;
  let group: GroupWorld;
  beforeEach(async () => {
    world = await MessageWorld.create();
    node = await world.startNode();
    for (const user of [ALICE, BOB, CAROL]) await world.gateway.connect(user, user, APP);
    group = new GroupWorld(world, () => node);
    await group.found([ALICE, BOB]);
  });
  afterEach(() => world.close());

  const pushed = (user: UserId) => world.gateway.messages(user).map(textOf);

  it('numbers, pushes to the room but not to the sender connection, shows history at once', async () => {
    const here = await world.gateway.connect(ALICE, 'alice-here', APP);
    await world.gateway.enterRoom(APP, group.id, here);
    const more = { priority: HIGH, atAccounts: [BOB], atAll: true, msgSeq: 7, random: 9 };
    const ack = await node.client.send(group.request('hi', more), asUser(ALICE, { connectionId: here }));
    expect(ack).toMatchObject({ seq: 1n, duplicate: false, shed: false, msgSeq: 7, clientMessageId: 'hi' });
    const [message] = await group.history(BOB);
    expect(message).toMatchObject({
      seq: 1n,
      from: ALICE,
      to: group.id,
      type: messagev1.ConversationType.GROUP,
      priority: HIGH,
      atAccounts: [BOB],
      atAll: true,
      toAccounts: [],
      countFromFirst: 1n,
    });
    await waitFor(() => pushed(BOB).length === 1 && pushed(ALICE).length === 1);
    expect(world.gateway.messages('alice-here')).toEqual([]);
    expect(pushed(CAROL)).toEqual([]);
  });

  it('keeps the order of each sender, also while facts are asked for', async () => {
    const texts = Array.from({ length: 60 }, (_, index) => `${index}`);
    const sends = texts.flatMap((text, index) => [
      group.send(`a${text}`, ALICE),
      group.send(`b${text}`, BOB),
      ...(index % 20 === 7 ? [node.announceGroup(`${APP} ${group.id}`)] : []),
    ]);
    await Promise.all(sends);
    const page = { peer: group.id, type: messagev1.ConversationType.GROUP, limit: 100 };
    const newer = await node.client.listMessages(page, asUser(BOB));
    const older = await node.client.listMessages({ ...page, beforeSeq: newer.nextBeforeSeq }, asUser(BOB));
    const shown = [...older.messages, ...newer.messages].map(textOf);
    for (const side of ['a', 'b']) {
      expect(shown.filter((text) => text.startsWith(side))).toEqual(texts.map((text) => side + text));
    }
  });

  it('answers retries as the first time, also after a restart, a mute and above the rate', async () => {
    const first = await group.send('x', ALICE);
    expect(await group.send('x', ALICE, {}, 1)).toMatchObject({ seq: first.seq, duplicate: true });
    // The same id of another sender is another message.
    expect(await group.send('x', BOB)).toMatchObject({ seq: 2n, duplicate: false });
    await group.changeMember(ALICE, { mutedUntilS: 4_000_000_000 });
    expect(await group.send('x', ALICE, {}, 1)).toMatchObject({ seq: first.seq, duplicate: true });
    await group.changeMember(ALICE, { mutedUntilS: 0 });
    await group.changeGroup({ rateMax: 1 });
    await group.send('y', BOB, { priority: HIGH });
    expect(await group.send('x', ALICE, {}, 1)).toMatchObject({ seq: first.seq, shed: false });
    await world.restart();
    node = await world.startNode();
    expect(await group.send('x', ALICE, {}, 1)).toMatchObject({ seq: first.seq, duplicate: true });
    expect((await group.history(BOB)).map(textOf)).toEqual(['x', 'x', 'y']);
    const tip = await group.sendTip('1');
    expect(await group.sendTip('1')).toMatchObject({ seq: tip.seq, duplicate: true });
  });

  it('refuses who may not: strangers, the muted, everybody but those who lead', async () => {
    await expect(group.send('x', CAROL)).rejects.toMatchObject({ code: ErrorCode.GROUP_NO_PERMISSION });
    await expect(group.send('x', ALICE, { to: 'nowhere' })).rejects.toMatchObject({
      code: ErrorCode.GROUP_NOT_FOUND,
    });
    await group.send('1', BOB);
    const nowS = Math.floor(world.clock.now() / 1_000);
    await group.changeMember(BOB, { mutedUntilS: nowS + 60 });
    await expect(group.send('x', BOB)).rejects.toMatchObject({ code: ErrorCode.GROUP_MUTED });
    world.clock.advance(61_000);
    await group.send('2', BOB);
    await group.changeGroup({ muteAll: true });
    await expect(group.send('x', BOB)).rejects.toMatchObject({ code: ErrorCode.GROUP_MUTED });
    await group.changeMember(BOB, { role: groupv1.Role.ADMIN });
    await group.send('3', BOB);
    await group.sendAsAdmin('4', CAROL);
    await group.leave(BOB);
    await expect(group.send('x', BOB)).rejects.toMatchObject({ code: ErrorCode.GROUP_NO_PERMISSION });
    expect((await group.history(ALICE)).map(textOf)).toEqual(['1', '2', '3', '4']);
  });

  it.each<[string, object, ErrorCode]>([
    ['too many named', { toAccounts: Array(51).fill(BOB) }, ErrorCode.GROUP_TOO_MANY_ACCOUNTS],
    ['too many mentioned', { atAccounts: Array(31).fill(BOB) }, ErrorCode.GROUP_TOO_MANY_AT],
    ['all and thirty', { atAccounts: Array(30).fill(BOB), atAll: true }, ErrorCode.GROUP_TOO_MANY_AT],
    ['no id', { to: '' }, ErrorCode.GROUP_ID_INVALID],
    ['a broken body', { body: new Uint8Array(3) }, ErrorCode.GROUP_BAD_PARAMETER],
    ['a huge body', { body: textBody('x'.repeat(13_000)) }, ErrorCode.MESSAGE_TOO_LONG],
    ['an unknown priority', { priority: 9 }, ErrorCode.GROUP_BAD_PARAMETER],
    ['a tip', { flags: MessageFlag.SYSTEM }, ErrorCode.GROUP_BAD_PARAMETER],
  ])('refuses %s', async (_, more, code) => {
    await expect(group.send('x', ALICE, more)).rejects.toMatchObject({ code });
    const admin = group.sendAsAdmin('x', ALICE, more);
    await expect(admin).rejects.toMatchObject({ code });
  });

  it('refuses what the type does not take, and unknown senders', async () => {
    await group.changeGroup({ takesTargeted: false, takesAtAll: false, countsUnread: false });
    const refused = { code: ErrorCode.GROUP_NO_PERMISSION };
    await expect(group.send('x', ALICE, { toAccounts: [BOB] })).rejects.toMatchObject(refused);
    await expect(group.send('x', ALICE, { atAll: true })).rejects.toMatchObject(refused);
    await expect(group.send('x', ALICE, { flags: MessageFlag.NO_UNREAD })).rejects.toMatchObject({
      code: ErrorCode.GROUP_BAD_PARAMETER,
    });
    await expect(group.sendAsAdmin('x', 'nobody' as UserId)).rejects.toMatchObject({
      code: ErrorCode.GROUP_ACCOUNT_NOT_FOUND,
    });
    await group.send('1', ALICE);
    expect(await group.unread(BOB)).toBe(0n);
  });

  it('brings targeted messages to sender and targets only', async () => {
    await group.join(CAROL);
    await group.send('1', ALICE);
    const ack = await group.send('for bob', ALICE, { toAccounts: [BOB, 'nobody'] });
    await group.send('3', ALICE);
    expect(ack.seq).toBe(2n);
    await waitFor(() => pushed(BOB).length === 3 && pushed(CAROL).length === 2 && pushed(ALICE).length === 3);
    expect((await group.history(BOB)).map(textOf)).toEqual(['1', 'for bob', '3']);
    expect((await group.history(CAROL)).map(textOf)).toEqual(['1', '3']);
    const sync = await group.sync(CAROL);
    expect(sync.messages.map((one) => one.seq)).toEqual([1n, 3n]);
    expect(sync).toMatchObject({ completeTo: 3n, headSeq: 3n });
    expect(await group.unread(BOB)).toBe(2n);
    expect(await group.unread(CAROL)).toBe(2n);
    const everything = { peer: group.id, type: messagev1.ConversationType.GROUP };
    expect((await node.client.listMessages(everything, asAdmin())).messages).toHaveLength(3);
    await group.send('for nobody', ALICE, { toAccounts: ['nobody'] });
    await waitFor(() => pushed(ALICE).length === 4);
    expect(pushed(BOB)).toHaveLength(3);
  });

  it('sheds above the rate, the lowest first, and neither tips nor what comes later', async () => {
    await group.changeGroup({ rateMax: 3 });
    world.clock.advance(1_000 - (world.clock.now() % 1_000));
    const burst = async (texts: string[], priority: messagev1.MessagePriority) => {
      const acks = await Promise.all(texts.map((text) => group.send(text, ALICE, { priority })));
      return acks.map((ack) => ack.shed);
    };
    expect(await burst(['l1', 'l2', 'l3', 'l4'], LOWEST)).toEqual([false, false, false, true]);
    expect(await burst(['m1'], LOW)).toEqual([false]);
    expect(await burst(['h1', 'h2', 'h3', 'h4'], HIGH)).toEqual([false, false, false, true]);
    expect(await group.sendTip('tip')).toMatchObject({ shed: false, seq: 8n });
    expect(await group.sendAsAdmin('x', ALICE, { priority: HIGH, dedupKey: 'k' })).toMatchObject({
      shed: true,
      seq: 0n,
    });
    world.clock.advance(1_000);
    expect(await burst(['l5'], LOWEST)).toEqual([false]);
    expect(await group.history(BOB)).toHaveLength(9);
  });

  it('gives live groups no numbers and no history', async () => {
    const live = new GroupWorld(world, () => node, 'live');
    await live.found([ALICE, BOB], LIVE);
    await group.send('1', ALICE);
    const appends = node.log.appends;
    expect(await live.send('now', ALICE)).toMatchObject({ seq: 0n, shed: false });
    await live.sendTip('joined');
    expect(await group.send('online', ALICE, { flags: MessageFlag.ONLINE_ONLY })).toMatchObject({ seq: 0n });
    await waitFor(() => pushed(BOB).length === 4);
    expect(pushed(BOB).sort()).toEqual(['1', 'joined', 'now', 'online']);
    expect(node.log.appends).toBe(appends);
    expect(await live.history(BOB)).toEqual([]);
    const roam = node.client.listMessages(
      { peer: 'live', type: messagev1.ConversationType.GROUP },
      asAdmin(),
    );
    await expect(roam).rejects.toMatchObject({ code: ErrorCode.GROUP_TYPE_WITHOUT_HISTORY });
  });

  it('a warm send costs one reservation, one append and one mark, reads no table and asks nobody', async () => {
    await group.send('cold', ALICE);
    await group.history(BOB);
    for (const watch of [node.tables, node.coordination, node.groups, node.accounts]) watch.reset();
    const appends = node.log.appends;
    await group.send('warm', ALICE);
    expect(node.log.appends - appends).toBe(1);
    expect(node.groups.count('getSendFacts')).toBe(0);
    expect(node.coordination.count('reserveNext')).toBe(1);
    expect(node.coordination.count('replace')).toBe(1);
    expect(['get', 'getMany', 'scan'].map((name) => node.tables.count(name))).toEqual([0, 0, 0]);
  });

  it('delivers again what was not delivered', async () => {
    world.gateway.isAway = true;
    await group.send('1', ALICE);
    await group.send('for bob', ALICE, { toAccounts: [BOB] });
    await waitFor(() => world.captured.at('warn').some((line) => line.event === 'delivery failed'));
    world.gateway.isAway = false;
    world.clock.advance(3_000);
    await waitFor(() => pushed(BOB).length >= 2, { timeoutMs: 10_000 });
    expect(pushed(CAROL)).toEqual([]);
  });
});
