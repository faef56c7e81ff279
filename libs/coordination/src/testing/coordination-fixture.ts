// What an engine brings to the contract suite.
import type { Coordination } from '../coordination.js';

export interface CoordinationFixture {
  readonly coordination: Coordination;
  /** Another client of the same state, where the engine knows such; else the same object. */
  readonly other: Coordination;
  /**
   * Lets `ms` pass for the engine and resolves when it has: by moving an injected clock, or by
   * waiting. The suite keeps 700 ms of slack, so real time may run beside it.
   */
  advance(ms: number): Promise<void>;
  /** Called once, after the last test. */
  close(): Promise<void>;
}

export type CoordinationFactory = () => Promise<CoordinationFixture>;

/** The suite's tool: one fixture for all its tests, and names that nobody else uses. */
export class ContractSpace {
  #fixture: CoordinationFixture | undefined;
  #names = 0;
  readonly #run = `contract-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`;

  constructor(private readonly factory: CoordinationFactory) {}

  async open(): Promise<void> {
    this.#fixture = await this.factory();
  }

  async close(): Promise<void> {
    await this.#fixture?.close();
  }

  get one(): Coordination {
    return this.#opened().coordination;
  }

  get other(): Coordination {
    return this.#opened().other;
  }

  advance(ms: number): Promise<void> {
    return this.#opened().advance(ms);
  }

  /** A fresh fixture, for tests that close it. */
  fresh(): Promise<CoordinationFixture> {
    return this.factory();
  }

  name(): string {
    this.#names += 1;
    return `${this.#run}:${this.#names}`;
  }

  /** Two keys that one operation may name. */
  pair(): { counter: string; reservation: string } {
    const tag = this.name();
    return { counter: `seq:{${tag}}`, reservation: `send:{${tag}}` };
  }

  #opened(): CoordinationFixture {
    if (this.#fixture === undefined) throw new Error('the fixture is not open');
    return this.#fixture;
  }
}

/** Times of the suite, ms: something that lives TTL_MS still lives after a STEP_MS and is gone after another TTL_MS. */
export const TTL_MS = 1_000;
export const STEP_MS = 300;
/** Longer than any test takes. */
export const LONG_MS = 600_000;
