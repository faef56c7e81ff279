// What the database remembers of the journal's files, so that bytes or files that go missing are noticed.
//
//   `first`     number of the first segment u48: written before a segment is deleted
//   `newest`    number u48 · durable bytes u48: follows within about a second, and exactly at an orderly end
import type { ByteSpace } from '@parley/embedded-db';

export const JOURNAL_SPACE = 'log-journal';
const FIRST = Buffer.from('first');
const NEWEST = Buffer.from('newest');

/** A segment that was there, and how much of it was durable. */
export interface KnownNewest {
  readonly number: number;
  readonly durableBytes: number;
}

export class JournalState {
  readonly #space: ByteSpace;

  constructor(space: ByteSpace) {
    this.#space = space;
  }

  /** Segments below it may be there or not; undefined: there never was a journal. */
  get first(): number | undefined {
    return this.#space.get(FIRST)?.readUIntBE(0, 6);
  }

  saveFirst(number: number): Promise<void> {
    const value = Buffer.allocUnsafe(6);
    value.writeUIntBE(number, 0, 6);
    return this.#space.put(FIRST, value);
  }

  /** Undefined: none is known. */
  get newest(): KnownNewest | undefined {
    const value = this.#space.get(NEWEST);
    return value && { number: value.readUIntBE(0, 6), durableBytes: value.readUIntBE(6, 6) };
  }

  saveNewest({ number, durableBytes }: KnownNewest): void {
    const value = Buffer.allocUnsafe(12);
    value.writeUIntBE(number, 0, 6);
    value.writeUIntBE(durableBytes, 6, 6);
    this.#space.putLater(NEWEST, value);
  }
}
