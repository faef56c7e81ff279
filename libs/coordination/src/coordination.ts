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

/** Fields of a hash; values are short texts. */
export type Hash = Readonly<Record<string, string>>;

export interface ChannelSubscription {
  close(): Promise<void>;
}

/**
 * Counters, expiring values, hashes, sets, leases and channels. Every operation is atomic.
 * Keys that one operation names together must share a `{tag}` (Redis Cluster).
 * Keys and values are at most 4 KiB, sets and hashes at most 10,000 members. Failures reject
 * with ChatError UNAVAILABLE; whether the operation happened is then unknown.
 */
export interface Coordination {
  /**
   * `process`: the state lives and dies with this process, so a missing counter
   * means that nobody else can hold a number of it. `cluster`: shared.
   */
  readonly scope: 'process' | 'cluster';

  /** Takes the counter's next number unless the reservation exists already; one step, one round trip. */
  reserveNext(options: ReserveOptions): Promise<Reservation>;
  /**
   * Lets the counter run from `first` to `last`. Does nothing when the counter
   * has numbers at or above `first` already.
   */
  seedCounter(counter: string, first: bigint, last: bigint): Promise<void>;

  get(key: string): Promise<string | undefined>;
  /** Undefined ttl: no expiry. */
  set(key: string, value: string, ttlMs?: number): Promise<void>;
  /** Stores the value if there is none. Answers the value that stands afterwards. */
  putIfAbsent(key: string, value: string, ttlMs?: number): Promise<string>;
  /** Replaces `expected` (undefined: absent). Answers whether it did. */
  replace(key: string, expected: string | undefined, value: string, ttlMs: number): Promise<boolean>;
  delete(key: string): Promise<void>;

  hashSet(key: string, fields: Hash): Promise<void>;
  hashDelete(key: string, fields: readonly string[]): Promise<void>;
  hashGetAll(key: string): Promise<Hash>;
  /** As many hashes at once, in the order asked; an absent one is empty. At most 1,000. */
  hashGetMany(keys: readonly string[]): Promise<Hash[]>;

  /** Adds members and sets the set's expiry anew. */
  setAdd(key: string, members: readonly string[], ttlMs: number): Promise<void>;
  /** Which of the members are in the set, in the order asked. */
  setHas(key: string, members: readonly string[]): Promise<boolean[]>;

  /** Counts up a window counter and answers the count; the window starts with its first call. */
  countInWindow(key: string, amount: number, windowMs: number): Promise<number>;

  /** At most once, to whoever is subscribed now, in order per publisher. */
  publish(channel: string, message: string): Promise<void>;
  subscribe(channel: string, listener: (message: string) => void): Promise<ChannelSubscription>;

  close(): Promise<void>;
}
