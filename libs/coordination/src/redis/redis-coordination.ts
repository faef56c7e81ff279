// The engine of a cluster: Redis. Every operation is one command or one script, so it is atomic and one round trip.
// Requires Redis 7.0 (SET with NX and GET). Times to live run on the server's clock.
import { randomUUID } from 'node:crypto';
import type {
  ChannelSubscription,
  Coordination,
  Hash,
  LeasedSeed,
  Life,
  Reservation,
  ReserveOptions,
} from '../coordination.js';
import { COUNTER_IDLE_MS, VALUE_BYTES_MAX } from '../limits.js';
import {
  checkAmount,
  checkCounterRange,
  checkHashReads,
  checkKey,
  checkMembers,
  checkSameTag,
  checkTtl,
  checkValue,
  engineClosed,
  tagOf,
  tooManyMembers,
} from '../request-checks.js';
import { ClusterLink } from './cluster-link.js';
import { checkOptions, DEADLINE_MS, type RedisCoordinationOptions } from './redis-options.js';
import { RequestQueue } from './request-queue.js';
import {
  COUNT_IN_WINDOW,
  HASH_SET,
  LIFE,
  REPLACE,
  RESERVE_NEXT,
  type Script,
  SEED_COUNTER,
  SET_ADD,
} from './scripts.js';
import { SingleLink } from './single-link.js';
import { Subscriptions } from './subscriptions.js';

/** Connects with the first call. @throws Error on options that cannot work. */
export function createRedisCoordination(options: RedisCoordinationOptions): Coordination {
  checkOptions(options);
  return new RedisCoordination(options);
}

/** Behind the prefix; nobody else's, for the callers' keys begin with a service. */
const LIFE_KEY = 'coordination:life';

class RedisCoordination implements Coordination {
  readonly scope = 'cluster';
  readonly #isCluster: boolean;
  readonly #prefix: string;
  readonly #queue: RequestQueue;
  readonly #subscriptions: Subscriptions;
  #isClosed = false;

  constructor(options: RedisCoordinationOptions) {
    const link = options.isCluster ? new ClusterLink(options) : new SingleLink(options);
    this.#isCluster = options.isCluster === true;
    this.#prefix = options.keyPrefix ?? '';
    this.#queue = new RequestQueue(link, options.deadlineMs ?? DEADLINE_MS);
    this.#subscriptions = new Subscriptions(options, link);
    const { metrics } = options;
    metrics?.gauge(
      'parley.coordination.open_requests',
      'Requests that wait for Redis',
      () => this.#queue.openCount,
    );
    metrics?.gauge(
      'parley.coordination.expired_requests',
      'Requests that Redis did not answer in time, since the start',
      () => this.#queue.expiredCount,
    );
  }

