// How long coordination has remembered without a break.
import type { Coordination } from '@parley/coordination';
import type { Clock } from '@parley/kernel';

/** Of a coordination that vouches for no life of its own. */
const BORN_KEY = 'message:born';
/** A shared coordination may lose its state at any time; so old an answer is not trusted. */
const TRUST_MS = 1_000;

/** One state of coordination, from when it is known to remember. */
export interface Remembrance {
  /** The same before and after means that everything in between happened in one state. */
  readonly id: string;
  /** Since when, by this process's clock, ms; never earlier than the truth. */
  readonly sinceMs: number;
  /** Whether what it does not know now cannot have been known to it since then, but for what has come to its end. */
  readonly isUnbroken: boolean;
}

export class CoordinationAge {
  #last: Remembrance | undefined;
  #askedAtMs = 0;

  constructor(
    private readonly coordination: Coordination,
    private readonly clock: Clock,
  ) {}

  /** As look(), of a shared state as asked within the last second. */
  recent(): Promise<Remembrance> {
    const isTrusted = this.coordination.scope === 'cluster' && this.clock.now() - this.#askedAtMs < TRUST_MS;
    return this.#last === undefined || !isTrusted ? this.look() : Promise.resolve(this.#last);
  }

  /** Asks now. Rejects with UNAVAILABLE when coordination is away. */
  async look(): Promise<Remembrance> {
    const askedAtMs = this.clock.now();
    const life = await this.coordination.life();
    this.#last =
      life === undefined
        ? await this.#lookAtBirth()
        : { id: life.id, sinceMs: this.clock.now() - life.ageMs, isUnbroken: true };
    this.#askedAtMs = askedAtMs;
    return this.#last;
  }

  /** Says only since when one key has been there: others may have been lost with another node. */
  async #lookAtBirth(): Promise<Remembrance> {
    const now = this.clock.now();
    const born = Number(await this.coordination.putIfAbsent(BORN_KEY, `${now}`));
    const sinceMs = Number.isSafeInteger(born) ? born : now;
    return { id: `${sinceMs}`, sinceMs, isUnbroken: false };
  }
}
