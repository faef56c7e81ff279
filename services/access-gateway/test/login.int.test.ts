// Who gets in, who does not, and what each is told.
import { ChatError, ErrorCode } from '@parley/kernel';
import { contextv1, type gatewayv1 } from '@parley/proto';
import { waitFor } from '@parley/testkit';
import { ByeCode, parseLoginRefusal } from '@parley/wire';
import { APP, type Harness, NODE, startGateway } from './harness.js';
import { pushOf } from './test-client.js';

let harness: Harness;
beforeEach(async () => {
  harness = await startGateway();
});
afterEach(async () => {
  await harness.stop();
  harness.log.assertNoErrors();
});

describe('a login', () => {
  it('is welcomed with the terms and registered', async () => {
    const client = await harness.connect();
    const welcome = await client.login({ userId: 'alice', instanceId: 'i-1' });
    expect(welcome).toMatchObject({
      nodeId: NODE,
      serverTimeMs: BigInt(harness.clock.now()),
      pingIntervalMs: 30_000,
      frameBytesMax: 65_536,
      callsInFlightMax: 1_000,
    });
    expect(await harness.sessions('alice')).toEqual([
      {
        connectionId: welcome.connectionId,
        nodeId: NODE,
        platform: contextv1.Platform.WEB,
        instanceId: 'i-1',
        sinceMs: harness.clock.now(),
      },
    ]);
  });

  it('gives auth the UserSig, the connection and a service identity', async () => {
    const seen: unknown[] = [];
    harness.backend.onLogin = (request) => {
      seen.push({ ...request, $typeName: undefined, connectionId: request.connectionId.length > 10 });
      return harness.backend.login(request);
    };
    const client = await harness.connect();
    await client.login({ userId: 'alice', instanceId: 'i-1' });
    expect(seen).toEqual([
      {
        sdkAppId: APP,
        userId: 'alice',
        userSig: 'sig',
        platform: contextv1.Platform.WEB,
        instanceId: 'i-1',
        connectionId: true,
        nodeId: NODE,
      },
    ]);
  });

  it('that auth refuses ends with the public code and is not to be repeated', async () => {
    const client = await harness.connect();
    client.hello({ userSig: 'wrong' });
    const { bye } = await client.next('bye');
    expect(bye.code).toBe(ByeCode.LOGIN_REFUSED);
    expect(parseLoginRefusal(bye.reason)).toEqual({ code: 70001, info: 'the UserSig expired' });
    expect(await client.closed).toBe(ByeCode.LOGIN_REFUSED);
    await waitFor(() => harness.ended('login_refused') === 1);
  });

  it.each([
    ['UNAVAILABLE', ByeCode.INTERNAL, 'login_failed'],
    ['TIMEOUT', ByeCode.INTERNAL, 'login_failed'],
    ['OVERLOADED', ByeCode.OVERLOADED, 'overloaded'],
  ] as const)('that fails with %s is to be repeated', async (code, byeCode, reason) => {
    harness.backend.onLogin = () => Promise.reject(new ChatError(ErrorCode[code], 'not now'));
    const client = await harness.connect();
    client.hello();
    const { bye } = await client.next('bye');
    expect(bye).toMatchObject({ code: byeCode, retryAfterMs: 1_000 });
    expect(await client.closed).toBe(byeCode);
    await waitFor(() => harness.ended(reason) === 1);
  });

  it('is unregistered when the socket closes', async () => {
    const client = await harness.login('alice');
    await client.close();
    await waitFor(async () => (await harness.sessions('alice')).length === 0);
    await waitFor(() => harness.ended('client_left') === 1);
  });

  it('whose socket closes while auth still decides is unregistered too', async () => {
    let decide = (): void => undefined;
    const isAsked = new Promise<void>((asked) => {
      harness.backend.onLogin = async (request) => {
        asked();
        await new Promise<void>((resolve) => {
          decide = resolve;
        });
        return harness.backend.login(request);
      };
    });
    const client = await harness.connect();
    client.hello();
    await isAsked;
    client.socket.terminate();
    await waitFor(() => harness.ended('client_left') === 1);
    decide();
    await waitFor(() => harness.backend.registry.registrations === 1);
    await waitFor(async () => (await harness.sessions('alice')).length === 0);
  });

  it('does not lose a push that comes before the Welcome: a Resync follows it', async () => {
    let delivered: Promise<gatewayv1.DeliverResponse> | undefined;
    harness.backend.onLogin = async (request) => {
      const response = await harness.backend.login(request);
      delivered = harness.node.deliver(
        { deliveries: [{ connectionIds: [request.connectionId], push: pushOf('early') }] },
        { appId: APP, userId: 'x' as never, role: 3, platform: 0, attempt: 0 },
      );
      await delivered;
      return response;
    };
    const client = await harness.login('alice');
    await client.next('resync');
    expect(client.frames.map((frame) => frame.kind)).toEqual(['welcome', 'resync']);
    expect((await delivered)?.unknownConnectionIds).toEqual([]);
  });

  it('of the same instance replaces the older connection', async () => {
    const older = await harness.login('alice', 'same');
    const newer = await harness.login('alice', 'same');
    expect((await older.next('bye')).bye.code).toBe(ByeCode.LOGGED_OUT);
    expect(await older.closed).toBe(ByeCode.LOGGED_OUT);
    await newer.ping();
    await waitFor(() => harness.ended('replaced') === 1);
    const other = await harness.login('alice', 'other');
    await Promise.all([newer.ping(), other.ping()]);
  });
});

describe('a logout', () => {
  it('is answered, then the connection ends', async () => {
    const client = await harness.login('alice');
    client.call(1);
    expect(await client.next('reply')).toMatchObject({ code: 0 });
    expect((await client.next('bye')).bye.code).toBe(ByeCode.LOGGED_OUT);
    expect(await client.closed).toBe(ByeCode.LOGGED_OUT);
    expect(client.frames.map((frame) => frame.kind)).toEqual(['welcome', 'reply', 'bye']);
    expect(await harness.sessions('alice')).toEqual([]);
  });
});

describe('Disconnect', () => {
  const context = { appId: APP, userId: 'x' as never, role: 3, platform: 0, attempt: 0 } as const;

  it.each([
    [4501, 4501],
    [4504, 4504],
    [17, 4000],
  ])('with code %i ends a connection with %i', async (asked, expected) => {
    const client = await harness.login('alice');
    const connectionIds = [client.connectionId, 'unknown'];
    await harness.node.disconnect({ connectionIds, code: asked, reason: 'why' }, context);
    expect((await client.next('bye')).bye).toMatchObject({ code: expected, reason: 'why' });
    expect(await client.closed).toBe(expected);
    await waitFor(() => harness.ended('disconnected') === 1);
  });
});
