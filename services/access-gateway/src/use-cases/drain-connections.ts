// Sends the clients of a stopping node away, in groups over a window, so that they
// do not all knock at another door at once.
import { setTimeout as wait } from 'node:timers/promises';
import { encodeMoveFrame } from '@parley/wire';
import type { Connection } from '../connections/connection.js';
import type { ConnectionCloser } from '../connections/connection-closer.js';
import type { ConnectionTable } from '../connections/connection-table.js';
import type { Outbox } from '../connections/outbox.js';
import { frameEncoded } from '../connections/websocket-frame.js';
import { drainShare, drainSlots } from '../domain/drain-plan.js';

export interface DrainConnectionsOptions {
  readonly table: ConnectionTable;
  readonly outbox: Outbox;
  readonly closer: ConnectionCloser;
  readonly windowMs: number;
  readonly slotMs: number;
  /** Other gateways. Empty: clients get a Bye at once, and come back when they can. */
  readonly moveAddresses: readonly string[];
}

export class DrainConnections {
  constructor(private readonly parts: DrainConnectionsOptions) {}

  /** Ends within the window, earlier when nobody is left or the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { table, windowMs, slotMs } = this.parts;
    const slots = drainSlots(windowMs, slotMs);
    const isOver = Promise.race([table.whenEmpty(), whenAborted(signal)]);
    for (let left = slots; left > 0 && table.size > 0 && !signal.aborted; left--) {
      this.#sendAway(left);
      await this.#nextSlot(isOver);
    }
    for (const connection of [...table.all()]) this.#bye(connection);
  }

  /** One group. Who waits for replies is left for a later slot, as long as there is one. */
  #sendAway(slotsLeft: number): void {
    const { table } = this.parts;
    const candidates = [...table.all()].filter((one) => one.isLive && !one.isMoved);
    let share = drainShare(candidates.length, slotsLeft);
    for (const connection of candidates) {
      if (share === 0) return;
      if (connection.callsInFlight > 0 && slotsLeft > 1) continue;
      share -= 1;
      if (this.parts.moveAddresses.length === 0) this.#bye(connection);
      else this.#move(connection);
    }
  }

  /** The client opens a new connection elsewhere and then closes this one. */
  #move(connection: Connection): void {
    const { outbox, closer, moveAddresses } = this.parts;
    connection.isMoved = true;
    const move = encodeMoveFrame({ afterMs: 0, addresses: [...moveAddresses] });
    if (!outbox.enqueue(connection, frameEncoded(move))) {
      closer.end(connection, 'slow_reader', 'pushes are read too slowly');
    }
  }

  #bye(connection: Connection): void {
    this.parts.closer.end(connection, 'going_away', 'this gateway stops');
  }

  async #nextSlot(isOver: Promise<void>): Promise<void> {
    const slot = new AbortController();
    const timer = wait(this.parts.slotMs, undefined, { signal: slot.signal }).catch(() => undefined);
    await Promise.race([isOver, timer]);
    slot.abort();
  }
}

const whenAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
