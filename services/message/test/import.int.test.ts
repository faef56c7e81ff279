// Imports, and history by time.
import { ErrorCode } from '@parley/kernel';
import { waitFor } from '@parley/testkit';
import {
  ALICE,
  APP,
  asAdmin,
  asUser,
  BOB,
  type MessageNode,
  MessageWorld,
  textBody,
  textOf,
} from './support/message-world.js';

const T = 1_600_000_000;

describe('imports', () => {
  let world: MessageWorld;
  let node: MessageNode;
  beforeEach(async () => {
    world = await MessageWorld.create();
    node = await world.startNode();
  });
  afterEach(() => world.close());

  const bring = (text: string, timeS: number, more: object = {}) =>
    node.client.import(
      { from: ALICE, to: BOB, msgSeq: 1, random: 1, timeS, body: textBody(text), ...more },
      asAdmin(),
    );
  const send = (text: string) =>
    node.client.send({ to: BOB, clientMessageId: text, body: textBody(text) }, asUser(ALICE));
  const byTime = (more: object = {}) =>
    node.client.listMessagesByTime(
      { user: BOB, peer: ALICE, minTimeS: 0, maxTimeS: 4_000_000_000, limit: 100, ...more },
      asAdmin(),
    );
  const keyOf = (message: { msgSeq: number; random: number; timeMs: bigint }) =>
    `${message.msgSeq}_${message.random}_${message.timeMs / 1_000n}`;

  it('keep their time, and what was history is neither unread nor delivered', async () => {
    await world.gateway.connect(BOB, 'bob', APP);
    await bring('old', T);
    await bring('live', T + 1, { live: true });
    await waitFor(() => world.gateway.messages('bob').length === 1);
    expect(world.gateway.messages('bob').map(textOf)).toEqual(['live']);
    expect((await node.client.countUnread({}, asUser(BOB))).total).toBe(1n);
    const { messages } = await node.client.listMessages({ peer: ALICE }, asUser(BOB));
    expect(messages.map((one) => Number(one.timeMs))).toEqual([T * 1_000, (T + 1) * 1_000]);
    const { conversations } = await node.client.listConversations({}, asUser(BOB));
    expect(conversations[0]?.lastMessage && textOf(conversations[0].lastMessage)).toBe('live');
  });

  it('are recognised for ever, in either direction, whatever the content', async () => {
    await expect(bring('1', T)).resolves.toMatchObject({ seq: 1n, duplicate: false });
    await expect(bring('2', T)).resolves.toMatchObject({ seq: 1n, duplicate: true });
    await expect(bring('3', T, { from: BOB, to: ALICE })).resolves.toMatchObject({ duplicate: true });
    world.clock.advance(400 * 24 * 3_600_000);
    await world.restart();
    node = await world.startNode();
    await expect(bring('4', T)).resolves.toMatchObject({ seq: 1n, duplicate: true });
    await expect(bring('5', T, { random: 2 })).resolves.toMatchObject({ seq: 2n, duplicate: false });
    expect((await byTime()).messages.map(textOf)).toEqual(['1', '5']);
  });

  it('at once are one', async () => {
    const answers = await Promise.all([
      bring('1', T),
      bring('1', T),
      bring('1', T, { from: BOB, to: ALICE }),
    ]);
    expect(new Set(answers.map((answer) => answer.seq))).toEqual(new Set([1n]));
    expect((await byTime()).messages).toHaveLength(1);
  });

  it('are refused to users, and without a time or from nobody', async () => {
    await expect(
      node.client.import({ to: BOB, timeS: T, body: textBody('x') }, asUser(ALICE)),
    ).rejects.toMatchObject({ code: ErrorCode.IDENTITY_CHECK_FAILED });
    await expect(bring('x', 0)).rejects.toMatchObject({ code: ErrorCode.MESSAGE_TIME_INVALID });
    await expect(bring('x', T, { from: 'nobody' })).rejects.toMatchObject({
      code: ErrorCode.FROM_ACCOUNT_INVALID,
    });
    await expect(bring('x', T, { to: 'nobody' })).rejects.toMatchObject({
      code: ErrorCode.TO_ACCOUNT_UNKNOWN,
    });
  });

  it('stand by time among the others, in one page and in pages of one', async () => {
    await bring('b', T + 20);
    await send('e');
    await bring('a', T + 10);
    await bring('c', T + 30);
    await bring('d', T + 40, { from: BOB, to: ALICE });
    world.clock.advance(5_000);
    await send('f');
    const all = await byTime();
    expect(all.messages.map(textOf)).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(all.isComplete).toBe(true);
    const seen: string[] = [];
    let [maxTimeS, lastMsgKey, isComplete] = [4_000_000_000, '', false];
    while (!isComplete) {
      const page = await byTime({ limit: 1, maxTimeS, lastMsgKey });
      seen.unshift(...page.messages.map(textOf));
      const [oldest] = page.messages;
      if (oldest !== undefined) {
        lastMsgKey = keyOf(oldest);
        maxTimeS = Number(oldest.timeMs / 1_000n);
      }
      isComplete = page.isComplete;
    }
    expect(seen).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  });

  it('range, size, and many messages of one second', async () => {
    for (let index = 0; index < 12; index++) await bring(`${index}`, T, { msgSeq: index + 1 });
    await bring('later', T + 5);
    expect((await byTime({ maxTimeS: T + 4, limit: 100 })).messages).toHaveLength(12);
    expect((await byTime({ minTimeS: T + 1 })).messages.map(textOf)).toEqual(['later']);
    expect((await byTime({ minTimeS: T + 6 })).messages).toEqual([]);
    const page = await byTime({ maxTimeS: T, limit: 5 });
    expect(page.messages.map(textOf)).toEqual(['7', '8', '9', '10', '11']);
    const next = await byTime({ maxTimeS: T, limit: 5, lastMsgKey: keyOf(page.messages[0]!) });
    expect(next.messages.map(textOf)).toEqual(['2', '3', '4', '5', '6']);
    const last = await byTime({ maxTimeS: T, limit: 5, lastMsgKey: keyOf(next.messages[0]!) });
    expect(last).toMatchObject({ isComplete: true });
    expect(last.messages.map(textOf)).toEqual(['0', '1']);
    const small = await byTime({ bytesMax: 1 });
    expect(small.messages.map(textOf)).toEqual(['later']);
    expect(small.isComplete).toBe(false);
    await expect(byTime({ lastMsgKey: 'x' })).rejects.toMatchObject({ code: ErrorCode.MESSAGE_KEY_INVALID });
  });

  it('finds old live messages by time among many', async () => {
    const times: number[] = [];
    for (let index = 0; index < 60; index++) {
      times.push(Number((await send(`${index}`)).timeMs));
      world.clock.advance(5_000);
    }
    const [from, to] = [Math.floor((times[20] as number) / 1_000), Math.floor((times[29] as number) / 1_000)];
    const { messages } = await byTime({ minTimeS: from, maxTimeS: to });
    expect(messages.map(textOf)).toEqual(Array.from({ length: 10 }, (_, index) => `${index + 20}`));
    await node.client.markRead({ user: ALICE, peer: BOB }, asAdmin());
    expect((await byTime({ limit: 1 })).peerReadSeq).toBe(60n);
  });

  it('a late import of old times does not disturb what is live', async () => {
    for (let index = 0; index < 5; index++) await send(`live ${index}`);
    const runs = Array.from({ length: 150 }, (_, index) =>
      bring(`${index}`, T + index, { msgSeq: index + 1 }),
    );
    await Promise.all(runs);
    await send('after');
    const now = Math.floor(world.clock.now() / 1_000);
    const recent = await byTime({ minTimeS: now - 60, maxTimeS: now + 60 });
    expect(recent.messages.map(textOf)).toEqual([
      ...[0, 1, 2, 3, 4].map((index) => `live ${index}`),
      'after',
    ]);
    expect(recent.isComplete).toBe(true);
    const { conversation } = await node.client.getConversation({ peer: ALICE }, asUser(BOB));
    expect(conversation?.lastMessage && textOf(conversation.lastMessage)).toBe('after');
  });
});
