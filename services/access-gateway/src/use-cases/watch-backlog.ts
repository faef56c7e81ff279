// Bounds what waits for all slow readers together: each is bounded by itself, but
// a node has many, and they share its memory.
import type { Connection } from '../connections/connection.js';
import type { ConnectionCloser } from '../connections/connection-closer.js';
import { BACKLOG_BYTES, type Outbox } from '../connections/outbox.js';

export interface BacklogWatchOptions {
  readonly outbox: Outbox;
  readonly closer: Pick<ConnectionCloser, 'end'>;
  readonly bytesMax: number;
}

export class BacklogWatch {
  constructor(private readonly parts: BacklogWatchOptions) {}

  /** Drops the readers for whom most waits until the rest fits. */
  tick(): void {
    const { backlogged } = this.parts.outbox;
    let total = 0;
    for (const connection of backlogged) {
      const waiting = connection.socket.waitingBytes;
      if (waiting <= BACKLOG_BYTES) backlogged.delete(connection);
      else total += waiting;
    }
    if (total > this.parts.bytesMax) this.#dropUntilFits(total);
  }

  #dropUntilFits(total: number): void {
    const { outbox, closer, bytesMax } = this.parts;
    const waitingOf = (connection: Connection): number => connection.socket.waitingBytes;
    const slowestFirst = [...outbox.backlogged].sort((a, b) => waitingOf(b) - waitingOf(a));
    let left = total;
    for (const connection of slowestFirst) {
      if (left <= bytesMax) return;
      left -= waitingOf(connection);
      closer.end(connection, 'slow_reader', 'too much waits for all readers of this gateway');
      // A close handshake would keep the memory for as long as the peer likes.
      connection.socket.terminate();
    }
  }
}
