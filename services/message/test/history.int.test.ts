// What the history writer makes of the log, and what Sync and List show of it.
import { ChatError, ErrorCode } from '@parley/kernel';
import { waitFor } from '@parley/testkit';
import { conversationOf } from '../src/domain/conversation.js';
import { counterKey } from '../src/domain/reservation.js';
import { HISTORY_GROUP, messagesTopic } from '../src/topics.js';
import { held } from './support/held.js';
import {
  ALICE,
  APP,
  asUser,
  BOB,
  C2C,
  type MessageNode,
  MessageWorld,
  textBody,
  textOf,
} from './support/message-world.js';

describe('history', () => {
  let world: MessageWorld;
  let node: MessageNode;
  beforeEach(async () => {
    world = await MessageWorld.create();
    node = await world.startNode();
  });
  afterEach(() => world.close());

  const send = (text: string, from = ALICE, to = BOB) =>
    node.client.send({ to, type: C2C, clientMessageId: text, body: textBody(text) }, asUser(from));
  const sync = (afterSeq = 0n, limit = 0) =>
    node.client.syncMessages({ peer: ALICE, type: C2C, afterSeq, limit }, asUser(BOB));
  const list = (beforeSeq = 0n, limit = 0) =>
    node.client.listMessages({ peer: ALICE, type: C2C, beforeSeq, limit }, asUser(BOB));
  const unread = async (user = BOB) => (await node.client.countUnread({}, asUser(user))).total;
  const sendLost = async (text: string) => {
    node.log.fault = () => 'lost';
    await expect(send(text)).rejects.toMatchObject({ isRetryable: true });
    node.log.fault = () => undefined;
  };
  /** Sends a message whose record waits in front of the log until released. */
  const sendHeld = async (text: string) => {
    const gate = held();
    const appends = node.log.appends;
    node.log.fault = () => ({ heldUntil: gate.until });
    const sending = send(text);
    await waitFor(() => node.log.appends > appends);
    node.log.fault = () => undefined;
    return { release: gate.release, sending };
  };

  it('pages from new to old without a gap or a copy', async () => {
    for (let index = 1; index <= 25; index++) await send(`${index}`);
    const first = await list(0n, 10);
    const second = await list(first.nextBeforeSeq, 10);
    const third = await list(second.nextBeforeSeq, 10);
    const numbers = [third, second, first].flatMap((page) => page.messages.map((one) => Number(one.seq)));
    expect(numbers).toEqual(Array.from({ length: 25 }, (_, index) => index + 1));
    expect([first, second, third].map((page) => page.isComplete)).toEqual([false, false, true]);
    expect((await list(0n, 25)).isComplete).toBe(true);
    expect((await list(0n)).messages).toHaveLength(20);
    expect((await list(10_000n, 5)).messages.map((one) => Number(one.seq))).toEqual([21, 22, 23, 24, 25]);
    expect((await list(1n, 5)).isComplete).toBe(true);
  });

  it('syncs from old to new, and says where it ends', async () => {
    for (let index = 1; index <= 5; index++) await send(`${index}`);
    const first = await sync(0n, 2);
    expect(first).toMatchObject({ completeTo: 2n, hasMore: true, headSeq: 5n, pendingForMs: 0 });
    const rest = await sync(first.completeTo, 100);
    expect(rest.messages.map((one) => Number(one.seq))).toEqual([3, 4, 5]);
    expect(rest).toMatchObject({ completeTo: 5n, hasMore: false });
    expect(await sync(5n)).toMatchObject({ messages: [], completeTo: 5n, hasMore: false });
    expect(await sync(9n)).toMatchObject({ messages: [], completeTo: 5n, headSeq: 5n });
  });

  it('has nothing to say of a conversation without messages', async () => {
    expect(await sync()).toMatchObject({ messages: [], completeTo: 0n, headSeq: 0n, hasMore: false });
    expect(await list()).toMatchObject({ messages: [], isComplete: true });
  });

  it('holds at a pending hole, and passes it when it is void', async () => {
    await send('1');
    await sendLost('2');
    await send('3');
    const pending = await sync();
    expect(pending).toMatchObject({ completeTo: 1n, hasMore: false, headSeq: 3n });
    expect(pending.messages.map(textOf)).toEqual(['1']);
    expect(pending.pendingForMs).toBeGreaterThan(10_000);
    world.clock.advance(pending.pendingForMs);
    const passed = await sync(pending.completeTo);
    expect(passed).toMatchObject({ completeTo: 3n, pendingForMs: 0 });
    expect(passed.messages.map(textOf)).toEqual(['3']);
  });

  it('fills a pending hole with the message that was late, and counts it in its place', async () => {
    await send('1');
    const late = await sendHeld('2');
    await send('3', BOB, ALICE);
    await send('4');
    await sync();
    expect(await unread()).toBe(2n);
    late.release();
    await expect(late.sending).resolves.toMatchObject({ seq: 2n });
    const filled = await sync();
    expect(filled.messages.map(textOf)).toEqual(['1', '2', '3', '4']);
    expect(filled.messages.map((one) => Number(one.countFromFirst))).toEqual([1, 2, 2, 3]);
    expect(filled.messages.map((one) => Number(one.countFromSecond))).toEqual([0, 0, 1, 1]);
    expect(await unread()).toBe(3n);
    expect(await unread(ALICE)).toBe(1n);
  });

  it('a late message below a mark does not become unread', async () => {
    await send('1');
    const late = await sendHeld('2');
    await send('3');
    await send('4');
    await node.client.markRead({ peer: ALICE, readSeq: 3n }, asUser(BOB));
    expect(await unread()).toBe(1n);
    late.release();
    await late.sending;
    expect(await unread()).toBe(1n);
    const { conversation } = await node.client.getConversation({ peer: ALICE }, asUser(BOB));
    expect(conversation?.unreadCount).toBe(1n);
    await send('5');
    expect(await unread()).toBe(2n);
  });

  it('drops copies of a record', async () => {
    await send('1');
    node.log.fault = () => 'unknown';
    await expect(send('2')).rejects.toMatchObject({ isRetryable: true });
    node.log.fault = () => undefined;
    // The reservation says that the append is in doubt.
    await send('2');
    await send('3');
    expect(await world.log.endOffsets(messagesTopic)).toContain(4n);
    expect((await list()).messages.map(textOf)).toEqual(['1', '2', '3']);
    expect(await unread()).toBe(3n);
  });

  it('waits for the writer, so that who saw the ack sees the message', async () => {
    const gate = held();
    node.tables.before = (method) => (method === 'writeAll' ? gate.until : undefined);
    await send('1');
    await waitFor(() => node.tables.count('writeAll') > 0);
    const reading = list();
    gate.release();
    expect((await reading).messages.map(textOf)).toEqual(['1']);
  });

  it('answers with what there is when the writer does not come', async () => {
    await send('1');
    await list();
    const gate = held();
    node.tables.before = (method) => (method === 'writeAll' ? gate.until : undefined);
    await send('2');
    expect((await list()).messages.map(textOf)).toEqual(['1']);
    gate.release();
  });

  it('a writer that dies between rows and heads begins again, and counts nothing twice', async () => {
    await send('0', BOB, ALICE);
    await list();
    let writes = 0;
    node.tables.before = (method) => {
      // The batch writes rows, then heads.
      if (method === 'writeAll' && ++writes % 2 === 0 && writes < 8) {
        throw new ChatError(ErrorCode.UNAVAILABLE, 'injected by the test');
      }
    };
    await Promise.all(['1', '2', '3'].map((text) => send(text)));
    await waitFor(async () => (await list()).messages.length === 4);
    expect(writes).toBeGreaterThanOrEqual(8);
    expect((await list()).messages.map((one) => Number(one.countFromFirst))).toEqual([0, 1, 2, 3]);
    expect(await unread()).toBe(3n);
  });

  it('the same when it dies with a late message half written', async () => {
    await send('1');
    const late = await sendHeld('2');
    await send('3');
    await sync();
    let isDone = false;
    let writes = 0;
    node.tables.before = (method) => {
      if (method !== 'writeAll' || isDone || ++writes % 2 !== 0) return;
      isDone = writes >= 4;
      throw new ChatError(ErrorCode.UNAVAILABLE, 'injected by the test');
    };
    late.release();
    await late.sending;
    await waitFor(async () => isDone && (await sync()).messages.length === 3);
    expect((await sync()).messages.map((one) => Number(one.countFromFirst))).toEqual([1, 2, 3]);
    expect(await unread()).toBe(3n);
  });

  it('is the same after a restart that replays the log', async () => {
    for (let index = 1; index <= 10; index++) await send(`${index}`);
    const before = await sync();
    await world.restart();
    node = await world.startNode();
    expect((await sync()).messages).toEqual(before.messages);
    await expect(send('11')).resolves.toMatchObject({ seq: 11n });
    expect(await unread()).toBe(11n);
  });

  it('buries a record whose number belongs to another message, and says so', async () => {
    await send('1');
    const other = await MessageWorld.create();
    const forger = await other.startNode();
    await forger.client.send(
      { to: BOB, type: C2C, clientMessageId: 'forged', msgSeq: 99, body: textBody('forged') },
      asUser(ALICE),
    );
    const taken: { key: string; value: Uint8Array }[] = [];
    const subscription = await other.log.subscribe({
      topic: messagesTopic,
      group: 'thief',
      handler: async ({ records }) => {
        taken.push(...records);
      },
    });
    await waitFor(() => taken.length > 0);
    await subscription.stop();
    const [stolen] = taken;
    await world.log.append(messagesTopic, stolen?.key ?? '', stolen?.value ?? new Uint8Array());
    await waitFor(async () => (await world.log.deadLetters(messagesTopic, 10)).length === 1, {
      timeoutMs: 20_000,
    });
    expect((await world.log.deadLetters(messagesTopic, 10))[0]?.group).toBe(HISTORY_GROUP);
    // The line about it comes after the dead letter.
    await waitFor(() => world.captured.at('error').some((line) => line.event === 'record buried'));
    expect(world.captured.takeErrors().map((line) => line.event)).toContain('number given twice');
    await send('2');
    expect((await list()).messages.map(textOf)).toEqual(['1', '2']);
    await other.close();
  });

  it('keeps pages below their bound in bytes', async () => {
    const long = 'x'.repeat(12_000);
    for (let index = 0; index < 60; index++) {
      await node.client.send({ to: BOB, clientMessageId: `${index}`, body: textBody(long) }, asUser(ALICE));
    }
    const page = await list(0n, 100);
    const bytes = page.messages.reduce((sum, one) => sum + one.body.length, 0);
    expect(bytes).toBeLessThan(512 * 1024);
    expect(bytes).toBeGreaterThan(400 * 1024);
    expect(page.isComplete).toBe(false);
    const rest = await list(page.nextBeforeSeq, 100);
    expect(page.messages.length + rest.messages.length).toBe(60);
    const synced = await sync(0n, 100);
    expect(synced).toMatchObject({ hasMore: true, completeTo: BigInt(synced.messages.length) });
    expect((await sync(synced.completeTo, 100)).completeTo).toBe(60n);
  });

  it('goes across the borders of buckets', async () => {
    const conversation = conversationOf(APP, ALICE, BOB);
    await node.engine.seedCounter(counterKey(conversation), 4_998n, 1_000_000n);
    for (let index = 0; index < 5; index++) await send(`${index}`);
    const numbers = [4_998, 4_999, 5_000, 5_001, 5_002];
    expect((await list()).messages.map((one) => Number(one.seq))).toEqual(numbers);
    expect((await list(5_001n, 2)).messages.map((one) => Number(one.seq))).toEqual([4_999, 5_000]);
    expect(await sync()).toMatchObject({ completeTo: 0n, messages: [] });
    world.clock.advance(13_000);
    expect((await sync()).messages.map((one) => Number(one.seq))).toEqual(numbers);
    expect((await sync(4_999n, 2)).messages.map((one) => Number(one.seq))).toEqual([5_000, 5_001]);
  });
});
