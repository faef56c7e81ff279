// The port: fast shared facts that can be rebuilt. Everything here may be lost
// at any moment; nothing durable may depend on it alone.

/** What {@link Coordination.reserveNext} decided. */
export type Reservation =
  /** A new number, and the reservation now holds it. */
  | { readonly kind: 'fresh'; readonly number: bigint }
  /** The reservation existed; its value as it was stored. */
  | { readonly kind: 'existing'; readonly value: string }
  /** The counter is missing or used up: seed it and ask again. Nothing was reserved. */
  | { readonly kind: 'exhausted' };

export interface ReserveOptions {
  readonly counter: string;
  /** Undefined: take a number without remembering anything. */
  readonly reservation?: string;
  /** Stored as `<number> <note>`. */
  readonly note: string;
  readonly ttlMs: number;
}

export interface LeasedSeed {
  readonly counter: string;
  readonly first: bigint;
  readonly last: bigint;
  /** A value that the caller put, and that nobody else puts. */
  readonly lease: { readonly key: string; readonly value: string };
}

/** Fields of a hash; values are short texts. */
export type Hash = Readonly<Record<string, string>>;

/** A time in which the state forgot nothing before its end. */
export interface Life {
  /** No other life has it, of this state or another. */
  readonly id: string;
  /** How long it has lasted, by the engine's clock, ms: at most the truth, for the first question begins the measure. */
  readonly ageMs: number;
}

export interface ChannelSubscription {
  close(): Promise<void>;
}

/**
 * Counters, expiring values, hashes, sets, leases and channels. Every operation is atomic.
 * Keys that one operation names together must share a `{tag}` (Redis Cluster); only
 * hashGetMany may name any keys, and reads each of them atomically.
 * Keys and values are at most 4 KiB, sets and hashes at most 10,000 members. Times to live are
 * whole milliseconds, at least 1. A key holds one kind of thing at a time; asking it for another kind is a mistake.
 * Failures reject with ChatError UNAVAILABLE; whether the operation happened is then unknown.
 * OVERLOADED: the set, hash or whole engine is full; nothing happened. INTERNAL: the caller's
 * mistake (sizes, tags, kinds, times); nothing happened.
 */
export interface Coordination {
  /**
   * `process`: the state lives and dies with this process, so a missing counter
   * means that nobody else can hold a number of it. `cluster`: shared.
   */
  readonly scope: 'process' | 'cluster';

  /**
   * The present life of the state. Another begins when anything of it may have been lost: with the engine's process, with
   * a state that came from a snapshot, with the promotion of a replica, with an emptied database, and when the engine gave
   * something up for want of memory. An `id` that stands before and after some operations means that all of
   * them met one state. Undefined: the engine cannot say, as nobody can for several nodes that fail one by one.
   */
  life(): Promise<Life | undefined>;

  /**
   * Takes the counter's next number unless the reservation exists already; one step, one round trip.
   * The reservation is an ordinary value: get, replace and delete work on it. An existing one keeps its expiry.
   */
  reserveNext(options: ReserveOptions): Promise<Reservation>;
  /**
   * Lets the counter run from `first` to `last`. Does nothing when the counter
   * has numbers at or above `first` already, given out or not. A range that begins where the
   * counter ends prolongs it; one further above replaces what is left. It never goes back.
   * Numbers are 1 to 2^63-1. A counter that nobody used for an hour may be forgotten.
   */
  seedCounter(counter: string, first: bigint, last: bigint): Promise<void>;

  /**
   * seedCounter for the holder of a lease, in one step: answers false and does nothing when the lease does not
   * stand any more, be it expired, lost with the rest of the state or another's; else deletes it.
   */
  seedCounterOnce(seed: LeasedSeed): Promise<boolean>;

  get(key: string): Promise<string | undefined>;
  /** Undefined ttl: no expiry. The expiry that the key had is over in both cases. */
  set(key: string, value: string, ttlMs?: number): Promise<void>;
  /** Stores the value if there is none. Answers the value that stands afterwards. */
  putIfAbsent(key: string, value: string, ttlMs?: number): Promise<string>;
  /** Replaces `expected` (undefined: absent). Answers whether it did. */
  replace(key: string, expected: string | undefined, value: string, ttlMs: number): Promise<boolean>;
  /** Of whatever kind. Deleting what is absent is no failure. */
  delete(key: string): Promise<void>;

  /** Writes these fields, leaves the others. A hash does not expire; it ends with its last field. */
  hashSet(key: string, fields: Hash): Promise<void>;
  hashDelete(key: string, fields: readonly string[]): Promise<void>;
  hashGetAll(key: string): Promise<Hash>;
  /** As many hashes at once, in the order asked; an absent one is empty. At most 1,000. */
  hashGetMany(keys: readonly string[]): Promise<Hash[]>;

  /** Adds members and sets the set's expiry anew. No members: an existing set's expiry only. */
  setAdd(key: string, members: readonly string[], ttlMs: number): Promise<void>;
  /** Which of the members are in the set, in the order asked. */
  setHas(key: string, members: readonly string[]): Promise<boolean[]>;

  /**
   * Counts up a window counter and answers the count; the window starts with its first call and
   * keeps the length that was given there. `amount` is a whole number, at least 0.
   */
  countInWindow(key: string, amount: number, windowMs: number): Promise<number>;

  /** At most once, to whoever is subscribed now, in order per publisher. */
  publish(channel: string, message: string): Promise<void>;
  /**
   * In effect when it resolves; over when the subscription's close() resolves. Listeners run one after the
   * other, never inside the publisher's call, and must not throw; one that does harms no other.
   */
  subscribe(channel: string, listener: (message: string) => void): Promise<ChannelSubscription>;

  /** Ends all subscriptions; what is asked later rejects with UNAVAILABLE. Idempotent. */
  close(): Promise<void>;
}
