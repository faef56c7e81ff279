// Repetitions that nobody has to be asked about: coordination would know them. The history writers hang in these tests,
// as their partitions do after a death until the log misses the process.
import { waitFor } from '@parley/testkit';
import { held } from './support/held.js';
import {
  ALICE,
  asUser,
  BOB,
  C2C,
  type MessageNode,
  MessageWorld,
  textBody,
  textOf,
} from './support/message-world.js';

describe.each(['process', 'cluster'] as const)('repetitions in a coordination of scope %s', (scope) => {
  let world: MessageWorld;
  let one: MessageNode;
  /** Another node where nodes share coordination. */
  let other: MessageNode;
  let writing: ReturnType<typeof held>;
  beforeEach(async () => {
    world = await MessageWorld.create({ scope });
    one = await world.startNode();
    other = scope === 'cluster' ? await world.startNode() : one;
    await send(one, 'before');
    await history();
    writing = held();
    for (const node of [one, other]) {
      node.tables.before = (method) => (method === 'writeAll' ? writing.until : undefined);
    }
    await send(one, 'behind');
  });
  afterEach(async () => {
    writing.release();
    await world.close();
  });

  /** `ageMs`: undefined for a first attempt. */
  const send = (node: MessageNode, id: string, ageMs?: number) => {
    const again = ageMs === undefined ? {} : { attempt: 1, firstAttemptAtMs: world.clock.now() - ageMs };
    const request = { to: BOB, type: C2C, clientMessageId: id, body: textBody(id) };
    return node.client.send(request, asUser(ALICE, again));
  };
  const history = async () => {
    const page = await other.client.listMessages({ peer: ALICE, type: C2C, limit: 100 }, asUser(BOB));
    return page.messages.map(textOf);
  };

  it('are numbered at once when the first attempt began in its life', async () => {
    world.clock.advance(20_000);
    await expect(send(other, 'a', 3_000)).resolves.toMatchObject({ duplicate: false });
    await expect(send(other, 'a', 3_500)).resolves.toMatchObject({ duplicate: true });
    writing.release();
    expect(await history()).toEqual(['before', 'behind', 'a']);
  });

  it('wait for the history when it began before, or hardly after', async () => {
    world.clock.advance(20_000);
    await expect(send(other, 'a', 15_000)).rejects.toMatchObject({ isRetryable: true });
    expect(other.log.appends).toBe(scope === 'cluster' ? 0 : 2);
    writing.release();
    await expect(send(other, 'a', 15_500)).resolves.toMatchObject({ duplicate: false });
  });

  it('wait for the history when nobody says when it began', async () => {
    world.clock.advance(20_000);
    const again = asUser(ALICE, { attempt: 1 });
    const request = { to: BOB, type: C2C, clientMessageId: 'a', body: textBody('a') };
    await expect(other.client.send(request, again)).rejects.toMatchObject({ isRetryable: true });
  });

  it('wait for the history when the reservation may have come to its end', async () => {
    world.clock.advance(100 * 3_600_000);
    const dayMs = 24 * 3_600_000;
    await expect(send(other, 'a', dayMs - 9_000)).rejects.toMatchObject({ isRetryable: true });
    writing.release();
    await expect(send(other, 'a', dayMs - 8_000)).resolves.toMatchObject({ duplicate: false });
  });
});

describe('a repetition and a first attempt that is still under way', () => {
  let world: MessageWorld;
  let frozen: MessageNode;
  let other: MessageNode;
  beforeEach(async () => {
    world = await MessageWorld.create({ scope: 'cluster' });
    [frozen, other] = [await world.startNode(), await world.startNode()];
    await send(frozen, 'before');
    world.clock.advance(20_000);
  });
  afterEach(() => world.close());

  const send = (node: MessageNode, id: string, attempt = 0) => {
    const again = attempt === 0 ? {} : { attempt, firstAttemptAtMs: world.clock.now() - 500 };
    const request = { to: BOB, type: C2C, clientMessageId: id, body: textBody(id) };
    return node.client.send(request, asUser(ALICE, again));
  };
  const history = async () => {
    const page = await other.client.listMessages({ peer: ALICE, type: C2C, limit: 100 }, asUser(BOB));
    return page.messages.map(textOf);
  };
  /** A first attempt that stops right before it asks for its number. */
  const freeze = async () => {
    const asking = held();
    const before = frozen.coordination.count('reserveNext');
    frozen.coordination.before = (method) => (method === 'reserveNext' ? asking.until : undefined);
    const first = send(frozen, 'a');
    await waitFor(() => frozen.coordination.count('reserveNext') > before);
    return { first, thaw: asking.release };
  };

  it('are one message when the first goes on after the repetition was stored', async () => {
    const { first, thaw } = await freeze();
    const { seq, timeMs } = await send(other, 'a', 1);
    thaw();
    expect(await first).toMatchObject({ seq, timeMs, duplicate: true });
    expect(await history()).toEqual(['before', 'a']);
  });

  it('are one message when the first goes on while the repetition is being stored', async () => {
    const { first, thaw } = await freeze();
    const appending = held();
    other.log.fault = () => ({ heldUntil: appending.until });
    const again = send(other, 'a', 1);
    await waitFor(() => other.log.appends === 1);
    thaw();
    const { seq } = await first;
    appending.release();
    expect(await again).toMatchObject({ seq });
    expect(await history()).toEqual(['before', 'a']);
    expect(await other.client.countUnread({}, asUser(BOB))).toMatchObject({ total: 2n });
  });

  it('are one message when they ask for a number at once', async () => {
    const { first, thaw } = await freeze();
    const again = send(other, 'a', 1);
    thaw();
    expect((await first).seq).toBe((await again).seq);
    expect(await history()).toEqual(['before', 'a']);
  });

  it('are one message when coordination is lost between the question and the number', async () => {
    const appending = held();
    frozen.log.fault = () => ({ heldUntil: appending.until });
    const first = send(frozen, 'a');
    await waitFor(() => frozen.log.appends === 2);
    other.coordination.before = (method) => {
      // Before the answer: the reservation is gone, but who was asked a moment ago was old.
      if (method === 'get') world.loseCoordination();
    };
    await expect(send(other, 'a', 1)).rejects.toMatchObject({ isRetryable: true });
    other.coordination.before = () => undefined;
    appending.release();
    const { seq } = await first;
    expect(other.log.appends).toBe(0);
    expect(await send(other, 'a', 2)).toMatchObject({ seq, duplicate: true });
  });
});
