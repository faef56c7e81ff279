// Calls: order, identity, limits, and what a client hears when the platform is in trouble.

import { fromBinary } from '@bufbuild/protobuf';
import { ChatError, ErrorCode } from '@parley/kernel';
import { contextv1, messagev1 } from '@parley/proto';
import { type CallContext, CallerRole } from '@parley/rpc';
import { waitFor } from '@parley/testkit';
import { APP, endOfTurn, type Harness, NODE, startGateway } from './harness.js';

const SEND = 10;
const LIST = 11;

let harness: Harness;
const start = async (config: Parameters<typeof startGateway>[0] = {}): Promise<void> => {
  harness = await startGateway(config);
};
afterEach(async () => {
  await harness.stop();
  harness.log.assertNoErrors();
});

/** Handlers that wait until they are let go. */
function holdSends(): { readonly arrived: string[]; release(id: string): void } {
  const arrived: string[] = [];
  const waiting = new Map<string, () => void>();
  harness.backend.onSend = async ({ clientMessageId }) => {
    arrived.push(clientMessageId);
    await new Promise<void>((resolve) => waiting.set(clientMessageId, resolve));
    return { clientMessageId };
  };
  return { arrived, release: (id) => waiting.get(id)?.() };
}

describe('a call', () => {
  it('reaches its service with the identity of the connection and the response comes back as it is', async () => {
    await start();
    const seen: CallContext[] = [];
    harness.backend.onSend = async (request, context) => {
      seen.push(context);
      return { seq: 77n, clientMessageId: request.clientMessageId };
    };
    const client = await harness.login('alice');
    const reply = await client.sent('m-1');
    expect(reply).toMatchObject({ code: 0, info: '', retryAfterMs: 0 });
    expect(fromBinary(messagev1.SendResponseSchema, reply.response)).toMatchObject({
      seq: 77n,
      clientMessageId: 'm-1',
    });
    expect(seen[0]).toMatchObject({
      appId: APP,
      userId: 'alice',
      role: CallerRole.USER,
      platform: contextv1.Platform.WEB,
      connectionId: client.connectionId,
      nodeId: NODE,
      attempt: 0,
    });
  });

  it('carries its attempt', async () => {
    await start();
    let attempt = -1;
    harness.backend.onSend = async (_request, context) => {
      attempt = context.attempt;
      return {};
    };
    const client = await harness.login('alice');
    client.call(SEND, new Uint8Array(0), 3);
    await client.next('reply');
    expect(attempt).toBe(3);
  });

  it('carries when its first attempt began, of repetitions alone', async () => {
    await start();
    const ages: (number | undefined)[] = [];
    harness.backend.onSend = async (_request, { firstAttemptAtMs }) => {
      ages.push(firstAttemptAtMs === undefined ? undefined : harness.clock.now() - firstAttemptAtMs);
      return {};
    };
    const client = await harness.login('alice');
    for (const [attempt, ageMs] of [
      [2, 30_000],
      [2, 0],
      [0, 30_000],
    ] as const) {
      client.call(SEND, new Uint8Array(0), attempt, ageMs);
      await client.next('reply');
    }
    expect(ages).toEqual([expect.any(Number), undefined, undefined]);
    expect(Math.abs((ages[0] ?? 0) - 30_000)).toBeLessThan(5_000);
  });

  it('starts in the order of arrival, while replies may overtake', async () => {
    await start();
    const { arrived, release } = holdSends();
    const client = await harness.login('alice');
    const names = Array.from({ length: 200 }, (_, i) => `m-${i}`);
    const ids = names.map((name) => client.send(name));
    await waitFor(() => arrived.length === names.length);
    expect(arrived).toEqual(names);
    release('m-199');
    expect((await client.next('reply')).id).toBe(ids[199]);
    release('m-0');
    expect((await client.next('reply')).id).toBe(ids[0]);
    for (const name of names) release(name);
    await waitFor(() => client.frames.filter((frame) => frame.kind === 'reply').length === names.length);
  });

  it('whose replies come in one turn cost one write', async () => {
    await start();
    const { arrived, release } = holdSends();
    const client = await harness.login('alice');
    for (let i = 0; i < 16; i++) client.send(`m-${i}`);
    await waitFor(() => arrived.length === 16);
    const before = harness.metrics.of('parley.gateway.socket_writes');
    for (let i = 0; i < 16; i++) release(`m-${i}`);
    await waitFor(() => client.frames.filter((frame) => frame.kind === 'reply').length === 16);
    expect(harness.metrics.of('parley.gateway.socket_writes') - before).toBe(1);
  });

  it('of an unknown method is refused, and the connection lives', async () => {
    await start();
    const client = await harness.login('alice');
    // 0 is what methods without a number carry: no SDK may call them.
    for (const method of [0, 2, 9_999, 0xffff_ffff]) {
      const id = client.call(method);
      expect(await client.next('reply')).toMatchObject({ id, code: ErrorCode.UNKNOWN_COMMAND });
    }
    await client.ping();
  });

  it('whose request is no such message is refused by its service, and the connection lives', async () => {
    await start();
    const client = await harness.login('alice');
    client.call(SEND, Uint8Array.of(0xff, 0xff, 0xff));
    expect(await client.next('reply')).toMatchObject({ code: ErrorCode.C2C_BAD_REQUEST });
    await client.ping();
  });
});

