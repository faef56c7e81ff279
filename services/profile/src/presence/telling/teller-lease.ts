// One process of all tells; where two believe that they do, compare-and-set on what was told decides (see TellChange).
import { randomUUID } from 'node:crypto';
import type { Coordination } from '@parley/coordination';

const KEY = 'presence-teller';
/** After the holder's death somebody else tells. */
const LEASE_MS = 10_000;

export type Hold = 'kept' | 'taken' | 'not held';

export class TellerLease {
  readonly #id = randomUUID();
  #isHeld = false;

  constructor(private readonly coordination: Coordination) {}

  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Keeps it or takes it. `taken`: another process may have told meanwhile. */
  async hold(): Promise<Hold> {
    const wasHeld = this.#isHeld;
    this.#isHeld = false;
    if (wasHeld && (await this.coordination.replace(KEY, this.#id, this.#id, LEASE_MS))) {
      this.#isHeld = true;
      return 'kept';
    }
    this.#isHeld = (await this.coordination.putIfAbsent(KEY, this.#id, LEASE_MS)) === this.#id;
    return this.#isHeld ? 'taken' : 'not held';
  }

  async release(): Promise<void> {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    await this.coordination.replace(KEY, this.#id, '', 1);
  }
}
