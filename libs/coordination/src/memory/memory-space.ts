// All keys of one memory engine: what is live, what has ended, and how much there may be.
//
// Expired entries are never seen: every read looks at the time. Removing them is
// done a little with every operation. When memory runs out, plain values with a
// long time to live are given up, those nearest to their end first (they are the
// memory of retries, which the tables can answer too); when none is left, new things are refused.
import { randomUUID } from 'node:crypto';
import type { Clock } from '@parley/kernel';
import type { Life } from '../coordination.js';
import { engineFull } from '../request-checks.js';
import { Entry, type Payload } from './entry.js';
import { ExpiryQueue } from './expiry-queue.js';

/** A value that lives at least this long may be given up under pressure, ms. */
export const EXPENDABLE_TTL_MS = 10 * 60 * 1000;
/** Estimate of what an entry costs beside its texts: object, map slots, links. */
const ENTRY_BYTES = 200;
const SWEEP_ENTRIES_PER_CALL = 64;
const EXPIRING_BUCKET_MS = 1_000;
const EXPENDABLE_BUCKET_MS = 60_000;

export class MemorySpace {
  readonly #entries = new Map<string, Entry>();
  readonly #expiring = new ExpiryQueue(EXPIRING_BUCKET_MS);
  readonly #expendable = new ExpiryQueue(EXPENDABLE_BUCKET_MS);
  readonly #id = randomUUID();
  #bytes = 0;
  /** Of the operation: it has one time, however many keys it looks at. */
  #nowMs: number;
  /** Since nothing was given up. */
  #wholeSinceMs: number;
  #givenUp = 0;

  constructor(
    private readonly clock: Clock,
    private readonly bytesMax: number,
  ) {
    this.#nowMs = clock.now();
    this.#wholeSinceMs = this.#nowMs;
  }

  life(): Life {
    const ageMs = Math.max(0, this.#nowMs - this.#wholeSinceMs);
    return { id: `${this.#id} ${this.#givenUp}`, ageMs };
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Estimate. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The live entry of a key. */
  find(key: string): Entry | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined || entry.expiresAtMs > this.#nowMs) return entry;
    this.remove(entry);
    return undefined;
  }

  /**
   * Stores a payload under a key that has none.
   * @throws ChatError OVERLOADED; nothing is stored then.
   */
  add(key: string, payload: Payload, payloadBytes: number, ttlMs: number | undefined): Entry {
    const bytes = ENTRY_BYTES + key.length + payloadBytes;
    this.#makeRoom(bytes);
    const entry = new Entry(key, payload);
    entry.bytes = bytes;
    this.#bytes += bytes;
    this.#entries.set(key, entry);
    this.expireAfter(entry, ttlMs);
    return entry;
  }

  /** @throws ChatError OVERLOADED; call it before the payload grows. */
  grow(entry: Entry, bytes: number): void {
    // Out of its queue meanwhile, so that making room cannot give up the entry itself.
    const { queue } = entry;
    queue?.remove(entry);
    try {
      this.#makeRoom(bytes);
    } finally {
      queue?.file(entry);
    }
    entry.bytes += bytes;
    this.#bytes += bytes;
  }

  shrink(entry: Entry, bytes: number): void {
    entry.bytes -= bytes;
    this.#bytes -= bytes;
  }

  /** Undefined: the entry does not expire. */
  expireAfter(entry: Entry, ttlMs: number | undefined): void {
    if (ttlMs === undefined) {
      entry.queue?.remove(entry);
      entry.expiresAtMs = Number.POSITIVE_INFINITY;
      return;
    }
    entry.expiresAtMs = this.#nowMs + ttlMs;
    const isExpendable = typeof entry.payload === 'string' && ttlMs >= EXPENDABLE_TTL_MS;
    (isExpendable ? this.#expendable : this.#expiring).file(entry);
  }

  remove(entry: Entry): void {
    entry.queue?.remove(entry);
    this.#entries.delete(entry.key);
    this.#bytes -= entry.bytes;
  }

  /** Called as every operation begins: reads the clock for it, and frees some of what has ended. */
  begin(): void {
    const now = this.clock.now();
    this.#nowMs = now;
    for (let left = SWEEP_ENTRIES_PER_CALL; left > 0; left--) {
      const entry = this.#expiring.nextDue(now) ?? this.#expendable.nextDue(now);
      if (entry === undefined) return;
      this.remove(entry);
    }
  }

  clear(): void {
    this.#entries.clear();
    this.#bytes = 0;
  }

  #makeRoom(bytes: number): void {
    while (this.#bytes + bytes > this.bytesMax) {
      const entry = this.#expendable.first();
      if (entry === undefined) throw engineFull();
      this.remove(entry);
      this.#wholeSinceMs = this.#nowMs;
      this.#givenUp += 1;
    }
  }
}
