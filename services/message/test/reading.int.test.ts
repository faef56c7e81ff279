// Marks, unread counts and conversation lists.
import { ChatError, ErrorCode, type UserId } from '@parley/kernel';
import { waitFor } from '@parley/testkit';
import {
  ALICE,
  APP,
  asAdmin,
  asUser,
  BOB,
  C2C,
  CAROL,
  MessageFlag,
  type MessageNode,
  MessageWorld,
  OTHER_APP,
  textBody,
  textOf,
} from './support/message-world.js';

describe('marks and unread counts', () => {
  let world: MessageWorld;
  let node: MessageNode;
  beforeEach(async () => {
    world = await MessageWorld.create();
    node = await world.startNode();
  });
  afterEach(() => world.close());

  const send = (text: string, from: UserId = ALICE, to: UserId = BOB, flags = 0) =>
    node.client.send({ to, type: C2C, clientMessageId: text, body: textBody(text), flags }, asUser(from));
  const unread = async (user = BOB) => (await node.client.countUnread({}, asUser(user))).total;
  const mark = (more: object = {}, user = BOB, peer = ALICE) =>
    node.client.markRead({ peer, type: C2C, ...more }, asUser(user));

  it('own messages change nothing of what is unread', async () => {
    await send('1');
    await send('2');
    await send('3', BOB, ALICE);
    expect(await unread()).toBe(2n);
    expect(await unread(ALICE)).toBe(1n);
    expect(await mark()).toMatchObject({ readSeq: 3n, unreadCount: 0n });
    await send('4', BOB, ALICE);
    expect(await unread()).toBe(0n);
    await send('5');
    expect(await unread()).toBe(1n);
    expect(await unread(ALICE)).toBe(2n);
  });

  it('a mark moves forward only, and not beyond the head', async () => {
    for (const text of ['1', '2', '3', '4']) await send(text);
    expect(await mark({ readSeq: 2n })).toMatchObject({ readSeq: 2n, unreadCount: 2n });
    expect(await mark({ readSeq: 1n })).toMatchObject({ readSeq: 2n, unreadCount: 2n });
    expect(await mark({ readSeq: 99n })).toMatchObject({ readSeq: 4n, unreadCount: 0n });
    await send('5');
    expect(await unread()).toBe(1n);
    await Promise.all([mark({ readSeq: 5n }), mark({ readSeq: 3n }), mark()]);
    expect(await unread()).toBe(0n);
  });

  it('is told to the peer and to the other devices of the reader', async () => {
    const here = await world.gateway.connect(BOB, 'bob-here', APP);
    await world.gateway.connect(BOB, 'bob-there', APP);
    await world.gateway.connect(ALICE, 'alice', APP);
    const ack = await send('1');
    await node.client.markRead({ peer: ALICE }, asUser(BOB, { connectionId: here }));
    await waitFor(() => world.gateway.reads('alice').length === 1);
    await waitFor(() => world.gateway.reads('bob-there').length === 1);
    expect(world.gateway.reads('bob-here')).toEqual([]);
    expect(world.gateway.reads('alice')[0]).toMatchObject({
      user: BOB,
      peer: ALICE,
      readSeq: 1n,
      readMessageTimeMs: ack.timeMs,
    });
    await node.client.markRead({ peer: ALICE }, asUser(BOB, { connectionId: here }));
    await send('2');
    await node.client.markRead({ peer: ALICE }, asUser(BOB, { connectionId: here }));
    await waitFor(() => world.gateway.reads('alice').length === 2);
    const { conversation } = await node.client.getConversation({ peer: BOB }, asUser(ALICE));
    expect(conversation).toMatchObject({ peerReadSeq: 2n, headSeq: 2n });
  });

  it('is told by the retry of an attempt that set it without knowing', async () => {
    await world.gateway.connect(ALICE, 'alice', APP);
    await send('1');
    await node.client.countUnread({}, asUser(BOB));
    const put = world.tables.put.bind(world.tables);
    world.tables.put = async (...args) => {
      await put(...args);
      throw new ChatError(ErrorCode.UNAVAILABLE, 'injected by the test');
    };
    await expect(node.client.markRead({ peer: ALICE }, asUser(BOB))).rejects.toMatchObject({
      isRetryable: true,
    });
    world.tables.put = put;
    expect(world.gateway.reads('alice')).toHaveLength(0);
    await node.client.markRead({ peer: ALICE }, asUser(BOB, { attempt: 1 }));
    await waitFor(() => world.gateway.reads('alice').length === 1);
  });

  it('is told again when a gateway node was away', async () => {
    await world.gateway.connect(ALICE, 'alice', APP);
    await send('1');
    world.gateway.isAway = true;
    await node.client.markRead({ peer: ALICE }, asUser(BOB));
    await waitFor(() => world.captured.at('warn').some((line) => line.event === 'delivery.node.failed'));
    world.gateway.isAway = false;
    await waitFor(() => world.gateway.reads('alice').length === 1);
  });

  it('is told before it is answered, and by a retry for a process that died in between', async () => {
    await world.gateway.connect(ALICE, 'alice', APP);
    await send('1');
    await node.client.markRead({ peer: ALICE }, asUser(BOB));
    expect(world.gateway.reads('alice')).toHaveLength(1);
    await node.client.markRead({ peer: ALICE, readSeq: 1n }, asUser(BOB));
    expect(world.gateway.reads('alice')).toHaveLength(1);
    await node.client.markRead({ peer: ALICE, readSeq: 1n }, asUser(BOB, { attempt: 1 }));
    expect(world.gateway.reads('alice')).toHaveLength(2);
  });

  it('until a time: up to the newest message that is not newer', async () => {
    await send('1');
    const { timeMs } = await send('2');
    world.clock.advance(10_000);
    await send('3');
    const untilTimeS = Math.floor(Number(timeMs) / 1_000) + 1;
    expect(await mark({ untilTimeS })).toMatchObject({ readSeq: 2n, unreadCount: 1n });
    expect(await mark({ untilTimeS: 1 })).toMatchObject({ readSeq: 2n });
    expect(await mark({ untilTimeS: untilTimeS + 1_000 })).toMatchObject({ readSeq: 3n, unreadCount: 0n });
  });

  it('of nothing is nothing', async () => {
    expect(await mark()).toMatchObject({ readSeq: 0n, unreadCount: 0n });
    expect(await unread()).toBe(0n);
    const { conversation } = await node.client.getConversation({ peer: ALICE }, asUser(BOB));
    expect(conversation).toBeUndefined();
  });

  it('uncounted messages do not count', async () => {
    await send('1', ALICE, BOB, MessageFlag.NO_UNREAD);
    await send('2');
    await send('3', ALICE, BOB, MessageFlag.NO_UNREAD);
    expect(await unread()).toBe(1n);
    await mark({ readSeq: 1n });
    expect(await unread()).toBe(1n);
    await mark({ readSeq: 2n });
    expect(await unread()).toBe(0n);
  });

  it('counts by peer, with a code for those who do not exist', async () => {
    await send('1');
    await send('2', CAROL, BOB);
    await send('3', CAROL, BOB);
    const asked = await node.client.countUnread(
      { user: BOB, peers: [CAROL, 'nobody', ALICE, 'administrator'] },
      asAdmin(),
    );
    expect(asked.peers.map(({ peer, unreadCount, code }) => [peer, Number(unreadCount), code])).toEqual([
      [CAROL, 2, 0],
      ['nobody', 0, ErrorCode.TO_ACCOUNT_INVALID],
      [ALICE, 1, 0],
      ['administrator', 0, 0],
    ]);
    expect(await unread()).toBe(3n);
    await expect(
      node.client.countUnread({ peers: Array.from({ length: 11 }, (_, index) => `u${index}`) }, asUser(BOB)),
    ).rejects.toMatchObject({ code: ErrorCode.C2C_BAD_REQUEST });
  });

  it('users may ask only about themselves, admins about whom there is', async () => {
    await expect(node.client.countUnread({ user: ALICE }, asUser(BOB))).rejects.toMatchObject({
      code: ErrorCode.IDENTITY_CHECK_FAILED,
    });
    await expect(node.client.countUnread({ user: 'nobody' }, asAdmin())).rejects.toMatchObject({
      code: ErrorCode.FROM_ACCOUNT_INVALID,
    });
    await expect(node.client.markRead({ user: BOB, peer: 'nobody' }, asAdmin())).rejects.toMatchObject({
      code: ErrorCode.TO_ACCOUNT_INVALID,
    });
    await expect(node.client.listMessages({ peer: 'a\u0000' }, asUser(BOB))).rejects.toMatchObject({
      code: ErrorCode.C2C_ACCOUNT_INVALID,
    });
  });
});

