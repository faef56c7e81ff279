// What a cluster shares: the memory engine seen by several nodes, whose state can be lost.
import { type Coordination, createMemoryCoordination } from '@parley/coordination';
import type { Clock } from '@parley/kernel';

export class SharedCoordination {
  #engine: Coordination;

  constructor(private readonly clock: Clock) {
    this.#engine = createMemoryCoordination({ clock });
  }

  /** Everything is forgotten, as when Redis is flushed. */
  lose(): void {
    this.#engine = createMemoryCoordination({ clock: this.clock });
  }

  /** The port as one node sees it. */
  view(): Coordination {
    return new Proxy({} as Coordination, {
      get: (_, name) => {
        if (name === 'scope') return 'cluster';
        if (name === 'close') return async () => undefined;
        if (typeof Reflect.get(this.#engine, name) !== 'function') return undefined;
        // A call that was held up meets the state of its own time.
        return (...args: unknown[]) => Reflect.apply(Reflect.get(this.#engine, name), this.#engine, args);
      },
    });
  }
}
