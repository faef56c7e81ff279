import { ByeCode } from '@parley/wire';
import { EVENT } from '../constants/event.js';
import { World } from '../testing/world.js';

describe('reconnecting', () => {
  it('comes back by itself and brings what was missed, in order and once', async () => {
    const world = new World();
    const alice = await world.ready('alice');
    world.server.sendText('bob', 'alice', '1');
    await world.clock.pass(100);
    world.isUp = false;
    world.server.connectionsOf('alice')[0]?.cut();
    for (const text of ['2', '3', '4']) world.server.sendText('bob', 'alice', text);
    world.server.sendText('carol', 'alice', 'new');
    await world.clock.pass(5_000);
    expect(alice.chat.isReady()).toBe(true);
    expect(alice.textsFrom('bob')).toEqual(['1']);
    world.isUp = true;
    await world.clock.pass(15_000);
    expect(alice.textsFrom('bob')).toEqual(['1', '2', '3', '4']);
    expect(alice.textsFrom('carol')).toEqual(['new']);
    expect(alice.chat.getTotalUnreadMessageCount()).toBe(5);
    expect(alice.told(EVENT.SDK_READY)).toHaveLength(1);
    expect(alice.told(EVENT.SDK_NOT_READY)).toEqual([]);
  });

  it('asks only for conversations that changed', async () => {
    const world = new World();
    for (let n = 0; n < 30; n++) world.server.sendText(`friend-${n}`, 'alice', 'old');
    await world.clock.pass(300_000);
    const alice = await world.ready('alice');
    await world.clock.pass(120_000);
    const listed = () => world.server.calls.filter(({ method }) => method === 'syncMessages').length;
    world.server.connectionsOf('alice')[0]?.cut();
    world.server.sendText('friend-7', 'alice', 'fresh');
    await world.clock.pass(10_000);
    expect(alice.textsFrom('friend-7')).toEqual(['fresh']);
    expect(listed()).toBe(1);
  });

  it('waits at least as long as the server says', async () => {
    const world = new World();
    await world.ready('alice');
    world.server.connectionsOf('alice')[0]?.bye(ByeCode.OVERLOADED, 'busy', 60_000);
    await world.clock.pass(59_000);
    expect(world.server.hellos).toBe(1);
    await world.clock.pass(5_000);
    expect(world.server.hellos).toBe(2);
  });

  it('backs off while the server is away, and spreads its attempts', async () => {
    const attempts = async (seed: number) => {
      const world = new World(seed);
      await world.ready('alice');
      const times: number[] = [];
      world.isUp = false;
      world.latencyMs = () => {
        times.push(world.clock.elapsed());
        return 5;
      };
      world.server.connectionsOf('alice')[0]?.cut();
      await world.clock.pass(10 * 60_000);
      return times;
    };
    const one = await attempts(1);
    const other = await attempts(2);
    // Half of 30 s on average once the ceiling is reached; an attempt takes two frames.
    expect(one.length / 2).toBeGreaterThan(25);
    expect(one.length / 2).toBeLessThan(75);
    expect(one).not.toEqual(other);
  });

  it('notices a silent server', async () => {
    const world = new World();
    await world.ready('alice');
    const [connection] = world.server.connectionsOf('alice');
    if (connection !== undefined) connection.receive = () => undefined;
    await world.clock.pass(200_000);
    expect(world.server.hellos).toBeGreaterThan(1);
  });

  it('keeps a quiet connection alive', async () => {
    const world = new World();
    await world.ready('alice');
    await world.clock.pass(3_600_000);
    expect(world.server.hellos).toBe(1);
  });

  it('treats a malformed or a text frame as a lost connection', async () => {
    const world = new World();
    const alice = await world.ready('alice');
    world.server.connectionsOf('alice')[0]?.send(Uint8Array.of(0xff, 0xff, 0xff));
    await world.clock.pass(5_000);
    expect(world.server.hellos).toBe(2);
    expect(alice.chat.isReady()).toBe(true);
  });

  it('ignores frames of a newer server', async () => {
    const world = new World();
    await world.ready('alice');
    world.server.connectionsOf('alice')[0]?.send(Uint8Array.of(0x7a, 0x00));
    await world.clock.pass(5_000);
    expect(world.server.hellos).toBe(1);
  });
});

describe('a Move', () => {
  it('opens the new socket first and loses nothing on the way', async () => {
    const world = new World();
    const alice = await world.ready('alice');
    const [old] = world.server.connectionsOf('alice');
    old?.move(2_000, ['ws://other:8081']);
    await world.clock.pass(1_900);
    expect(world.server.hellos).toBe(1);
    world.server.faults.onCall = (call, connection) =>
      call.method === 10 && connection === old ? 'ignore' : 'answer';
    const sent = alice.sendText('bob', 'in flight');
    await world.clock.pass(300);
    world.server.sendText('bob', 'alice', 'to the new one');
    await world.clock.pass(1_000);
    expect(world.server.hellos).toBe(2);
    expect(world.server.connectionsOf('alice')).toHaveLength(1);
    expect(world.server.connectionsOf('alice')[0]).not.toBe(old);
    expect(sent.outcome).toBe('stored');
    expect(alice.textsFrom('bob')).toEqual(['to the new one']);
    expect(alice.told(EVENT.NET_STATE_CHANGE).at(-1)).toEqual({ state: 'connected' });
    expect(alice.told(EVENT.KICKED_OUT)).toEqual([]);
  });

  it('stays where it is when the new address does not answer', async () => {
    const world = new World();
    const alice = await world.ready('alice');
    world.server.connectionsOf('alice')[0]?.move(100, ['ws://other:8081']);
    world.isUp = false;
    await world.clock.pass(5_000);
    world.server.sendText('bob', 'alice', 'still here');
    await world.clock.pass(100);
    expect(alice.textsFrom('bob')).toEqual(['still here']);
  });
});