  async life(): Promise<Life | undefined> {
    if (this.#isCluster) {
      this.#checkOpen();
      return undefined;
    }
    const answer = (await this.#run(LIFE, [LIFE_KEY], [randomUUID()])) as [string, string] | null;
    // By the server's clock, which may have been set back.
    return answer === null ? undefined : { id: answer[0], ageMs: Math.max(0, Number(answer[1])) };
  }

  async reserveNext(options: ReserveOptions): Promise<Reservation> {
    const { counter, reservation, note, ttlMs } = options;
    checkKey(counter);
    checkValue(note);
    const keys = [counter];
    if (reservation !== undefined) {
      checkKey(reservation);
      checkSameTag(counter, reservation);
      checkTtl(ttlMs);
      keys.push(reservation);
    }
    const answer = String(await this.#run(RESERVE_NEXT, keys, [note, `${ttlMs}`, `${COUNTER_IDLE_MS}`]));
    const rest = answer.slice(1);
    if (answer.startsWith('f')) return { kind: 'fresh', number: BigInt(rest) };
    if (answer.startsWith('e')) return { kind: 'existing', value: rest };
    // Refused by the script, in the words of the check that every engine has.
    if (answer === 's') checkValue('n'.repeat(VALUE_BYTES_MAX + 1));
    return { kind: 'exhausted' };
  }

  async seedCounter(counter: string, first: bigint, last: bigint): Promise<void> {
    checkKey(counter);
    checkCounterRange(first, last);
    await this.#run(SEED_COUNTER, [counter], [`${first}`, `${last}`, `${COUNTER_IDLE_MS}`]);
  }

  async seedCounterOnce({ counter, first, last, lease }: LeasedSeed): Promise<boolean> {
    checkKey(counter);
    checkKey(lease.key);
    checkSameTag(counter, lease.key);
    checkCounterRange(first, last);
    const args = [`${first}`, `${last}`, `${COUNTER_IDLE_MS}`, lease.value];
    return (await this.#run(SEED_COUNTER, [counter, lease.key], args)) === 1;
  }

  async get(key: string): Promise<string | undefined> {
    checkKey(key);
    return this.#textOf(await this.#ask('get', key));
  }

  async set(key: string, value: string, ttlMs?: number): Promise<void> {
    this.#checkPut(key, value, ttlMs);
    // GET makes the server refuse a key of another kind.
    await this.#ask('set', key, value, 'GET', ...expiry(ttlMs));
  }

  async putIfAbsent(key: string, value: string, ttlMs?: number): Promise<string> {
    this.#checkPut(key, value, ttlMs);
    const known = this.#textOf(await this.#ask('set', key, value, 'NX', 'GET', ...expiry(ttlMs)));
    return known ?? value;
  }

  async replace(key: string, expected: string | undefined, value: string, ttlMs: number): Promise<boolean> {
    this.#checkPut(key, value, ttlMs);
    if (expected === undefined) {
      return (await this.#ask('set', key, value, 'NX', 'GET', ...expiry(ttlMs))) === null;
    }
    return (await this.#run(REPLACE, [key], [expected, value, `${ttlMs}`])) === 1;
  }

  async delete(key: string): Promise<void> {
    checkKey(key);
    await this.#ask('unlink', key);
  }

  async hashSet(key: string, fields: Hash): Promise<void> {
    checkKey(key);
    const names = Object.keys(fields);
    checkMembers(names);
    const args: string[] = [];
    for (const name of names) {
      const value = fields[name] as string;
      checkValue(value);
      args.push(name, value);
    }
    if (names.length === 0) return this.#checkOpen();
    if ((await this.#run(HASH_SET, [key], args)) === 0) throw tooManyMembers();
  }

  async hashDelete(key: string, fields: readonly string[]): Promise<void> {
    checkKey(key);
    checkMembers(fields);
    // Without fields only the kind of the key is looked at.
    if (fields.length === 0) await this.#ask('hlen', key);
    else await this.#ask('hdel', key, ...fields);
  }

  async hashGetAll(key: string): Promise<Hash> {
    checkKey(key);
    return toHash(await this.#ask('HGETALL', key));
  }

  async hashGetMany(keys: readonly string[]): Promise<Hash[]> {
    checkHashReads(keys);
    if (keys.length === 0) this.#checkOpen();
    const replies = await Promise.all(keys.map((key) => this.#ask('HGETALL', key)));
    return replies.map(toHash);
  }

  async setAdd(key: string, members: readonly string[], ttlMs: number): Promise<void> {
    checkKey(key);
    checkMembers(members);
    checkTtl(ttlMs);
    if ((await this.#run(SET_ADD, [key], [`${ttlMs}`, ...members])) === 0) throw tooManyMembers();
  }

  async setHas(key: string, members: readonly string[]): Promise<boolean[]> {
    checkKey(key);
    checkMembers(members);
    if (members.length === 0) {
      await this.#ask('scard', key);
      return [];
    }
    return ((await this.#ask('smismember', key, ...members)) as number[]).map((found) => found === 1);
  }

  async countInWindow(key: string, amount: number, windowMs: number): Promise<number> {
    checkKey(key);
    checkAmount(amount);
    checkTtl(windowMs);
    return Number(await this.#run(COUNT_IN_WINDOW, [key], [`${amount}`, `${windowMs}`]));
  }

  async publish(channel: string, message: string): Promise<void> {
    checkKey(channel);
    checkValue(message);
    await this.#queue.ask({ name: 'publish', args: [this.#prefix + channel, message], tag: undefined });
  }

  async subscribe(channel: string, listener: (message: string) => void): Promise<ChannelSubscription> {
    this.#checkOpen();
    checkKey(channel);
    return this.#subscriptions.subscribe(this.#prefix + channel, listener);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#subscriptions.close();
    this.#queue.close();
  }

  #checkOpen(): void {
    if (this.#isClosed) throw engineClosed();
  }

  #checkPut(key: string, value: string, ttlMs: number | undefined): void {
    checkKey(key);
    checkValue(value);
    if (ttlMs !== undefined) checkTtl(ttlMs);
  }

  #ask(name: string, key: string, ...args: string[]): Promise<unknown> {
    return this.#queue.ask({ name, args: [this.#prefix + key, ...args], tag: this.#tagOf(key) });
  }

  #run(script: Script, keys: readonly string[], args: readonly string[]): Promise<unknown> {
    return this.#queue.ask({
      name: 'evalsha',
      args: [script.sha, `${keys.length}`, ...keys.map((key) => this.#prefix + key), ...args],
      tag: this.#tagOf(keys[0] as string),
      script,
    });
  }

  #tagOf(key: string): string {
    return tagOf(this.#prefix + key);
  }

  #textOf(reply: unknown): string | undefined {
    return reply === null ? undefined : String(reply);
  }
}

const expiry = (ttlMs: number | undefined): string[] => (ttlMs === undefined ? [] : ['PX', `${ttlMs}`]);

/** Names and values by turns: the driver's own conversion would lose a field with the name `__proto__`. */
function toHash(reply: unknown): Hash {
  const texts = reply as string[];
  const fields: [string, string][] = [];
  for (let at = 0; at < texts.length; at += 2) fields.push([texts[at] as string, texts[at + 1] as string]);
  return Object.fromEntries(fields);
}
