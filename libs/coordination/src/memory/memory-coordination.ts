// The engine of a single process. Everything is done in one turn of the event
// loop, which is what makes each operation atomic; promises only keep the port's shape.
import type { Clock } from '@parley/kernel';
import { Channels, type ListenerErrorHandler } from '../channels.js';
import type {
  ChannelSubscription,
  Coordination,
  Hash,
  LeasedSeed,
  Life,
  Reservation,
  ReserveOptions,
} from '../coordination.js';
import { COUNTER_IDLE_MS } from '../limits.js';
import {
  checkAmount,
  checkCounterRange,
  checkHashReads,
  checkKey,
  checkSameTag,
  checkTtl,
  checkValue,
  engineClosed,
  wrongKind,
} from '../request-checks.js';
import { CounterState, type Entry, WindowState } from './entry.js';
import { addMembers, deleteFields, findMembers, readFields, writeFields } from './members.js';
import { MemorySpace } from './memory-space.js';

/** Estimated memory of all keys by default: about a million reservations. */
export const MEMORY_BYTES_MAX_DEFAULT = 256 * 1024 * 1024;
const COUNTER_BYTES = 64;

export interface MemoryCoordinationOptions {
  readonly clock: Clock;
  /** Estimated memory of all keys, bytes; default 256 MiB. Beyond it: see memory-space. */
  readonly bytesMax?: number;
  /** Told what a listener threw; default: a warning of the process. */
  readonly onListenerError?: ListenerErrorHandler;
}

/** What the engine holds now. */
export interface MemoryUse {
  readonly keys: number;
  /** Estimate. */
  readonly bytes: number;
}

export interface MemoryCoordination extends Coordination {
  readonly scope: 'process';
  use(): MemoryUse;
}

/** Coordination that lives and dies with this process. No timers; time comes from the clock. */
export const createMemoryCoordination = (options: MemoryCoordinationOptions): MemoryCoordination =>
  new MemoryEngine(options);

const warn: ListenerErrorHandler = (thrown, channel) => {
  process.emitWarning(`a listener of the coordination channel ${channel} threw: ${String(thrown)}`);
};

class MemoryEngine implements MemoryCoordination {
  readonly scope = 'process';
  readonly #space: MemorySpace;
  readonly #channels: Channels;
  #isClosed = false;

  constructor(options: MemoryCoordinationOptions) {
    this.#space = new MemorySpace(options.clock, options.bytesMax ?? MEMORY_BYTES_MAX_DEFAULT);
    this.#channels = new Channels(options.onListenerError ?? warn);
  }

