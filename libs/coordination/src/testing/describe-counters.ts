import type { Coordination, Reservation } from '../coordination.js';
import { COUNTER_MAX, KEY_BYTES_MAX, VALUE_BYTES_MAX } from '../limits.js';
import { type ContractSpace, LONG_MS, STEP_MS, TTL_MS } from './coordination-fixture.js';
import { expectMistake } from './expectations.js';

const take = (coordination: Coordination, counter: string): Promise<Reservation> =>
  coordination.reserveNext({ counter, note: '', ttlMs: LONG_MS });

const numberOf = (reservation: Reservation): bigint => {
  if (reservation.kind === 'fresh') return reservation.number;
  throw new Error(`no fresh number: ${reservation.kind}`);
};

export function describeCounters(space: ContractSpace): void {
  describe('reserveNext', () => describeReserveNext(space));
  describe('reservations', () => describeReservations(space));
  describe('seedCounter', () => describeSeedCounter(space));
  describe('seedCounterOnce', () => describeSeedCounterOnce(space));
}

function describeReserveNext(space: ContractSpace): void {
  it('is exhausted before it is seeded, and reserves nothing then', async () => {
    const keys = space.pair();
    const options = { ...keys, note: 'n', ttlMs: LONG_MS };
    expect(await space.one.reserveNext(options)).toEqual({ kind: 'exhausted' });
    expect(await space.one.get(keys.reservation)).toBeUndefined();
  });

  it('gives the numbers of the range in their order, then is exhausted', async () => {
    const { counter } = space.pair();
    await space.one.seedCounter(counter, 7n, 9n);
    for (const number of [7n, 8n, 9n]) {
      expect(await take(space.one, counter)).toEqual({ kind: 'fresh', number });
    }
    expect(await take(space.one, counter)).toEqual({ kind: 'exhausted' });
    expect(await take(space.one, counter)).toEqual({ kind: 'exhausted' });
  });

  it('remembers the number and the note', async () => {
    const keys = space.pair();
    await space.one.seedCounter(keys.counter, 41n, 50n);
    const options = { ...keys, note: '1700000000000 appended no', ttlMs: LONG_MS };
    expect(await space.one.reserveNext(options)).toEqual({ kind: 'fresh', number: 41n });
    const value = '41 1700000000000 appended no';
    expect(await space.one.get(keys.reservation)).toBe(value);
    expect(await space.other.reserveNext({ ...options, note: 'another' })).toEqual({
      kind: 'existing',
      value,
    });
    expect(await take(space.one, keys.counter)).toEqual({ kind: 'fresh', number: 42n });
  });

  it('keeps the blank when the note is empty', async () => {
    const keys = space.pair();
    await space.one.seedCounter(keys.counter, 1n, 2n);
    await space.one.reserveNext({ ...keys, note: '', ttlMs: LONG_MS });
    expect(await space.one.get(keys.reservation)).toBe('1 ');
  });

  it('finds a reservation although the counter is missing or used up', async () => {
    const keys = space.pair();
    const options = { ...keys, note: 'n', ttlMs: LONG_MS };
    await space.one.seedCounter(keys.counter, 1n, 1n);
    await space.one.reserveNext(options);
    expect(await space.one.reserveNext(options)).toEqual({ kind: 'existing', value: '1 n' });
    await space.one.delete(keys.counter);
    expect(await space.one.reserveNext(options)).toEqual({ kind: 'existing', value: '1 n' });
  });

  it('never gives a number twice, whoever asks at once', async () => {
    const { counter } = space.pair();
    await space.one.seedCounter(counter, 1n, 200n);
    const asked = Array.from({ length: 210 }, (_, at) => take(at % 2 ? space.one : space.other, counter));
    const answers = await Promise.all(asked);
    const numbers = answers.filter((answer) => answer.kind === 'fresh').map(numberOf);
    expect(new Set(numbers).size).toBe(200);
    expect([...numbers].sort((a, b) => Number(a - b))).toEqual(
      Array.from({ length: 200 }, (_, at) => BigInt(at + 1)),
    );
    expect(answers.filter((answer) => answer.kind === 'exhausted')).toHaveLength(10);
  });

  it('gives one number to any number of retries at once', async () => {
    const keys = space.pair();
    await space.one.seedCounter(keys.counter, 1n, 100n);
    const asked = Array.from({ length: 50 }, (_, at) =>
      (at % 2 ? space.one : space.other).reserveNext({ ...keys, note: `try-${at}`, ttlMs: LONG_MS }),
    );
    const answers = await Promise.all(asked);
    expect(answers.filter((answer) => answer.kind === 'fresh')).toHaveLength(1);
    const stored = await space.one.get(keys.reservation);
    expect(stored).toMatch(/^1 try-\d+$/);
    for (const answer of answers) if (answer.kind === 'existing') expect(answer.value).toBe(stored);
    expect(await take(space.one, keys.counter)).toEqual({ kind: 'fresh', number: 2n });
  });

  it('counts beyond what a double can hold', async () => {
    const { counter } = space.pair();
    const first = 2n ** 53n;
    await space.one.seedCounter(counter, first, COUNTER_MAX);
    for (const number of [first, first + 1n, first + 2n]) {
      expect(await take(space.one, counter)).toEqual({ kind: 'fresh', number });
    }
    const last = space.pair().counter;
    await space.one.seedCounter(last, COUNTER_MAX, COUNTER_MAX);
    expect(await take(space.one, last)).toEqual({ kind: 'fresh', number: COUNTER_MAX });
    expect(await take(space.one, last)).toEqual({ kind: 'exhausted' });
  });

  it('refuses keys without a common tag, long notes and bad times; nothing happens then', async () => {
    const keys = space.pair();
    await space.one.seedCounter(keys.counter, 1n, 9n);
    const good = { ...keys, note: 'n', ttlMs: LONG_MS };
    await expectMistake(space.one.reserveNext({ ...good, reservation: space.pair().reservation }));
    await expectMistake(space.one.reserveNext({ ...good, note: 'n'.repeat(VALUE_BYTES_MAX) }));
    await expectMistake(space.one.reserveNext({ ...good, ttlMs: 0 }));
    await expectMistake(space.one.reserveNext({ ...good, counter: 'k'.repeat(KEY_BYTES_MAX + 1) }));
    expect(await space.one.get(keys.reservation)).toBeUndefined();
    expect(await space.one.reserveNext(good)).toEqual({ kind: 'fresh', number: 1n });
  });
}

