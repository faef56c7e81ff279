// Rooms: who hears what is pushed to them, how connections come in, and how the registry follows.
import { ChatError, type ConnectionId, ErrorCode, type GroupId, type UserId } from '@parley/kernel';
import type { gatewayv1 } from '@parley/proto';
import { waitFor } from '@parley/testkit';
import { APP, context, type Harness, NODE, roomOf, startGateway } from './harness.js';
import { pushOf, type TestClient } from './test-client.js';

let harness: Harness;
const start = async (config: Parameters<typeof startGateway>[0] = {}): Promise<void> => {
  // The clock runs far ahead of real time in some tests, which must not end leases and connections.
  harness = await startGateway({ leaseTtlMs: 600_000, idleLimitMs: 3_600_000, ...config });
};
afterEach(async () => {
  await harness.stop();
  harness.log.assertNoErrors();
});

const groups = (...names: string[]): GroupId[] => names as GroupId[];
const push = (groupId: string, text: string, exceptConnectionId?: string): Promise<void> =>
  harness.delivery.pushToRoom(
    exceptConnectionId === undefined
      ? roomOf(groupId)
      : { ...roomOf(groupId), exceptConnectionId: exceptConnectionId as ConnectionId },
    pushOf(text),
  );
const change = (names: readonly string[], enter: string[], leave: string[] = []): Promise<void> =>
  harness.delivery.changeRooms(
    { appId: APP, userIds: names as UserId[] },
    { enter: groups(...enter), leave: groups(...leave) },
  );
/** Everything that was written to the client has come. */
const heard = async (client: TestClient): Promise<string[]> => {
  await client.ping();
  return client.pushedTexts();
};
const kinds = (client: TestClient): string[] => client.frames.map((frame) => frame.kind);
const roomCalls = (): readonly string[] => harness.backend.registry.roomCalls;
/** Lets time pass until the gateway, which ticks in real time, has done what is waited for. */
const advanceUntil = (condition: () => boolean): Promise<boolean> =>
  waitFor(() => {
    harness.clock.advance(200);
    return condition();
  });