  use(): MemoryUse {
    return { keys: this.#space.size, bytes: this.#space.bytes };
  }

  async life(): Promise<Life> {
    this.#beginIfOpen();
    return this.#space.life();
  }

  async reserveNext(options: ReserveOptions): Promise<Reservation> {
    const { counter, reservation, note, ttlMs } = options;
    this.#begin(counter);
    if (reservation !== undefined) {
      checkKey(reservation);
      checkSameTag(counter, reservation);
      checkTtl(ttlMs);
      const known = this.#value(reservation);
      if (known !== undefined) return { kind: 'existing', value: known };
    }
    const entry = this.#space.find(counter);
    if (entry === undefined) return { kind: 'exhausted' };
    const state = counterOf(entry);
    if (state.next > state.last) return { kind: 'exhausted' };
    const number = state.next;
    if (reservation !== undefined) {
      const value = `${number} ${note}`;
      checkValue(value);
      this.#space.add(reservation, value, value.length, ttlMs);
    }
    state.next = number + 1n;
    this.#space.expireAfter(entry, COUNTER_IDLE_MS);
    return { kind: 'fresh', number };
  }

  async seedCounter(counter: string, first: bigint, last: bigint): Promise<void> {
    this.#begin(counter);
    checkCounterRange(first, last);
    this.#seed(counter, first, last);
  }

  async seedCounterOnce({ counter, first, last, lease }: LeasedSeed): Promise<boolean> {
    this.#begin(counter);
    checkKey(lease.key);
    checkSameTag(counter, lease.key);
    checkCounterRange(first, last);
    if (this.#value(lease.key) !== lease.value) return false;
    this.#seed(counter, first, last);
    const entry = this.#space.find(lease.key);
    if (entry !== undefined) this.#space.remove(entry);
    return true;
  }

  #seed(counter: string, first: bigint, last: bigint): void {
    const entry = this.#space.find(counter);
    if (entry === undefined) {
      this.#space.add(counter, new CounterState(first, last), COUNTER_BYTES, COUNTER_IDLE_MS);
      return;
    }
    const state = counterOf(entry);
    if (state.last >= first) return;
    if (state.last + 1n < first) state.next = first;
    state.last = last;
    this.#space.expireAfter(entry, COUNTER_IDLE_MS);
  }

  async get(key: string): Promise<string | undefined> {
    this.#begin(key);
    return this.#value(key);
  }

  async set(key: string, value: string, ttlMs?: number): Promise<void> {
    this.#begin(key);
    this.#put(key, value, ttlMs);
  }

  async putIfAbsent(key: string, value: string, ttlMs?: number): Promise<string> {
    this.#begin(key);
    const known = this.#value(key);
    if (known !== undefined) return known;
    this.#put(key, value, ttlMs);
    return value;
  }

  async replace(key: string, expected: string | undefined, value: string, ttlMs: number): Promise<boolean> {
    this.#begin(key);
    if (this.#value(key) !== expected) return false;
    this.#put(key, value, ttlMs);
    return true;
  }

  async delete(key: string): Promise<void> {
    this.#begin(key);
    const entry = this.#space.find(key);
    if (entry !== undefined) this.#space.remove(entry);
  }

  async hashSet(key: string, fields: Hash): Promise<void> {
    this.#begin(key);
    writeFields(this.#space, key, fields);
  }

  async hashDelete(key: string, fields: readonly string[]): Promise<void> {
    this.#begin(key);
    deleteFields(this.#space, key, fields);
  }

  async hashGetAll(key: string): Promise<Hash> {
    this.#begin(key);
    return readFields(this.#space, key);
  }

  async hashGetMany(keys: readonly string[]): Promise<Hash[]> {
    this.#beginIfOpen();
    checkHashReads(keys);
    return keys.map((key) => readFields(this.#space, key));
  }

  async setAdd(key: string, members: readonly string[], ttlMs: number): Promise<void> {
    this.#begin(key);
    addMembers(this.#space, key, members, ttlMs);
  }

  async setHas(key: string, members: readonly string[]): Promise<boolean[]> {
    this.#begin(key);
    return findMembers(this.#space, key, members);
  }

  async countInWindow(key: string, amount: number, windowMs: number): Promise<number> {
    this.#begin(key);
    checkAmount(amount);
    checkTtl(windowMs);
    const entry = this.#space.find(key) ?? this.#space.add(key, new WindowState(), 0, windowMs);
    if (!(entry.payload instanceof WindowState)) throw wrongKind();
    entry.payload.count += amount;
    return entry.payload.count;
  }

  async publish(channel: string, message: string): Promise<void> {
    this.#begin(channel);
    checkValue(message);
    this.#channels.publish(channel, message);
  }

  async subscribe(channel: string, listener: (message: string) => void): Promise<ChannelSubscription> {
    this.#begin(channel);
    return this.#channels.subscribe(channel, listener);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#channels.close();
    this.#space.clear();
  }

  #begin(key: string): void {
    this.#beginIfOpen();
    checkKey(key);
  }

  #beginIfOpen(): void {
    if (this.#isClosed) throw engineClosed();
    this.#space.begin();
  }

  #value(key: string): string | undefined {
    const payload = this.#space.find(key)?.payload;
    if (payload !== undefined && typeof payload !== 'string') throw wrongKind();
    return payload;
  }

  #put(key: string, value: string, ttlMs: number | undefined): void {
    checkValue(value);
    if (ttlMs !== undefined) checkTtl(ttlMs);
    const entry = this.#space.find(key);
    if (entry === undefined) {
      this.#space.add(key, value, value.length, ttlMs);
      return;
    }
    if (typeof entry.payload !== 'string') throw wrongKind();
    this.#space.grow(entry, value.length - entry.payload.length);
    entry.payload = value;
    this.#space.expireAfter(entry, ttlMs);
  }
}

function counterOf(entry: Entry): CounterState {
  if (entry.payload instanceof CounterState) return entry.payload;
  throw wrongKind();
}
