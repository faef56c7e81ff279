// Sending: ack, delivery, order, failures of engines, refusals.
import { ChatError, ErrorCode } from '@parley/kernel';
import { waitFor } from '@parley/testkit';
import {
  ALICE,
  APP,
  asAdmin,
  asUser,
  BOB,
  C2C,
  MessageFlag,
  type MessageNode,
  MessageWorld,
  textBody,
  textOf,
} from './support/message-world.js';

describe('sending one-to-one', () => {
  let world: MessageWorld;
  let node: MessageNode;
  beforeEach(async () => {
    world = await MessageWorld.create();
    node = await world.startNode();
  });
  afterEach(() => world.close());

  const send = (text: string, more: object = {}, context = asUser(ALICE)) =>
    node.client.send(
      { to: BOB, type: C2C, clientMessageId: `id-${text}`, body: textBody(text), ...more },
      context,
    );
  const history = async (user = BOB, peer = ALICE) =>
    (await node.client.listMessages({ peer, type: C2C, limit: 100 }, asUser(user))).messages;

  it('numbers from 1, acks with seq and time, delivers to both sides, shows it in history at once', async () => {
    const here = await world.gateway.connect(ALICE, 'alice-here', APP);
    await world.gateway.connect(ALICE, 'alice-there', APP);
    await world.gateway.connect(BOB, 'bob', APP);
    const ack = await send('hi', { msgSeq: 7, random: 9 }, asUser(ALICE, { connectionId: here }));
    expect(ack).toMatchObject({ seq: 1n, msgSeq: 7, clientMessageId: 'id-hi', duplicate: false });
    const [message] = await history();
    expect(message).toMatchObject({
      seq: 1n,
      from: ALICE,
      to: BOB,
      timeMs: ack.timeMs,
      random: 9,
      msgSeq: 7,
    });
    await waitFor(() => world.gateway.messages('bob').length === 1);
    await waitFor(() => world.gateway.messages('alice-there').length === 1);
    expect(world.gateway.messages('alice-here')).toEqual([]);
    expect(world.gateway.messages('bob').map(textOf)).toEqual(['hi']);
  });

  it('keeps the order of one sender although accounts must be asked for some', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    node.accounts.before = () => {
      node.accounts.before = () => undefined;
      return held;
    };
    const first = send('1');
    const second = send('2');
    await waitFor(() => node.accounts.count('checkAccounts') === 1);
    const third = send('3');
    // Another pair is not held up.
    await expect(send('x', { to: ALICE }, asUser(BOB))).resolves.toMatchObject({ seq: 1n });
    release();
    await Promise.all([first, second, third]);
    expect((await history()).map(textOf)).toEqual(['x', '1', '2', '3']);
  });

  it('keeps the order of hundreds of concurrent sends of both sides', async () => {
    const texts = Array.from({ length: 200 }, (_, index) => `${index}`);
    await Promise.all(
      texts.flatMap((text) => [send(`a${text}`), send(`b${text}`, { to: ALICE }, asUser(BOB))]),
    );
    const shown: string[] = [];
    let beforeSeq = 0n;
    for (let isComplete = false; !isComplete; ) {
      const page = await node.client.listMessages({ peer: ALICE, beforeSeq, limit: 100 }, asUser(BOB));
      shown.unshift(...page.messages.map(textOf));
      ({ isComplete, nextBeforeSeq: beforeSeq } = page);
    }
    expect(shown.filter((text) => text.startsWith('a'))).toEqual(texts.map((text) => `a${text}`));
    expect(shown.filter((text) => text.startsWith('b'))).toEqual(texts.map((text) => `b${text}`));
  });

  it('answers before the delivery, and although the delivery fails', async () => {
    world.gateway.isAway = true;
    await world.gateway.connect(BOB, 'bob', APP);
    await expect(send('hi')).resolves.toMatchObject({ seq: 1n });
    await waitFor(() => world.captured.at('warn').some((line) => line.event === 'delivery failed'));
  });

  it('refuses with a retryable code when the log fails, in the words of the caller', async () => {
    node.log.fault = () => 'lost';
    await expect(send('a')).rejects.toMatchObject({ code: ErrorCode.C2C_UNAVAILABLE, isRetryable: true });
    await expect(send('b', { from: ALICE }, asAdmin())).rejects.toMatchObject({
      code: ErrorCode.UNAVAILABLE,
    });
  });

  it('does not ack an append that comes too late, and shows nobody what is void', async () => {
    await send('warm');
    let release: () => void = () => undefined;
    const heldUntil = new Promise<void>((resolve) => {
      release = resolve;
    });
    node.log.fault = () => ({ heldUntil });
    const late = send('late');
    const outcome = expect(late).rejects.toMatchObject({ code: ErrorCode.C2C_UNAVAILABLE });
    await waitFor(() => node.log.appends === 2);
    // Time passes while the record waits in front of the log.
    world.clock.advance(10_500);
    release();
    await outcome;
    node.log.fault = () => undefined;
    await send('next');
    expect((await history()).map(textOf)).toEqual(['warm', 'next']);
    expect((await history()).map((message) => message.seq)).toEqual([1n, 3n]);
    expect(world.captured.at('warn').map((line) => line.event)).toContain('late record dropped');
  });

  it('refuses with a retryable code when coordination is away', async () => {
    node.coordination.before = (method) => {
      if (method === 'reserveNext') throw new ChatError(ErrorCode.UNAVAILABLE, 'connection lost');
    };
    await expect(send('a')).rejects.toMatchObject({ code: ErrorCode.C2C_UNAVAILABLE });
    node.coordination.before = () => undefined;
    await expect(send('a', {}, asUser(ALICE, { attempt: 1 }))).resolves.toMatchObject({ seq: 1n });
  });

  it('gives online-only messages no number and no history', async () => {
    await world.gateway.connect(BOB, 'bob', APP);
    const ack = await send('now', { flags: MessageFlag.ONLINE_ONLY });
    expect(ack).toMatchObject({ seq: 0n, duplicate: false });
    await waitFor(() => world.gateway.messages('bob').length === 1);
    expect(world.gateway.messages('bob')[0]).toMatchObject({ seq: 0n, timeMs: ack.timeMs });
    expect(await history()).toEqual([]);
    expect(node.log.appends).toBe(0);
    await expect(send('kept')).resolves.toMatchObject({ seq: 1n });
  });

  it('honours what hides a message from its sender', async () => {
    await world.gateway.connect(ALICE, 'alice', APP);
    await world.gateway.connect(BOB, 'bob', APP);
    const from = { from: ALICE };
    await send('hidden', { ...from, flags: MessageFlag.HIDDEN_FROM_SENDER }, asAdmin());
    await send('quiet', { ...from, flags: MessageFlag.NOT_TO_SENDER_DEVICES }, asAdmin());
    await send('all', from, asAdmin());
    await waitFor(() => world.gateway.messages('bob').length === 3);
    await waitFor(() => world.gateway.messages('alice').length === 1);
    expect(world.gateway.messages('alice').map(textOf)).toEqual(['all']);
    expect((await history(ALICE, BOB)).map(textOf)).toEqual(['quiet', 'all']);
    expect((await history()).map(textOf)).toEqual(['hidden', 'quiet', 'all']);
    const sync = await node.client.syncMessages({ peer: BOB, afterSeq: 0n }, asUser(ALICE));
    expect(sync.messages.map(textOf)).toEqual(['quiet', 'all']);
    expect(sync.completeTo).toBe(3n);
  });

  it('lets users talk to themselves, and counts nothing', async () => {
    await world.gateway.connect(ALICE, 'alice', APP);
    await send('note', { to: ALICE });
    expect((await history(ALICE, ALICE)).map(textOf)).toEqual(['note']);
    expect(await node.client.countUnread({}, asUser(ALICE))).toMatchObject({ total: 0n });
    const { conversations } = await node.client.listConversations({}, asUser(ALICE));
    expect(conversations).toHaveLength(1);
    await waitFor(() => world.gateway.messages('alice').length === 1);
  });

  it.each([
    ['another sender', { from: BOB }, ErrorCode.IDENTITY_CHECK_FAILED],
    ['no receiver', { to: '' }, ErrorCode.C2C_ACCOUNT_INVALID],
    ['an unknown receiver', { to: 'nobody' }, ErrorCode.C2C_ACCOUNT_INVALID],
    ['a receiver with control characters', { to: 'a\nb' }, ErrorCode.C2C_ACCOUNT_INVALID],
    ['a broken body', { body: new Uint8Array(3) }, ErrorCode.C2C_BAD_REQUEST],
    ['a huge body', { body: textBody('x'.repeat(13_000)) }, ErrorCode.MESSAGE_TOO_LONG],
  ])('refuses from a user: %s', async (_, more, code) => {
    await expect(send('x', more)).rejects.toMatchObject({ code });
  });

  it.each([
    ['an unknown sender', { from: 'nobody' }, ErrorCode.FROM_ACCOUNT_INVALID],
    ['a malformed sender', { from: 'x'.repeat(33) }, ErrorCode.FROM_ACCOUNT_INVALID],
    ['an unknown receiver', { to: 'nobody' }, ErrorCode.TO_ACCOUNT_UNKNOWN],
    ['both unknown', { from: 'nobody', to: 'nobody' }, ErrorCode.FROM_ACCOUNT_INVALID],
    ['no receiver', { to: '' }, ErrorCode.TO_ACCOUNT_INVALID],
    ['a body that is no array', { body: new TextEncoder().encode('{}') }, ErrorCode.MESSAGE_BODY_NOT_ARRAY],
    ['a huge body', { body: textBody('x'.repeat(13_000)) }, ErrorCode.BODY_TOO_LONG],
  ])('refuses from an admin: %s', async (_, more, code) => {
    await expect(send('x', { from: ALICE, ...more }, asAdmin())).rejects.toMatchObject({ code });
  });

  it('forgets an account when auth says that it changed', async () => {
    await send('1');
    const asked = node.accounts.count('checkAccounts');
    await send('2');
    expect(node.accounts.count('checkAccounts')).toBe(asked);
    world.accounts.get(APP)?.delete(BOB);
    await node.announce(`${APP} ${BOB}`);
    await expect(send('3')).rejects.toMatchObject({ code: ErrorCode.C2C_ACCOUNT_INVALID });
  });

  it('a warm send costs one reservation, one append and one mark, and reads no table', async () => {
    await send('cold');
    await history();
    node.tables.reset();
    node.coordination.reset();
    const appends = node.log.appends;
    await send('warm');
    expect(node.log.appends - appends).toBe(1);
    const { calls } = node.coordination;
    expect(node.coordination.count('reserveNext')).toBe(1);
    expect(node.coordination.count('replace')).toBe(1);
    // What is left is the delivery's look at the sessions.
    const others = [...calls.keys()].filter(
      (name) => !['reserveNext', 'replace', 'hashGetMany'].includes(name),
    );
    expect(others).toEqual([]);
    expect(['get', 'getMany', 'scan'].map((name) => node.tables.count(name))).toEqual([0, 0, 0]);
  });
});
