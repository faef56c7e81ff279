// Retries of every kind are recognised, and nothing else is.
import { ErrorCode } from '@parley/kernel';
import { waitFor } from '@parley/testkit';
import { held } from './support/held.js';
import {
  ALICE,
  asAdmin,
  asUser,
  BOB,
  C2C,
  type MessageNode,
  MessageWorld,
  textBody,
  textOf,
} from './support/message-world.js';

const HOUR_MS = 3_600_000;

describe('retries', () => {
  let world: MessageWorld;
  let node: MessageNode;
  beforeEach(async () => {
    world = await MessageWorld.create();
    node = await world.startNode();
  });
  afterEach(() => world.close());

  const send = (id: string, attempt = 0, more: object = {}) =>
    node.client.send(
      { to: BOB, type: C2C, clientMessageId: id, body: textBody(id), ...more },
      asUser(ALICE, { attempt }),
    );
  const sendAsAdmin = (dedupKey: string, more: object = {}) =>
    node.client.send(
      { from: ALICE, to: BOB, dedupKey, dedupWindowS: 120, body: textBody(dedupKey), ...more },
      asAdmin(),
    );
  const history = async () =>
    (await node.client.listMessages({ peer: ALICE, type: C2C, limit: 100 }, asUser(BOB))).messages;

  it('in the same process: the same answer', async () => {
    const first = await send('a');
    const again = await send('a', 1);
    expect(again).toEqual({ ...first, duplicate: true });
    world.clock.advance(23 * HOUR_MS);
    expect(await send('a', 2)).toEqual({ ...first, duplicate: true });
    expect(node.log.appends).toBe(1);
  });

  it('with another content: the first stays, and nobody is alarmed', async () => {
    node.log.fault = () => 'unknown';
    await expect(send('a')).rejects.toMatchObject({ isRetryable: true });
    node.log.fault = () => undefined;
    await send('a', 0, { body: textBody('other'), random: 77, msgSeq: 78 });
    await send('b');
    expect((await history()).map(textOf)).toEqual(['a', 'b']);
  });

  it('while the first is on its way: one message', async () => {
    const answers = await Promise.all([send('a'), send('a', 1), send('a', 2)]);
    expect(new Set(answers.map((answer) => answer.seq))).toEqual(new Set([1n]));
    expect(await history()).toHaveLength(1);
  });

  it('after a restart with an empty coordination, by the attempt', async () => {
    const first = await send('a');
    await world.restart();
    node = await world.startNode();
    expect(await send('a', 1)).toEqual({ ...first, duplicate: true });
    await expect(send('b')).resolves.toMatchObject({ seq: 2n });
    expect((await history()).map(textOf)).toEqual(['a', 'b']);
  });

  it('after a restart, from a back end that cannot count its attempts', async () => {
    const first = await sendAsAdmin('k');
    await world.restart();
    node = await world.startNode();
    expect(await sendAsAdmin('k')).toEqual({ ...first, duplicate: true });
    world.clock.advance(121_000);
    await expect(sendAsAdmin('k')).resolves.toMatchObject({ seq: 2n, duplicate: false });
  });

  it('an append that was lost: the same number again', async () => {
    node.log.fault = () => 'lost';
    await expect(send('a')).rejects.toMatchObject({ isRetryable: true });
    node.log.fault = () => undefined;
    await expect(send('a', 1)).resolves.toMatchObject({ seq: 1n });
    expect((await history()).map((one) => one.seq)).toEqual([1n]);
  });

  it('an append that happened although it failed: one message', async () => {
    node.log.fault = () => 'unknown';
    await expect(send('a')).rejects.toMatchObject({ isRetryable: true });
    node.log.fault = () => undefined;
    await expect(send('a', 1)).resolves.toMatchObject({ seq: 1n });
    await send('b');
    expect((await history()).map(textOf)).toEqual(['a', 'b']);
    expect(await node.client.countUnread({}, asUser(BOB))).toMatchObject({ total: 2n });
  });

  it('an old reservation whose append happened: found in the tables', async () => {
    node.log.fault = () => 'unknown';
    await expect(send('a')).rejects.toMatchObject({ isRetryable: true });
    node.log.fault = () => undefined;
    world.clock.advance(6_000);
    // Not by the attempt's look into the tables, but by the reservation.
    await expect(send('a', 0)).resolves.toMatchObject({ seq: 1n, duplicate: true });
    expect(node.log.appends).toBe(1);
  });

  it('an old reservation whose append failed: undecided while it may appear, then a new number', async () => {
    node.log.fault = () => 'lost';
    await expect(send('a')).rejects.toMatchObject({ isRetryable: true });
    node.log.fault = () => undefined;
    world.clock.advance(6_000);
    await expect(send('a', 1)).rejects.toMatchObject({
      code: ErrorCode.C2C_UNAVAILABLE,
      retryAfterMs: expect.any(Number),
    });
    world.clock.advance(6_001);
    const moved = await send('a', 2);
    expect(moved).toMatchObject({ seq: 2n, duplicate: false });
    expect(await send('a', 3)).toEqual({ ...moved, duplicate: true });
    expect((await history()).map((one) => one.seq)).toEqual([2n]);
  });

  it('two retries at once of an old failed reservation: one message', async () => {
    node.log.fault = () => 'lost';
    await expect(send('a')).rejects.toMatchObject({ isRetryable: true });
    node.log.fault = () => undefined;
    world.clock.advance(13_000);
    const answers = await Promise.all([send('a', 1), send('a', 1), send('a', 2)]);
    expect(new Set(answers.map((answer) => answer.seq)).size).toBe(1);
    expect(await history()).toHaveLength(1);
  });

  it('after the window the name is free again', async () => {
    await sendAsAdmin('k');
    world.clock.advance(60_000);
    await expect(sendAsAdmin('k')).resolves.toMatchObject({ seq: 1n, duplicate: true });
    world.clock.advance(300_000);
    await expect(sendAsAdmin('k')).resolves.toMatchObject({ seq: 2n, duplicate: false });
  });

  it('equal ids of both sides, and of users and back ends, are different messages', async () => {
    await send('a');
    await node.client.send({ to: ALICE, clientMessageId: 'a', body: textBody('b') }, asUser(BOB));
    await sendAsAdmin('a');
    expect(await history()).toHaveLength(3);
  });
});