describe('limits of a connection', () => {
  it('the call beyond the calls in flight is refused with 9507, and the place comes back', async () => {
    await start({ callsInFlightMax: 3 });
    const { arrived, release } = holdSends();
    const client = await harness.login('alice');
    for (const name of ['a', 'b', 'c', 'd']) client.send(name);
    expect(await client.next('reply')).toMatchObject({ id: 4, code: 9507, retryAfterMs: 1_000 });
    expect(arrived).toEqual(['a', 'b', 'c']);
    release('b');
    expect(await client.next('reply')).toMatchObject({ id: 2, code: 0 });
    client.send('e');
    await waitFor(() => arrived.length === 4);
    for (const name of ['a', 'c', 'e']) release(name);
  });

  it('the call beyond the bytes in flight is refused with 9507 as well, a single large one is not', async () => {
    await start({ bytesInFlightMax: 65_536 });
    const { arrived, release } = holdSends();
    const client = await harness.login('alice');
    for (const name of ['a', 'b', 'c']) client.send(name.repeat(30_000));
    expect(await client.next('reply')).toMatchObject({ id: 3, code: 9507 });
    for (const name of arrived) release(name);
    await waitFor(() => client.frames.filter((frame) => frame.kind === 'reply').length === 3);
    client.send('d'.repeat(65_000));
    await waitFor(() => arrived.length === 3);
    release('d'.repeat(65_000));
  });

  it('calls beyond the rate of their class are refused with 9506 and a time', async () => {
    await start({ sendsPerSecond: 10, sendsBurst: 2 });
    const client = await harness.login('alice');
    const codes = [await client.sent('a'), await client.sent('b'), await client.sent('c')];
    expect(codes.map(({ code, retryAfterMs }) => [code, retryAfterMs])).toEqual([
      [0, 0],
      [0, 0],
      [9506, 100],
    ]);
    client.call(LIST);
    expect(await client.next('reply')).toMatchObject({ code: 0 });
    harness.clock.advance(100);
    expect(await client.sent('d')).toMatchObject({ code: 0 });
    const other = await harness.login('bob');
    expect(await other.sent('e')).toMatchObject({ code: 0 });
  });

  it('a flood of frames ends the connection and nobody else notices', async () => {
    await start({ framesPerSecond: 100, framesBurst: 200 });
    const bystander = await harness.login('bob');
    const client = await harness.login('alice');
    for (let i = 0; i < 250; i++) client.call(9_999);
    expect((await client.next('bye')).bye).toMatchObject({ code: 4004, retryAfterMs: 2_000 });
    expect(await client.closed).toBe(4004);
    expect(client.frames.filter((frame) => frame.kind === 'reply').length).toBeLessThanOrEqual(200);
    await waitFor(() => harness.ended('flood') === 1);
    await bystander.ping();
  });

  it('a flood of WebSocket pings counts as well', async () => {
    await start({ framesPerSecond: 100, framesBurst: 200 });
    const client = await harness.login('alice');
    while (!client.isClosed) {
      const isAnswered = new Promise((resolve) => client.socket.once('pong', resolve));
      client.socket.ping();
      await Promise.race([isAnswered, client.closed]);
    }
    expect(await client.closed).toBe(4004);
  });

  it('an answer beyond the outgoing bound is replaced by 9522', async () => {
    await start({ outgoingBytesMax: 65_536 });
    harness.backend.onList = async () => ({ messages: [{ body: new Uint8Array(70_000) }] });
    const client = await harness.login('alice');
    client.call(LIST);
    expect(await client.next('reply')).toMatchObject({ code: ErrorCode.FRAME_TOO_LARGE, retryAfterMs: 0 });
    await client.ping();
  });

  it('answers that do not fit beside each other ask to be repeated, one by one', async () => {
    await start({ outgoingBytesMax: 65_536 });
    harness.backend.onList = async () => ({ messages: [{ body: new Uint8Array(40_000) }] });
    const client = await harness.login('alice');
    client.call(LIST);
    client.call(LIST);
    await waitFor(() => client.frames.filter((frame) => frame.kind === 'reply').length === 2);
    const replies = client.frames.filter((frame) => frame.kind === 'reply');
    expect(replies.map(({ id, code }) => [id, code])).toEqual([
      [1, 0],
      [2, ErrorCode.OVERLOADED],
    ]);
    client.call(LIST);
    await waitFor(() => client.frames.filter((frame) => frame.kind === 'reply').length === 3);
  });
});

describe('a platform in trouble', () => {
  it.each([
    [ErrorCode.UNAVAILABLE, 0, 1_000],
    [ErrorCode.TIMEOUT, 0, 1_000],
    [ErrorCode.OVERLOADED, 250, 250],
    [ErrorCode.C2C_NOT_FRIENDS, 0, 0],
  ])(
    'code %i with retry_after %i reaches the client as retry_after %i',
    async (code, retryAfterMs, expected) => {
      await start();
      harness.backend.onSend = () => Promise.reject(new ChatError(code, 'not now', { retryAfterMs }));
      const client = await harness.login('alice');
      expect(await client.sent('a')).toMatchObject({ code, info: 'not now', retryAfterMs: expected });
      harness.backend.onSend = async () => ({ seq: 1n });
      expect(await client.sent('b')).toMatchObject({ code: 0 });
    },
  );

  it('a service that breaks is INTERNAL to the client, without its secrets', async () => {
    await start();
    harness.backend.onSend = () => Promise.reject(new Error('password is hunter2'));
    const client = await harness.login('alice');
    const reply = await client.sent('a');
    expect(reply).toMatchObject({ code: ErrorCode.INTERNAL, info: 'internal error' });
    expect(harness.log.takeErrors()).toHaveLength(1);
  });

  it('a reply to a client that left is dropped in silence', async () => {
    await start();
    const { arrived, release } = holdSends();
    const client = await harness.login('alice');
    client.send('a');
    await waitFor(() => arrived.length === 1);
    client.socket.terminate();
    await waitFor(() => harness.ended('client_left') === 1);
    release('a');
    await endOfTurn();
    harness.log.assertNoErrors();
  });
});
