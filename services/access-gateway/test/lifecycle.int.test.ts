// Deadlines, the lease, draining and stopping.
import { request as httpRequest } from 'node:http';
import type { ConnectionId, UserId } from '@parley/kernel';
import { waitFor } from '@parley/testkit';
import { ByeCode } from '@parley/wire';
import { APP, type Harness, NODE, startGateway } from './harness.js';
import { TestClient } from './test-client.js';

/** A session of this node that only the registry knows. */
const GHOST = { connectionId: 'ghost' as ConnectionId, nodeId: NODE, platform: 1, instanceId: 'i' } as const;

let harness: Harness;
const start = async (config: Parameters<typeof startGateway>[0] = {}): Promise<void> => {
  harness = await startGateway(config);
};
afterEach(async () => {
  await harness.stop();
  harness.log.assertNoErrors();
});

const byeOf = async (client: TestClient): Promise<number> => {
  const { bye } = await client.next('bye');
  expect(await client.closed).toBe(bye.code);
  return bye.code;
};

async function health(): Promise<number> {
  const url = new URL(harness.gateway.url.replace('ws:', 'http:'));
  url.pathname = '/healthz';
  return new Promise((resolve, reject) => {
    httpRequest(url, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

describe('deadlines', () => {
  it('a client without a Hello is sent away after the login deadline', async () => {
    await start();
    const client = await harness.connect();
    harness.clock.advance(4_000);
    const early = await harness.connect();
    harness.clock.advance(1_300);
    expect(await byeOf(client)).toBe(ByeCode.PING_TIMEOUT);
    await early.login({ userId: 'alice' });
    await waitFor(() => harness.ended('login_deadline') === 1);
  });

  it('a client that says nothing is sent away, one that pings is not', async () => {
    await start();
    const [silent, lively] = [await harness.login('alice'), await harness.login('bob')];
    harness.clock.advance(40_000);
    await lively.ping();
    harness.clock.advance(36_000);
    expect(await byeOf(silent)).toBe(ByeCode.PING_TIMEOUT);
    expect(await lively.ping()).toBe(harness.clock.now());
    harness.clock.advance(76_000);
    expect(await byeOf(lively)).toBe(ByeCode.PING_TIMEOUT);
  });

  it('a UserSig that runs out ends the connection', async () => {
    await start();
    harness.backend.onLogin = (request) => harness.backend.login(request, 60_000);
    const client = await harness.login('alice');
    harness.clock.advance(59_000);
    await client.ping();
    harness.clock.advance(1_300);
    expect(await byeOf(client)).toBe(ByeCode.USER_SIG_EXPIRED);
    await waitFor(() => harness.ended('sig_expired') === 1);
  });

  it('a UserSig that lasts for years is looked at only when it must be', async () => {
    await start();
    harness.backend.onLogin = (request) => harness.backend.login(request, 5e11);
    const client = await harness.login('alice');
    for (let minutes = 0; minutes < 10; minutes++) {
      harness.clock.advance(60_000);
      await client.ping();
    }
  });
});

describe('the lease', () => {
  it('is taken at the start, lasts for its time, and is given back at the stop', async () => {
    await start({ leaseTtlMs: 12_345 });
    const { registry } = harness.backend;
    const ghost = { ...GHOST, sinceMs: harness.clock.now() };
    await registry.register(APP, 'ghost' as UserId, ghost);
    harness.clock.advance(12_300);
    expect(await harness.sessions('ghost')).toEqual([ghost]);
    await harness.gateway.stop();
    expect(await harness.sessions('ghost')).toEqual([]);
  });

  it('that ran out brings every session back and every client a Resync', async () => {
    await start({ leaseRenewMs: 5 });
    const clients = [await harness.login('alice'), await harness.login('bob')];
    harness.clock.advance(20_001);
    for (const client of clients) await client.next('resync');
    expect(await harness.sessions('alice')).toHaveLength(1);
    expect(await harness.sessions('bob')).toHaveLength(1);
  });

  it('that was lost with everything brings every session back and every client a Resync', async () => {
    await start({ leaseRenewMs: 5 });
    const { registry } = harness.backend;
    const clients = [await harness.login('alice'), await harness.login('bob')];
    const before = [await harness.sessions('alice'), await harness.sessions('bob')];
    registry.loseEverything();
    for (const client of clients) await client.next('resync');
    expect([await harness.sessions('alice'), await harness.sessions('bob')]).toEqual(before);
    expect(before.flat()).toHaveLength(2);
  });

  it('survives a registry that is away: clients stay, and sessions come back', async () => {
    await start({ leaseRenewMs: 5 });
    const { registry } = harness.backend;
    const client = await harness.login('alice');
    registry.isReachable = false;
    await waitFor(() => harness.log.lines.some((line) => line.event === 'session_registry.unavailable'));
    expect(await client.sent('a')).toMatchObject({ code: 0 });
    registry.loseEverything();
    registry.isReachable = true;
    await client.next('resync');
    expect(await harness.sessions('alice')).toHaveLength(1);
  });

  it('does not bring back who left meanwhile', async () => {
    await start({ leaseRenewMs: 5 });
    const { registry } = harness.backend;
    const [alice, bob] = [await harness.login('alice'), await harness.login('bob')];
    registry.loseEverything();
    await alice.close();
    await bob.next('resync');
    await waitFor(async () => (await harness.sessions('alice')).length === 0);
    expect(await harness.sessions('bob')).toHaveLength(1);
  });
});

describe('a drain', () => {
  it('lets nobody in, sends clients away in groups, and ends when all are gone', async () => {
    await start({ drainWindowMs: 200, drainSlotMs: 20 });
    const clients = await Promise.all(Array.from({ length: 20 }, (_, i) => harness.login(`user-${i}`)));
    expect(harness.gateway.ready()).toEqual({ isReady: true });
    expect(await health()).toBe(200);
    const times: number[] = [];
    const byes = clients.map(async (client) => {
      const { bye } = await client.next('bye');
      times.push(performance.now());
      expect(bye.code).toBe(ByeCode.GOING_AWAY);
      expect(await client.closed).toBe(ByeCode.GOING_AWAY);
    });
    const drained = harness.gateway.drain();
    expect(harness.gateway.drain()).toBe(drained);
    expect(harness.gateway.ready()).toEqual({ isReady: false, reason: 'draining' });
    expect(await health()).toBe(503);
    await expect(harness.connect()).rejects.toThrow('503');
    await Promise.all([drained, ...byes]);
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(60);
    expect(harness.log.lines.some((line) => line.event === 'drained')).toBe(true);
  });

  it('waits for replies as long as its window lasts', async () => {
    await start({ drainWindowMs: 5_000, drainSlotMs: 5 });
    let answer = (): void => undefined;
    harness.backend.onSend = () =>
      new Promise((resolve) => {
        answer = () => resolve({ seq: 1n });
      });
    const [busy, idle] = [await harness.login('alice'), await harness.login('bob')];
    busy.send('a');
    await busy.ping();
    const drained = harness.gateway.drain();
    expect(await byeOf(idle)).toBe(ByeCode.GOING_AWAY);
    expect(busy.isClosed).toBe(false);
    answer();
    expect(await busy.next('reply')).toMatchObject({ code: 0 });
    expect(await byeOf(busy)).toBe(ByeCode.GOING_AWAY);
    await drained;
  });

  it('sends clients to other gateways, and says goodbye to those who stay', async () => {
    await start({ drainWindowMs: 100, drainSlotMs: 20, moveAddresses: ['wss://b/v1/ws', 'wss://c/v1/ws'] });
    const [quick, stubborn] = [await harness.login('alice'), await harness.login('bob')];
    const drained = harness.gateway.drain();
    const { move } = await quick.next('move');
    expect(move.addresses).toEqual(['wss://b/v1/ws', 'wss://c/v1/ws']);
    quick.raw(Uint8Array.of(0x22, 0));
    expect(await quick.closed).toBe(1000);
    await stubborn.next('move');
    expect(await byeOf(stubborn)).toBe(ByeCode.GOING_AWAY);
    await drained;
  });

  it('of nobody is over at once', async () => {
    await start({ drainWindowMs: 600_000, drainSlotMs: 60_000 });
    await harness.gateway.drain();
  });
});

describe('a stop', () => {
  it('says goodbye, forgets the sessions, and may be called twice', async () => {
    await start();
    const client = await harness.login('alice');
    const url = harness.gateway.url;
    const stopped = harness.gateway.stop();
    expect(harness.gateway.stop()).toBe(stopped);
    expect(await byeOf(client)).toBe(ByeCode.GOING_AWAY);
    await stopped;
    await harness.backend.registry.renewLease(NODE, 1_000);
    expect(await harness.sessions('alice')).toEqual([]);
    await expect(TestClient.connect(url)).rejects.toThrow('ECONNREFUSED');
  });

  it('during a drain does not wait for its window', async () => {
    await start({ drainWindowMs: 600_000, drainSlotMs: 60_000 });
    const clients = [await harness.login('alice'), await harness.login('bob')];
    const drained = harness.gateway.drain();
    await harness.gateway.stop();
    await drained;
    for (const client of clients) expect(await client.closed).toBe(ByeCode.GOING_AWAY);
  });

  it('does not wait for clients that do not answer', async () => {
    await start();
    const client = await harness.login('alice');
    client.socket.pause();
    await harness.gateway.stop();
    expect(harness.metrics.gauges.get('parley.gateway.connections')?.()).toBe(0);
    client.socket.terminate();
  });

  it('before a start does nothing', async () => {
    await start();
    await harness.gateway.stop();
    await harness.gateway.drain();
  });
});