describe('retries in a cluster', () => {
  let world: MessageWorld;
  beforeEach(async () => {
    world = await MessageWorld.create({ scope: 'cluster' });
  });
  afterEach(() => world.close());

  const send = (node: MessageNode, id: string, attempt = 0) =>
    node.client.send(
      { to: BOB, type: C2C, clientMessageId: id, body: textBody(id) },
      asUser(ALICE, { attempt }),
    );

  it('are recognised on another node, and after coordination was lost', async () => {
    const [one, other] = [await world.startNode(), await world.startNode()];
    const first = await send(one, 'a');
    expect(await send(other, 'a', 1)).toEqual({ ...first, duplicate: true });
    world.loseCoordination();
    expect(await send(other, 'a', 2)).toEqual({ ...first, duplicate: true });
  });

  it('do not wait for the history writer where coordination remembers', async () => {
    const [one, other] = [await world.startNode(), await world.startNode()];
    const writing = held();
    for (const node of [one, other]) {
      node.tables.before = (method) => (method === 'writeAll' ? writing.until : undefined);
    }
    const first = await send(one, 'a');
    expect(await send(other, 'a', 1)).toEqual({ ...first, duplicate: true });
    writing.release();
  });

  it('wait while a lost coordination may hide a first attempt on its way', async () => {
    const node = await world.startNode();
    await send(node, 'a');
    world.loseCoordination();
    world.clock.advance(1_001);
    await expect(send(node, 'b', 1)).rejects.toMatchObject({ code: ErrorCode.C2C_UNAVAILABLE });
    await expect(send(node, 'c')).resolves.toMatchObject({ duplicate: false });
    world.clock.advance(12_001);
    await expect(send(node, 'b', 2)).resolves.toMatchObject({ duplicate: false });
  });

  it('wait also when coordination is lost between the question and the number', async () => {
    const [one, other] = [await world.startNode(), await world.startNode()];
    await send(one, 'before');
    world.clock.advance(12_001);
    await expect(send(other, 'warm', 1)).resolves.toMatchObject({ duplicate: false });
    const appending = held();
    one.log.fault = () => ({ heldUntil: appending.until });
    const first = send(one, 'a');
    await waitFor(() => one.log.appends === 2);
    world.loseCoordination();
    // The other node heard a moment ago that coordination is old.
    await expect(send(other, 'a', 1)).rejects.toMatchObject({ isRetryable: true });
    appending.release();
    const { seq } = await first;
    await expect(send(other, 'a', 2)).resolves.toMatchObject({ seq, duplicate: true });
    expect(other.log.appends).toBe(1);
  });

  it('that coordination forgets once it has been asked are not numbered again', async () => {
    const [one, other] = [await world.startNode(), await world.startNode()];
    const appending = held();
    one.log.fault = () => ({ heldUntil: appending.until });
    const first = send(one, 'a');
    await waitFor(() => one.log.appends === 1);
    other.coordination.before = (method) => {
      // After the answer.
      if (method === 'get') queueMicrotask(() => world.loseCoordination());
    };
    await expect(send(other, 'a', 1)).rejects.toMatchObject({ isRetryable: true });
    other.coordination.before = () => undefined;
    appending.release();
    const { seq } = await first;
    await expect(send(other, 'a', 2)).resolves.toMatchObject({ seq, duplicate: true });
    expect(other.log.appends).toBe(0);
  });

  it('numbers go on above the floor after a loss, and without a hole between blocks', async () => {
    const nodes = [await world.startNode(), await world.startNode()];
    const seqs: bigint[] = [];
    for (let index = 0; index < 40; index++) {
      const node = nodes[index % 2] as MessageNode;
      seqs.push((await send(node, `m${index}`)).seq);
    }
    expect(seqs).toEqual(Array.from({ length: 40 }, (_, index) => BigInt(index + 1)));
    world.loseCoordination();
    const after = (await send(nodes[0] as MessageNode, 'after')).seq;
    // Blocks of 16 in this test: 48 was handed out at most.
    expect(after).toBe(49n);
  });

  it('numbers that were claimed before a loss are not given out after later ones', async () => {
    const [late, quick] = [await world.startNode(), await world.startNode()];
    const seeding = held();
    late.coordination.before = (method) => (method.startsWith('seed') ? seeding.until : undefined);
    const slow = send(late, 'slow');
    await waitFor(() => late.coordination.count('seedCounterOnce') === 1);
    world.loseCoordination();
    const { seq } = await send(quick, 'quick');
    world.loseCoordination();
    seeding.release();
    expect((await slow).seq).toBeGreaterThan(seq);
  });
});
