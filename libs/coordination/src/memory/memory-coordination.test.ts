import { ErrorCode } from '@parley/kernel';
import { COUNTER_IDLE_MS } from '../limits.js';
import { createMemoryCoordination, type MemoryCoordinationOptions } from './memory-coordination.js';
import { EXPENDABLE_TTL_MS } from './memory-space.js';

const START_MS = 1_700_000_000_000;
const DAY_MS = 24 * 60 * 60 * 1000;
const note = '1700000000000';

function setUp(options: Partial<MemoryCoordinationOptions> = {}) {
  let now = START_MS;
  const coordination = createMemoryCoordination({ clock: { now: () => now }, ...options });
  return {
    coordination,
    advance: (ms: number): void => {
      now += ms;
    },
    /** Any operation frees some of what has ended. */
    turns: async (count: number): Promise<void> => {
      for (let at = 0; at < count; at++) await coordination.get('turn');
    },
  };
}

describe('the memory engine', () => {
  it('frees what has ended, a little with every operation', async () => {
    const { coordination, advance, turns } = setUp();
    for (let at = 0; at < 5_000; at++) await coordination.set(`k${at}`, 'v', 1_000 + at);
    expect(coordination.use().keys).toBe(5_000);
    advance(10_000);
    expect(await coordination.get('k4999')).toBeUndefined();
    expect(coordination.use().keys).toBeGreaterThan(4_000);
    await turns(100);
    expect(coordination.use()).toEqual({ keys: 0, bytes: 0 });
  });

  it('frees reservations of a day', async () => {
    const { coordination, advance, turns } = setUp();
    await coordination.seedCounter('seq:{c}', 1n, 10_000n);
    for (let at = 0; at < 2_000; at++) {
      await coordination.reserveNext({
        counter: 'seq:{c}',
        reservation: `send:{c}:${at}`,
        note,
        ttlMs: DAY_MS,
      });
      advance(1_000);
    }
    expect(coordination.use().keys).toBe(2_001);
    // Reservations lie in buckets of a minute, freed as a whole.
    advance(DAY_MS + 60_000);
    await turns(100);
    expect(coordination.use()).toEqual({ keys: 0, bytes: 0 });
  });

  it('takes no memory for renewing one key for ever', async () => {
    const { coordination, advance } = setUp();
    await coordination.set('lease', 'v', DAY_MS);
    const once = coordination.use();
    for (let at = 0; at < 10_000; at++) {
      advance(100);
      await coordination.set('lease', 'v', at % 2 ? DAY_MS : 30_000);
    }
    expect(coordination.use()).toEqual(once);
  });

  it('accounts for every kind and forgets it all again', async () => {
    const { coordination, advance, turns } = setUp();
    await coordination.set('value', 'v'.repeat(100));
    await coordination.set('value', 'v');
    await coordination.hashSet('hash', { a: '1', b: '22' });
    await coordination.hashSet('hash', { a: '1234567' });
    await coordination.hashDelete('hash', ['b']);
    await coordination.setAdd('set', ['a', 'bc'], 1_000);
    await coordination.countInWindow('window', 5, 1_000);
    await coordination.seedCounter('counter', 1n, 5n);
    expect(coordination.use().keys).toBe(5);
    await coordination.hashDelete('hash', ['a']);
    for (const key of ['value', 'counter']) await coordination.delete(key);
    advance(5_000);
    await turns(2);
    expect(coordination.use()).toEqual({ keys: 0, bytes: 0 });
  });

  it('forgets a counter that nobody used for an hour, not one in use', async () => {
    const { coordination, advance } = setUp();
    for (const counter of ['idle', 'used']) await coordination.seedCounter(counter, 1n, 100n);
    for (let at = 0; at < 3; at++) {
      advance(COUNTER_IDLE_MS / 2);
      await coordination.reserveNext({ counter: 'used', note, ttlMs: 1 });
    }
    const options = { note, ttlMs: 1 };
    expect(await coordination.reserveNext({ counter: 'idle', ...options })).toEqual({ kind: 'exhausted' });
    expect(await coordination.reserveNext({ counter: 'used', ...options })).toEqual({
      kind: 'fresh',
      number: 4n,
    });
  });

  it('lives as long as its process, whatever comes to its end', async () => {
    const { coordination, advance, turns } = setUp();
    const first = await coordination.life();
    expect(first?.ageMs).toBe(0);
    await coordination.set('k', 'v', 1_000);
    advance(5_000);
    await turns(2);
    expect(await coordination.life()).toEqual({ id: first?.id, ageMs: 5_000 });
    expect((await setUp().coordination.life())?.id).not.toBe(first?.id);
  });

  it('tells who wants to know what a listener threw', async () => {
    const thrown: unknown[] = [];
    const { coordination } = setUp({ onListenerError: (error, channel) => thrown.push([channel, error]) });
    const failure = new Error('broken');
    await coordination.subscribe('channel', () => {
      throw failure;
    });
    await coordination.publish('channel', 'm');
    await Promise.resolve();
    expect(thrown).toEqual([['channel', failure]]);
  });

  it('brings nothing after it was closed', async () => {
    const { coordination } = setUp();
    const messages: string[] = [];
    await coordination.subscribe('channel', (message) => messages.push(message));
    const published = coordination.publish('channel', 'm');
    await coordination.close();
    await published;
    expect(messages).toEqual([]);
    expect(coordination.use()).toEqual({ keys: 0, bytes: 0 });
  });
});

