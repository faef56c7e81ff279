// Entries by the time at which they end, in buckets of equal width. Each entry is
// linked into exactly one bucket, so memory is bounded by the entries themselves,
// however often they are renewed; nothing here has a timer.
import type { Entry } from './entry.js';

export class ExpiryQueue {
  /** First entry of each bucket that has any. */
  readonly #buckets = new Map<number, Entry>();
  /** No bucket lies below it. */
  #lowest = Number.POSITIVE_INFINITY;

  constructor(private readonly widthMs: number) {}

  /** Puts the entry where its expiresAtMs belongs, taking it from wherever it was. */
  file(entry: Entry): void {
    const bucket = Math.floor(entry.expiresAtMs / this.widthMs);
    if (entry.queue === this && entry.bucket === bucket) return;
    entry.queue?.remove(entry);
    const head = this.#buckets.get(bucket);
    entry.queue = this;
    entry.bucket = bucket;
    entry.next = head;
    if (head !== undefined) head.previous = entry;
    this.#buckets.set(bucket, entry);
    if (bucket < this.#lowest) this.#lowest = bucket;
  }

  /** The entry must be in this queue. */
  remove(entry: Entry): void {
    const { previous, next } = entry;
    if (next !== undefined) next.previous = previous;
    if (previous !== undefined) previous.next = next;
    else if (next !== undefined) this.#buckets.set(entry.bucket, next);
    else this.#buckets.delete(entry.bucket);
    entry.queue = undefined;
    entry.previous = undefined;
    entry.next = undefined;
  }

  /** An entry whose whole bucket has ended; undefined when there is none. */
  nextDue(nowMs: number): Entry | undefined {
    const current = Math.floor(nowMs / this.widthMs);
    if (this.#lowest >= current) return undefined;
    const lowest = this.#findLowest();
    return lowest < current ? this.#buckets.get(lowest) : undefined;
  }

  /** An entry that ends first, give or take a bucket; undefined when there is none. */
  first(): Entry | undefined {
    return this.#buckets.get(this.#findLowest());
  }

  #findLowest(): number {
    if (this.#buckets.has(this.#lowest)) return this.#lowest;
    let lowest = Number.POSITIVE_INFINITY;
    for (const bucket of this.#buckets.keys()) if (bucket < lowest) lowest = bucket;
    this.#lowest = lowest;
    return lowest;
  }
}