describe('a room', () => {
  it('is heard by those who entered it, until they leave it', async () => {
    await start();
    const [alice, bob, carol] = [
      await harness.login('alice'),
      await harness.login('bob'),
      await harness.login('carol'),
    ];
    await change(['alice', 'bob'], ['lobby']);
    await change(['carol'], ['cellar']);
    await push('lobby', 'one');
    await push('lobby', 'not for alice', alice.connectionId);
    await change(['alice'], [], ['lobby']);
    await push('lobby', 'two');
    expect([await heard(alice), await heard(bob), await heard(carol)]).toEqual([
      ['one'],
      ['one', 'not for alice', 'two'],
      [],
    ]);
  });

  it('of another app with the same name is another room', async () => {
    await start();
    const alice = await harness.login('alice');
    const eve = await harness.connect();
    await eve.login({ sdkAppId: APP + 1, userId: 'eve', instanceId: 'e' });
    const changes = [alice, eve].map(({ connectionId }) => ({
      connectionIds: [connectionId],
      enterGroupIds: ['lobby'],
    }));
    await harness.node.changeRooms({ changes }, context);
    await push('lobby', 'ours');
    expect([await heard(alice), await heard(eve)]).toEqual([['ours'], []]);
  });

  it('is left by a connection that ends, and other rooms are not', async () => {
    await start();
    const [alice, bob] = [await harness.login('alice'), await harness.login('bob')];
    await change(['alice', 'bob'], ['lobby', 'cellar']);
    await alice.close();
    await waitFor(() => harness.metrics.gauges.get('parley.gateway.room_memberships')?.() === 2);
    await push('lobby', 'to who is left');
    expect(await heard(bob)).toEqual(['to who is left']);
  });

  it('gets pushes in the order among rooms and users in which they were pushed', async () => {
    await start();
    const clients = await Promise.all(Array.from({ length: 5 }, (_, at) => harness.login(`u${at}`)));
    const userIds = clients.map((_, at) => `u${at}` as UserId);
    await change(userIds, ['lobby', 'cellar']);
    const texts = Array.from({ length: 200 }, (_, at) => `push-${at}`);
    for (const [at, text] of texts.entries()) {
      if (at % 3 === 0) void harness.delivery.push({ appId: APP, userIds }, pushOf(text));
      else void push(at % 3 === 1 ? 'lobby' : 'cellar', text);
      if (at % 7 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    for (const client of clients) await waitFor(() => client.pushedTexts().length === texts.length);
    for (const client of clients) expect(client.pushedTexts()).toEqual(texts);
  });

  it('costs each connection one write for all pushes of a turn', async () => {
    await start();
    const clients = await Promise.all(Array.from({ length: 4 }, (_, at) => harness.login(`u${at}`)));
    await change(
      clients.map((_, at) => `u${at}`),
      ['lobby'],
    );
    const before = harness.metrics.of('parley.gateway.socket_writes');
    await Promise.all(Array.from({ length: 16 }, (_, at) => push('lobby', `m${at}`)));
    for (const client of clients) await waitFor(() => client.pushedTexts().length === 16);
    expect(harness.metrics.of('parley.gateway.socket_writes') - before).toBe(4);
  });

  it('drops its slow reader, and the others get everything', async () => {
    await start({ outgoingBytesMax: 256 * 1_024 });
    const names = ['slow', 'a', 'b', 'c'];
    const [slow, ...others] = (await Promise.all(names.map((name) => harness.login(name)))) as [
      TestClient,
      ...TestClient[],
    ];
    await change(names, ['lobby']);
    slow.socket.pause();
    const texts: string[] = [];
    while (harness.ended('slow_reader') === 0 && texts.length < 5_000) {
      texts.push(`push-${texts.length}`);
      await harness.delivery.pushToRoom(roomOf('lobby'), pushOf(texts.at(-1) ?? '', 32 * 1_024));
      for (const other of others) await waitFor(() => other.pushedTexts().length === texts.length);
    }
    expect(harness.ended('slow_reader')).toBe(1);
    for (const other of others) expect(other.pushedTexts()).toEqual(texts);
    expect(harness.metrics.gauges.get('parley.gateway.room_memberships')?.()).toBe(3);
    slow.socket.resume();
    await slow.closed;
  });

  it('names connections that are not here when they are to change', async () => {
    await start();
    const alice = await harness.login('alice');
    const greeting = await harness.connect();
    const response = await harness.node.changeRooms(
      { changes: [{ connectionIds: [alice.connectionId, 'gone'], enterGroupIds: ['lobby'] }] },
      context,
    );
    expect(response.unknownConnectionIds).toEqual(['gone']);
    await push('lobby', 'here');
    expect(await heard(alice)).toEqual(['here']);
    await greeting.close();
  });
});

describe('a login', () => {
  it('brings the connection into the rooms of its user before the Welcome', async () => {
    await start();
    const asked: unknown[] = [];
    harness.backend.onListRooms = async ({ user }, { appId, role }) => {
      asked.push([user, appId, role, (await harness.sessions(user)).length]);
      return { groupIds: ['lobby', 'cellar'] };
    };
    const alice = await harness.login('alice');
    expect(asked).toEqual([['alice', APP, context.role, 1]]);
    expect([await harness.roomNodes('lobby'), await harness.roomNodes('cellar')]).toEqual([[NODE], [NODE]]);
    await push('lobby', 'one');
    await push('cellar', 'two');
    expect(await heard(alice)).toEqual(['one', 'two']);
    expect(kinds(alice)).not.toContain('resync');
  });

  it('of a user without groups asks once, and registers nothing', async () => {
    await start();
    let asked = 0;
    harness.backend.onListRooms = async () => {
      asked += 1;
      return { groupIds: [] };
    };
    await harness.login('alice');
    expect([asked, roomCalls()]).toEqual([1, []]);
  });

  it.each([
    ['fails', () => Promise.reject(new ChatError(ErrorCode.UNAVAILABLE, 'no groups now'))],
    ['hangs', () => new Promise<never>(() => undefined)],
  ])(
    'goes on when the group service %s, and a Resync follows once the rooms are there',
    async (_, broken) => {
      await start();
      harness.backend.onListRooms = broken;
      const alice = await harness.login('alice');
      expect(kinds(alice)).toEqual(['welcome']);
      expect(harness.log.lines.some((line) => line.event === 'rooms.not_listed')).toBe(true);
      await push('lobby', 'missed');
      let asked = 0;
      harness.backend.onListRooms = async () => {
        asked += 1;
        if (asked < 3) throw new ChatError(ErrorCode.UNAVAILABLE, 'not yet');
        return { groupIds: ['lobby'] };
      };
      await advanceUntil(() => kinds(alice).includes('resync'));
      await push('lobby', 'heard');
      expect(await heard(alice)).toEqual(['heard']);
      expect(asked).toBe(3);
    },
    20_000,
  );

  it('that failed to list rooms is not tried again for a connection that is gone', async () => {
    await start();
    harness.backend.onListRooms = () => Promise.reject(new ChatError(ErrorCode.UNAVAILABLE, 'no groups now'));
    const [alice, bob] = [await harness.login('alice'), await harness.login('bob')];
    await alice.close();
    await waitFor(() => harness.ended('client_left') === 1);
    const users: string[] = [];
    harness.backend.onListRooms = async ({ user }) => {
      users.push(user);
      return { groupIds: [] };
    };
    await advanceUntil(() => kinds(bob).includes('resync'));
    expect(users).toEqual(['bob']);
  });

  it('that cannot register a room goes on, and a Resync follows once it is registered', async () => {
    await start();
    harness.backend.registry.takesRooms = false;
    harness.backend.onListRooms = async () => ({ groupIds: ['lobby'] });
    const alice = await harness.login('alice');
    expect(kinds(alice)).toEqual(['welcome']);
    harness.backend.registry.takesRooms = true;
    await advanceUntil(() => kinds(alice).includes('resync'));
    await push('lobby', 'heard');
    expect(await heard(alice)).toEqual(['heard']);
  });
});

describe('a change of rooms during a login', () => {
  /** Logs alice in; `meanwhile` runs when her rooms were read, and before the gateway has the answer. */
  const loginWhile = async (groupIds: string[], meanwhile: () => Promise<unknown>): Promise<TestClient> => {
    await start();
    harness.backend.onListRooms = async () => {
      await meanwhile();
      return { groupIds };
    };
    return harness.login('alice');
  };

  it('that removes the user is not undone by what was read before it', async () => {
    const alice = await loginWhile(['lobby', 'cellar'], () => change(['alice'], [], ['lobby']));
    await push('lobby', 'secret');
    await push('cellar', 'open');
    expect(await heard(alice)).toEqual(['open']);
  });

  it('that adds the user is not lost, though what was read did not have it', async () => {
    const alice = await loginWhile([], () => change(['alice'], ['lobby']));
    await push('lobby', 'hello');
    expect(await heard(alice)).toEqual(['hello']);
  });

  it('that removes and adds the user leaves him in', async () => {
    const alice = await loginWhile(['lobby'], async () => {
      await change(['alice'], [], ['lobby']);
      await change(['alice'], ['lobby']);
    });
    await push('lobby', 'hello');
    expect(await heard(alice)).toEqual(['hello']);
  });

  it('and a push before the Welcome: a Resync follows the Welcome', async () => {
    const alice = await loginWhile([], async () => {
      await change(['alice'], ['lobby']);
      await push('lobby', 'early');
    });
    await alice.next('resync');
    expect([kinds(alice), alice.pushedTexts()]).toEqual([['welcome', 'resync'], []]);
  });

  it('of a client that leaves at the same time leaves nobody behind', async () => {
    await start();
    let decide = (): void => undefined;
    const isAsked = new Promise<void>((asked) => {
      harness.backend.onListRooms = async () => {
        asked();
        await new Promise<void>((resolve) => {
          decide = resolve;
        });
        return { groupIds: ['lobby'] };
      };
    });
    const client = await harness.connect();
    client.hello();
    await isAsked;
    await change(['alice'], ['cellar']);
    client.socket.terminate();
    await waitFor(() => harness.ended('client_left') === 1);
    decide();
    await waitFor(async () => (await harness.sessions('alice')).length === 0);
    expect(harness.metrics.gauges.get('parley.gateway.room_memberships')?.()).toBe(0);
  });
});

describe('the registry of rooms', () => {
  it('hears of a room once, with its first connection', async () => {
    await start();
    harness.backend.onListRooms = async () => ({ groupIds: ['lobby'] });
    await Promise.all(Array.from({ length: 10 }, (_, at) => harness.login(`u${at}`)));
    await change(['u1', 'u2'], ['lobby']);
    expect(roomCalls()).toEqual(['+lobby']);
  });

  it('does not hear of reconnects, and hears that a room is empty after a while', async () => {
    await start();
    harness.backend.onListRooms = async () => ({ groupIds: ['lobby'] });
    for (let round = 0; round < 3; round++) {
      const client = await harness.login('alice');
      await client.close();
      await waitFor(() => harness.ended('client_left') === round + 1);
      harness.clock.advance(4_000);
    }
    expect(roomCalls()).toEqual(['+lobby']);
    await advanceUntil(() => roomCalls().includes('-lobby'));
    await waitFor(() => harness.metrics.gauges.get('parley.gateway.rooms')?.() === 0);
    expect(await harness.roomNodes('lobby')).toEqual([]);
    await harness.login('alice');
    expect(roomCalls()).toEqual(['+lobby', '-lobby', '+lobby']);
    expect(await harness.roomNodes('lobby')).toEqual([NODE]);
  });

  it('that does not take a room rejects the change, which can be repeated', async () => {
    await start();
    const alice = await harness.login('alice');
    harness.backend.registry.takesRooms = false;
    await expect(change(['alice'], ['lobby'])).rejects.toMatchObject({ code: ErrorCode.UNAVAILABLE });
    harness.backend.registry.takesRooms = true;
    await change(['alice'], ['lobby']);
    await push('lobby', 'hello');
    expect(await heard(alice)).toEqual(['hello']);
  });

  it('that lost everything is told every room again, before the clients hear a Resync', async () => {
    await start({ leaseRenewMs: 5 });
    const alice = await harness.login('alice');
    await change(['alice'], ['lobby', 'cellar']);
    harness.backend.registry.loseEverything();
    await alice.next('resync');
    expect([await harness.roomNodes('lobby'), await harness.roomNodes('cellar')]).toEqual([[NODE], [NODE]]);
    await push('lobby', 'hello');
    expect(await heard(alice)).toEqual(['hello']);
  });

  it('that lost everything and takes no rooms at first has them later, with one more Resync', async () => {
    await start({ leaseRenewMs: 5 });
    const { registry } = harness.backend;
    const alice = await harness.login('alice');
    await change(['alice'], ['lobby']);
    registry.takesRooms = false;
    registry.loseEverything();
    await alice.next('resync');
    registry.takesRooms = true;
    harness.clock.advance(10_000);
    await alice.next('resync');
    expect(await harness.roomNodes('lobby')).toEqual([NODE]);
  });

  it('is told of the end of every room when the gateway stops', async () => {
    await start();
    const clients = [await harness.login('alice'), await harness.login('bob')];
    await change(['alice', 'bob'], ['lobby', 'cellar']);
    await harness.gateway.stop();
    for (const client of clients) await client.closed;
    await harness.backend.registry.renewLease(NODE, 1_000);
    expect([await harness.roomNodes('lobby'), await harness.roomNodes('cellar')]).toEqual([[], []]);
  });
});

describe('Deliver', () => {
  it('to a room that nobody here is in does nothing', async () => {
    await start();
    const deliveries: gatewayv1.DeliverRequest['deliveries'] | object[] = [
      { push: pushOf('x'), room: { appId: APP, groupId: 'lobby' } },
    ];
    const response = await harness.node.deliver({ deliveries }, context);
    expect(response.unknownConnectionIds).toEqual([]);
  });
});