describe('a full memory engine', () => {
  const BYTES_MAX = 64 * 1024;

  it('gives up the long-lived values nearest to their end, and nothing else', async () => {
    const { coordination, advance } = setUp({ bytesMax: BYTES_MAX });
    await coordination.set('lease', 'node', 30_000);
    await coordination.set('born', 'for ever');
    await coordination.hashSet('sessions', { c1: 'x' });
    await coordination.seedCounter('seq:{c}', 1n, 100_000n);
    for (let at = 0; at < 1_000; at++) {
      const reservation = `send:{c}:${at}`;
      const answer = await coordination.reserveNext({ counter: 'seq:{c}', reservation, note, ttlMs: DAY_MS });
      expect(answer).toEqual({ kind: 'fresh', number: BigInt(at + 1) });
      expect(coordination.use().bytes).toBeLessThanOrEqual(BYTES_MAX);
      if (at % 10 === 0) advance(20);
    }
    expect(await coordination.get('send:{c}:999')).toBe(`1000 ${note}`);
    expect(await coordination.get('lease')).toBe('node');
    expect(await coordination.get('born')).toBe('for ever');
    expect(await coordination.hashGetAll('sessions')).toEqual({ c1: 'x' });
  });

  it('begins another life with everything that it gives up', async () => {
    const { coordination, advance } = setUp({ bytesMax: BYTES_MAX });
    const value = 'v'.repeat(4_000);
    const first = await coordination.life();
    advance(5_000);
    for (let at = 0; at < 10; at++) await coordination.set(`k${at}`, value, DAY_MS);
    expect(await coordination.life()).toEqual({ id: first?.id, ageMs: 5_000 });
    for (let at = 10; at < 20; at++) await coordination.set(`k${at}`, value, DAY_MS);
    advance(1_000);
    expect(await coordination.life()).toMatchObject({ ageMs: 1_000 });
    expect((await coordination.life())?.id).not.toBe(first?.id);
  });

  it('gives up older minutes before younger ones', async () => {
    const { coordination, advance } = setUp({ bytesMax: BYTES_MAX });
    const value = 'v'.repeat(1_000);
    for (let at = 0; at < 100; at++) {
      await coordination.set(`k${at}`, value, DAY_MS);
      advance(60_000);
    }
    const kept: number[] = [];
    for (let at = 0; at < 100; at++) if ((await coordination.get(`k${at}`)) !== undefined) kept.push(at);
    expect(kept.length).toBeGreaterThan(40);
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, at) => 100 - kept.length + at));
  });

  it('refuses when nothing can be given up, changes nothing then, and recovers', async () => {
    const { coordination, advance } = setUp({ bytesMax: BYTES_MAX });
    const value = 'v'.repeat(4_000);
    for (let at = 0; at < 15; at++) await coordination.set(`k${at}`, value, EXPENDABLE_TTL_MS - 1);
    await coordination.set('small', 's', 30_000);
    await coordination.seedCounter('seq:{c}', 1n, 9n);
    const full = { code: ErrorCode.OVERLOADED };
    await expect(coordination.set('more', value)).rejects.toMatchObject(full);
    await expect(coordination.set('small', value, 60_000)).rejects.toMatchObject(full);
    await expect(coordination.hashSet('hash', { f: value })).rejects.toMatchObject(full);
    await expect(coordination.setAdd('set', [value], 1_000)).rejects.toMatchObject(full);
    const reserve = { counter: 'seq:{c}', reservation: 'send:{c}', note: value, ttlMs: DAY_MS };
    await expect(coordination.reserveNext(reserve)).rejects.toMatchObject(full);
    expect(await coordination.hashGetAll('hash')).toEqual({});
    expect(await coordination.setHas('set', [value])).toEqual([false]);
    expect(await coordination.get('small')).toBe('s');
    advance(30_000);
    expect(await coordination.get('small')).toBeUndefined();
    advance(EXPENDABLE_TTL_MS);
    expect(await coordination.reserveNext({ ...reserve, note })).toEqual({ kind: 'fresh', number: 1n });
  });

  it('does not give up the very value that grows', async () => {
    const { coordination } = setUp({ bytesMax: 8 * 1024 });
    await coordination.set('a', 'a', DAY_MS);
    await coordination.set('b', 'b'.repeat(4_000), DAY_MS);
    expect(await coordination.replace('a', 'a', 'a'.repeat(4_000), DAY_MS)).toBe(true);
    expect((await coordination.get('a'))?.length).toBe(4_000);
    expect(await coordination.get('b')).toBeUndefined();
  });
});