function describeReservations(space: ContractSpace): void {
  it('expire, and an existing one is not prolonged by being found', async () => {
    const keys = space.pair();
    await space.one.seedCounter(keys.counter, 1n, 9n);
    const options = { ...keys, note: 'n', ttlMs: TTL_MS };
    await space.one.reserveNext(options);
    await space.advance(STEP_MS);
    expect(await space.one.reserveNext({ ...options, ttlMs: LONG_MS })).toEqual({
      kind: 'existing',
      value: '1 n',
    });
    await space.advance(TTL_MS);
    expect(await space.one.reserveNext(options)).toEqual({ kind: 'fresh', number: 2n });
  });

  it('can be replaced by a fresh number', async () => {
    const keys = space.pair();
    await space.one.seedCounter(keys.counter, 1n, 9n);
    const options = { ...keys, note: 'n', ttlMs: LONG_MS };
    await space.one.reserveNext(options);
    const number = numberOf(await take(space.one, keys.counter));
    expect(await space.one.replace(keys.reservation, '1 n', `${number} again`, LONG_MS)).toBe(true);
    expect(await space.one.reserveNext(options)).toEqual({ kind: 'existing', value: '2 again' });
  });

  it('find what putIfAbsent stored', async () => {
    const keys = space.pair();
    await space.one.seedCounter(keys.counter, 1n, 9n);
    await space.one.putIfAbsent(keys.reservation, '5 found in the tables', LONG_MS);
    expect(await space.one.reserveNext({ ...keys, note: 'n', ttlMs: LONG_MS })).toEqual({
      kind: 'existing',
      value: '5 found in the tables',
    });
  });
}

