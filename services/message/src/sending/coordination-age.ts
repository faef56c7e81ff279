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
   * Since when coordination remembers, as asked within the last second.
   * A state that lives and dies with this process is asked once. Rejects with UNAVAILABLE when coordination is away.
   */
  bornAtMs(): Promise<number> {
    const isStale = this.coordination.scope === 'cluster' && this.clock.now() - this.#askedAtMs >= TRUST_MS;
    return this.#bornAtMs === undefined || isStale ? this.look() : Promise.resolve(this.#bornAtMs);
  }

  /**
   * Asks now: after a sign that the state was lost. An answer that bornAtMs() gave before means that
   * everything in between happened in one state.
   */
  async look(): Promise<number> {
    const now = this.clock.now();
    const born = Number(await this.coordination.putIfAbsent(BORN_KEY, `${now}`));
    this.#bornAtMs = Number.isSafeInteger(born) ? born : now;
    this.#askedAtMs = now;
    return this.#bornAtMs;
  }
}
