// One process of all tells; where two believe that they do, compare-and-set on what was told decides (see TellChange).
import { randomUUID } from 'node:crypto';
import type { Coordination } from '@parley/coordination';

const KEY = 'presence-teller';
/** After the holder's death somebody else tells. */
const LEASE_MS = 10_000;

export class TellerLease {
  readonly #id = randomUUID();
  #isHeld = false;

  constructor(private readonly coordination: Coordination) {}

  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Takes it or keeps it; answers whether this process tells. */
  async hold(): Promise<boolean> {
    const wasHeld = this.#isHeld;
    this.#isHeld = false;
    this.#isHeld =
      (wasHeld && (await this.coordination.replace(KEY, this.#id, this.#id, LEASE_MS))) ||
      (await this.coordination.putIfAbsent(KEY, this.#id, LEASE_MS)) === this.#id;
    return this.#isHeld;
  }

  async release(): Promise<void> {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    await this.coordination.replace(KEY, this.#id, '', 1);
  }
}