function describeSeedCounter(space: ContractSpace): void {
  const seeded = async (...ranges: [bigint, bigint][]): Promise<string> => {
    const { counter } = space.pair();
    for (const [first, last] of ranges) await space.one.seedCounter(counter, first, last);
    return counter;
  };
  const next = async (counter: string): Promise<bigint> => numberOf(await take(space.one, counter));

  it('does nothing when the counter has that range already', async () => {
    const counter = await seeded([1n, 5n]);
    expect(await next(counter)).toBe(1n);
    await space.one.seedCounter(counter, 1n, 5n);
    expect(await next(counter)).toBe(2n);
  });

  it('never goes back, even when all was given out', async () => {
    const counter = await seeded([1n, 2n]);
    await next(counter);
    await next(counter);
    await space.one.seedCounter(counter, 1n, 2n);
    await space.one.seedCounter(counter, 2n, 50n);
    expect(await take(space.one, counter)).toEqual({ kind: 'exhausted' });
    await space.one.seedCounter(counter, 3n, 50n);
    expect(await next(counter)).toBe(3n);
  });

  it('prolongs a counter with the range that follows; numbers that are left stay', async () => {
    const counter = await seeded([1n, 2n]);
    expect(await next(counter)).toBe(1n);
    await space.one.seedCounter(counter, 3n, 4n);
    expect([await next(counter), await next(counter), await next(counter)]).toEqual([2n, 3n, 4n]);
    expect(await take(space.one, counter)).toEqual({ kind: 'exhausted' });
  });

  it('jumps to a range further above', async () => {
    const counter = await seeded([1n, 9n]);
    expect(await next(counter)).toBe(1n);
    await space.one.seedCounter(counter, 101n, 200n);
    expect(await next(counter)).toBe(101n);
  });

  it('leaves a range that reaches beyond the new one alone', async () => {
    const counter = await seeded([10n, 100n], [5n, 200n], [50n, 60n]);
    expect(await next(counter)).toBe(10n);
    const few = await seeded([1n, 2n], [2n, 9n]);
    expect([await next(few), await next(few)]).toEqual([1n, 2n]);
    expect(await take(space.one, few)).toEqual({ kind: 'exhausted' });
  });

  it('seeds once when several seed the same range at once', async () => {
    const { counter } = space.pair();
    const work = Array.from({ length: 20 }, async (_, at) => {
      const coordination = at % 2 ? space.one : space.other;
      await coordination.seedCounter(counter, 1n, 20n);
      return numberOf(await take(coordination, counter));
    });
    const numbers = await Promise.all(work);
    expect(new Set(numbers).size).toBe(20);
    expect(numbers.every((number) => number >= 1n && number <= 20n)).toBe(true);
  });

  it('begins anew after the counter was deleted', async () => {
    const counter = await seeded([1n, 9n]);
    await next(counter);
    await space.one.delete(counter);
    expect(await take(space.one, counter)).toEqual({ kind: 'exhausted' });
    await space.one.seedCounter(counter, 5n, 6n);
    expect(await next(counter)).toBe(5n);
  });

  it('refuses ranges that are none', async () => {
    const { counter } = space.pair();
    await expectMistake(space.one.seedCounter(counter, 0n, 5n));
    await expectMistake(space.one.seedCounter(counter, 5n, 4n));
    await expectMistake(space.one.seedCounter(counter, 1n, COUNTER_MAX + 1n));
    expect(await take(space.one, counter)).toEqual({ kind: 'exhausted' });
  });
}

function describeSeedCounterOnce(space: ContractSpace): void {
  /** Of one counter: how its lease is taken, and used to seed. */
  const begin = () => {
    const { counter, reservation } = space.pair();
    const put = (value: string, ttlMs = LONG_MS) => space.one.putIfAbsent(reservation, value, ttlMs);
    const seed = (value: string, first: bigint, last: bigint) =>
      space.other.seedCounterOnce({ counter, first, last, lease: { key: reservation, value } });
    return { counter, key: reservation, put, seed };
  };

  it('seeds for the holder, and ends the lease', async () => {
    const { counter, key, put, seed } = begin();
    await put('mine');
    expect(await seed('mine', 5n, 9n)).toBe(true);
    expect(await take(space.one, counter)).toEqual({ kind: 'fresh', number: 5n });
    expect(await space.one.get(key)).toBeUndefined();
    expect(await seed('mine', 10n, 19n)).toBe(false);
  });

  it('does nothing for whoever has lost it, and leaves it to the other', async () => {
    const { counter, key, put, seed } = begin();
    expect(await seed('mine', 1n, 9n)).toBe(false);
    await put("another's");
    expect(await seed('mine', 1n, 9n)).toBe(false);
    expect(await space.one.get(key)).toBe("another's");
    expect(await take(space.one, counter)).toEqual({ kind: 'exhausted' });
  });

  it('does nothing once the lease is over', async () => {
    const { counter, put, seed } = begin();
    await put('mine', TTL_MS);
    await space.advance(TTL_MS + STEP_MS);
    expect(await seed('mine', 1n, 9n)).toBe(false);
    expect(await take(space.one, counter)).toEqual({ kind: 'exhausted' });
  });

  it('takes no number back, as seedCounter; the lease ends all the same', async () => {
    const { counter, key, put, seed } = begin();
    await space.one.seedCounter(counter, 10n, 20n);
    await put('mine');
    expect(await seed('mine', 1n, 9n)).toBe(true);
    expect(await space.one.get(key)).toBeUndefined();
    expect(await take(space.one, counter)).toEqual({ kind: 'fresh', number: 10n });
  });

  it('refuses keys without a common tag and ranges that are none; the lease stays', async () => {
    const { counter, key, put, seed } = begin();
    await put('mine');
    await expectMistake(seed('mine', 5n, 4n));
    const lease = { key: space.pair().reservation, value: 'mine' };
    await expectMistake(space.one.seedCounterOnce({ counter, first: 1n, last: 9n, lease }));
    expect(await space.one.get(key)).toBe('mine');
  });
}
