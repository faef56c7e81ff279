import { type Coordination, createMemoryCoordination } from '@parley/coordination';
import { CoordinationAge } from './coordination-age.js';

const START_MS = 1_700_000_000_000;

function setUp({ vouches }: { vouches: boolean }) {
  const time = { now: START_MS };
  const clock = { now: () => time.now };
  let engine = createMemoryCoordination({ clock });
  const shared = new Proxy({} as Coordination, {
    get: (_, name) => {
      if (name === 'scope') return 'cluster';
      // As a Redis Cluster answers.
      if (name === 'life' && !vouches) return async () => undefined;
      return (...args: unknown[]) => Reflect.apply(Reflect.get(engine, name), engine, args);
    },
  });
  const lose = () => {
    engine = createMemoryCoordination({ clock });
  };
  return { time, lose, shared, age: new CoordinationAge(shared, clock) };
}

describe.each([true, false])('the age of a coordination that vouches for its life: %p', (vouches) => {
  it('counts from the first question, by whomever', async () => {
    const { time, age, shared } = setUp({ vouches });
    const first = await age.look();
    expect(first).toMatchObject({ sinceMs: START_MS, isUnbroken: vouches });
    time.now += 60_000;
    const other = new CoordinationAge(shared, { now: () => time.now });
    expect(await other.recent()).toEqual(first);
  });

  it('begins anew with a lost state, seen at once by a look, after a second by others', async () => {
    const { time, lose, age } = setUp({ vouches });
    const first = await age.look();
    time.now += 60_000;
    await age.recent();
    lose();
    time.now += 999;
    expect(await age.recent()).toEqual(first);
    time.now += 1;
    const later = await age.recent();
    expect(later).toMatchObject({ sinceMs: vouches ? time.now - 1_000 : time.now });
    expect(later.id).not.toBe(first.id);
    expect(await age.look()).toEqual(later);
  });
});
