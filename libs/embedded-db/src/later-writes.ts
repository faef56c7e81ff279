import { asBuffer } from './bytes.js';
import type { SpaceWrites } from './space-writes.js';

interface Waiting<S> {
  readonly space: S;
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** Writes without a promise: the latest value per key, until a commit takes them along. */
export class LaterWrites<S> {
  #bySpace = new Map<S, Map<string, Waiting<S>>>();

  get isEmpty(): boolean {
    return this.#bySpace.size === 0;
  }

  set(space: S, key: Uint8Array, value: Uint8Array): void {
    let ofSpace = this.#bySpace.get(space);
    if (!ofSpace) {
      ofSpace = new Map();
      this.#bySpace.set(space, ofSpace);
    }
    ofSpace.set(asBuffer(key).toString('latin1'), { space, key, value });
  }

  /** Hands everything over. */
  moveTo(writesOf: (space: S) => SpaceWrites): void {
    for (const [space, ofSpace] of this.#bySpace) {
      const writes = writesOf(space);
      for (const { key, value } of ofSpace.values()) writes.add(key, value);
    }
    this.#bySpace = new Map();
  }
}
