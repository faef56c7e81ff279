import { asBuffer } from './bytes.js';

/** What {@link SpaceWrites.find} answers when the key is not among the writes. */
export const NOT_WRITTEN = Symbol('not written');

/**
 * Writes of one sub-database in order, with a look-up that costs nothing
 * until somebody asks: the index is built on the first question.
 */
export class SpaceWrites {
  readonly keys: Uint8Array[] = [];
  /** Undefined: the key is removed. */
  readonly values: (Uint8Array | undefined)[] = [];
  #index: Map<string, number> | undefined;
  #indexed = 0;

  add(key: Uint8Array, value: Uint8Array | undefined): void {
    this.keys.push(key);
    this.values.push(value);
  }

  addAll(other: SpaceWrites): void {
    for (let i = 0; i < other.keys.length; i++) {
      this.keys.push(other.keys[i] as Uint8Array);
      this.values.push(other.values[i]);
    }
  }

  /** The last write of the key: its value, undefined for a removal, or {@link NOT_WRITTEN}. */
  find(key: Uint8Array): Uint8Array | undefined | typeof NOT_WRITTEN {
    if (this.keys.length === 0) return NOT_WRITTEN;
    this.#index ??= new Map();
    for (; this.#indexed < this.keys.length; this.#indexed++) {
      this.#index.set(asBuffer(this.keys[this.#indexed] as Uint8Array).toString('latin1'), this.#indexed);
    }
    const position = this.#index.get(asBuffer(key).toString('latin1'));
    return position === undefined ? NOT_WRITTEN : this.values[position];
  }
}
