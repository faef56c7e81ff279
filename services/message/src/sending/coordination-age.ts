// How long coordination has remembered without a break.
import type { Coordination } from '@parley/coordination';
import type { Clock } from '@parley/kernel';

const BORN_KEY = 'message:born';
/** A shared coordination may lose its state at any time; so old an answer is not trusted. */
const TRUST_MS = 1_000;

export class CoordinationAge {
  #bornAtMs: number | undefined;
  #askedAtMs = 0;

  constructor(
    private readonly coordination: Coordination,
    private readonly clock: Clock,
  ) {}

  /**
   * Age of what coordination remembers, ms. A state that lives and dies with this process is asked once.
   * Rejects with UNAVAILABLE when coordination is away.
   */
  async ageMs(): Promise<number> {
    const now = this.clock.now();
    const isStale = this.coordination.scope === 'cluster' && now - this.#askedAtMs >= TRUST_MS;
    if (this.#bornAtMs === undefined || isStale) await this.look();
    return Math.max(0, this.clock.now() - (this.#bornAtMs ?? now));
  }

  /** Asks now: after a sign that the state was lost. */
  async look(): Promise<void> {
    const now = this.clock.now();
    const born = Number(await this.coordination.putIfAbsent(BORN_KEY, `${now}`));
    this.#bornAtMs = Number.isSafeInteger(born) ? born : now;
    this.#askedAtMs = now;
  }
}
