// A bounded copy of rows in memory that notices keep fresh.
import type { Clock } from '@parley/kernel';
import { LRUCache } from 'lru-cache';

export interface NoticedCacheOptions {
  readonly entriesMax: number;
  /** Bounds how long a change may go unseen when its notice was lost. */
  readonly ttlMs: number;
  readonly clock: Clock;
}

/**
 * Loads what it does not know, once for all who ask at the same time. A value that was being
 * loaded when it was forgotten is answered to those who asked before, and not kept.
 */
export class NoticedCache<K extends string | number, V> {
  readonly #known: LRUCache<K, { readonly value: V }>;
  readonly #loading = new Map<K, Promise<V>>();

  constructor({ entriesMax, ttlMs, clock }: NoticedCacheOptions) {
    this.#known = new LRUCache({ max: entriesMax, ttl: ttlMs, ttlResolution: 0, perf: clock });
  }

  /** `isKept` decides whether a loaded value may be kept; default: always. */
  async get(key: K, load: () => Promise<V>, isKept: (value: V) => boolean = () => true): Promise<V> {
    const known = this.#known.get(key);
    if (known !== undefined) return known.value;
    const loading = this.#loading.get(key) ?? this.#load(key, load, isKept);
    return loading;
  }

  forget(key: K): void {
    this.#known.delete(key);
    this.#loading.delete(key);
  }

  #load(key: K, load: () => Promise<V>, isKept: (value: V) => boolean): Promise<V> {
    const loading = load().then(
      (value) => {
        if (this.#finish(key, loading) && isKept(value)) this.#known.set(key, { value });
        return value;
      },
      (thrown: unknown) => {
        this.#finish(key, loading);
        throw thrown;
      },
    );
    this.#loading.set(key, loading);
    return loading;
  }

  /** False when the key was forgotten meanwhile. */
  #finish(key: K, loading: Promise<V>): boolean {
    if (this.#loading.get(key) !== loading) return false;
    this.#loading.delete(key);
    return true;
  }
}
