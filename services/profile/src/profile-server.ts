// The running profile service: starts its parts in order and stops them in reverse.
import type { ReadyState, Service } from '@parley/runtime';
import type { ServicePart } from './part.js';

export class ProfileServer implements Service {
  readonly registrations;
  #state: 'built' | 'running' | 'stopped' = 'built';

  constructor(
    private readonly parts: readonly ServicePart[],
    /** Frees what wired the parts together. */
    private readonly close: () => Promise<void>,
  ) {
    this.registrations = parts.flatMap((part) => part.registrations);
  }

  async start(): Promise<void> {
    for (const part of this.parts) await part.start();
    this.#state = 'running';
  }

  ready(): ReadyState {
    if (this.#state === 'running') return { isReady: true };
    return { isReady: false, reason: `the profile service is ${this.#state}` };
  }

  /** Calls in flight end by themselves; nobody has to be handed over. */
  async drain(): Promise<void> {}

  async stop(): Promise<void> {
    if (this.#state === 'stopped') return;
    this.#state = 'stopped';
    for (const part of [...this.parts].reverse()) await part.stop();
    await this.close();
  }
}