describe('conversation lists', () => {
  let world: MessageWorld;
  let node: MessageNode;
  const peers = Array.from({ length: 12 }, (_, index) => `peer${String(index).padStart(2, '0')}` as UserId);
  beforeEach(async () => {
    world = await MessageWorld.create();
    for (const peer of peers) world.accounts.get(APP)?.add(peer);
    node = await world.startNode();
  });
  afterEach(() => world.close());

  const send = (text: string, from: UserId, to: UserId, more: object = {}) =>
    node.client.send({ to, type: C2C, clientMessageId: text, body: textBody(text), ...more }, asUser(from));
  const list = (more: object = {}, user: UserId = BOB) => node.client.listConversations(more, asUser(user));

  it('shows the newest first, with last message, unread count and marks', async () => {
    for (const peer of peers) {
      await send(`from ${peer}`, peer, BOB);
      world.clock.advance(10);
    }
    await send('again', peers[3] as UserId, BOB);
    await node.client.markRead({ peer: BOB }, asUser(peers[5] as UserId));
    const { conversations, nextCursor } = await list();
    expect(nextCursor).toBe('');
    expect(conversations.map((one) => one.peer)).toEqual(
      [peers[3], ...peers.filter((_, index) => index !== 3).reverse()].map(String),
    );
    expect(conversations[0]).toMatchObject({ unreadCount: 2n, headSeq: 2n, readSeq: 0n });
    expect(conversations.map((one) => one.lastMessage && textOf(one.lastMessage))[0]).toBe('again');
    expect(conversations.find((one) => one.peer === peers[5])?.peerReadSeq).toBe(1n);
  });

  it('pages without a gap or a copy', async () => {
    for (const peer of peers) await send(`from ${peer}`, peer, BOB);
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = await list({ cursor, limit: 5 });
      seen.push(...page.conversations.map((one) => one.peer));
      cursor = page.nextCursor;
    } while (cursor !== '');
    expect(seen).toHaveLength(12);
    expect(new Set(seen).size).toBe(12);
    await expect(list({ cursor: 'nonsense' })).rejects.toMatchObject({ code: ErrorCode.C2C_BAD_REQUEST });
  });

  it('shows what changed since: messages, own marks and those of the peer', async () => {
    for (const peer of peers) await send(`from ${peer}`, peer, BOB);
    // A change counts from when it is written, and the writer may rest: a read waits for it.
    await list();
    world.clock.advance(5_000);
    const { serverTimeMs } = await list();
    world.clock.advance(5_000);
    const since = { changedAfterMs: serverTimeMs };
    expect((await list(since)).conversations).toEqual([]);
    await send('new', peers[0] as UserId, BOB);
    await node.client.markRead({ peer: peers[1] as string }, asUser(BOB));
    await node.client.markRead({ peer: BOB }, asUser(peers[2] as UserId));
    const changed = (await list(since)).conversations.map((one) => one.peer);
    expect(new Set(changed)).toEqual(new Set(peers.slice(0, 3)));
  });

  it('does not show a conversation of which the user sees nothing', async () => {
    const from = { from: ALICE, to: BOB };
    await node.client.send(
      { ...from, flags: MessageFlag.HIDDEN_FROM_SENDER, clientMessageId: 'h', body: textBody('h') },
      asAdmin(),
    );
    await node.client.send(
      { ...from, to: CAROL, flags: MessageFlag.NO_LAST | MessageFlag.NO_UNREAD, body: textBody('n') },
      asAdmin(),
    );
    expect((await list({}, ALICE)).conversations).toEqual([]);
    expect((await list({}, BOB)).conversations.map((one) => one.peer)).toEqual([ALICE]);
    expect((await list({}, CAROL)).conversations).toEqual([]);
    // It is unread, so it must be there to be read.
    await node.client.send(
      { ...from, to: CAROL, flags: MessageFlag.NO_LAST, body: textBody('m') },
      asAdmin(),
    );
    const [shown] = (await list({}, CAROL)).conversations;
    expect(shown).toMatchObject({ peer: ALICE, unreadCount: 1n });
    expect(shown?.lastMessage).toBeUndefined();
  });

  it('keeps apps apart', async () => {
    await send('here', ALICE, BOB);
    const there = asUser(ALICE, { appId: OTHER_APP });
    expect((await node.client.listConversations({}, there)).conversations).toEqual([]);
    const ack = await node.client.send({ to: BOB, clientMessageId: 'here', body: textBody('there') }, there);
    expect(ack).toMatchObject({ seq: 1n, duplicate: false });
    const read = (appId: typeof APP) => node.client.listMessages({ peer: ALICE }, asUser(BOB, { appId }));
    expect((await read(APP)).messages.map(textOf)).toEqual(['here']);
    expect((await read(OTHER_APP)).messages.map(textOf)).toEqual(['there']);
    await expect(
      node.client.send({ to: CAROL, clientMessageId: 'c', body: textBody('c') }, there),
    ).rejects.toMatchObject({ code: ErrorCode.C2C_ACCOUNT_INVALID });
    await node.client.markRead({ peer: ALICE }, asUser(BOB, { appId: OTHER_APP }));
    expect((await node.client.countUnread({}, asUser(BOB))).total).toBe(1n);
    await world.gateway.connect(BOB, 'bob', OTHER_APP);
    await send('only here', ALICE, BOB);
    await node.client.send({ to: BOB, clientMessageId: 'x', body: textBody('only there') }, there);
    await waitFor(() => world.gateway.messages('bob').length > 0);
    expect(world.gateway.messages('bob').map(textOf)).toEqual(['only there']);
  });
});
