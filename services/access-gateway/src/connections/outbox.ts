// What connections owe is collected during a turn of the event loop and written once
// per connection: the number of writes, not of bytes, is the cost (design section 10).
import type { Connection } from './connection.js';

/** Less than this waits on healthy connections all the time. */
export const BACKLOG_BYTES = 16 * 1024;

export class Outbox {
  readonly #bytesMax: number;
  #dirty: Connection[] = [];
  #isScheduled = false;
  /** Connections that the operating system did not keep up with when they were last written to. */
  readonly backlogged = new Set<Connection>();
  /** The last list of several frames and what they make together: in a fan-out many connections owe the same. */
  #lastFrames: readonly Uint8Array[] = [];
  #lastJoined: Uint8Array = new Uint8Array(0);
  readonly #flush = (): void => this.flushAll();

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** Bytes that this connection may still be sent before it counts as a slow reader. */
  roomFor(connection: Connection): number {
    return this.#bytesMax - connection.queuedBytes - connection.socket.waitingBytes;
  }

  /**
   * Adds whole WebSocket frames to what the connection is sent at the end of this
   * turn, in order. False, and nothing added, when too much waits already.
   */
  enqueue(connection: Connection, frames: Uint8Array): boolean {
    if (frames.length > this.roomFor(connection)) return false;
    this.#append(connection, frames);
    if (!this.#isScheduled) {
      this.#isScheduled = true;
      setImmediate(this.#flush);
    }
    return true;
  }

  /** Writes what waits and then `last`, now, whatever waits already. */
  finish(connection: Connection, last: Uint8Array): void {
    const queued = connection.queued ?? [];
    this.discard(connection);
    const frames = Array.isArray(queued) ? [...queued, last] : [queued, last];
    connection.socket.writeFrames(Buffer.concat(frames));
  }

  /** Forgets what waits. */
  discard(connection: Connection): void {
    connection.queued = undefined;
    connection.queuedBytes = 0;
  }

  flushAll(): void {
    this.#isScheduled = false;
    const dirty = this.#dirty;
    this.#dirty = [];
    for (const connection of dirty) this.#write(connection);
    this.#lastFrames = [];
    this.#lastJoined = new Uint8Array(0);
  }

  #append(connection: Connection, frames: Uint8Array): void {
    const queued = connection.queued;
    if (queued === undefined) {
      connection.queued = frames;
      this.#dirty.push(connection);
    } else if (Array.isArray(queued)) queued.push(frames);
    else connection.queued = [queued, frames];
    connection.queuedBytes += frames.length;
  }

  #write(connection: Connection): void {
    const queued = connection.queued;
    if (queued === undefined) return;
    const bytes = connection.queuedBytes;
    this.discard(connection);
    connection.socket.writeFrames(Array.isArray(queued) ? this.#join(queued, bytes) : queued);
    if (connection.socket.waitingBytes > BACKLOG_BYTES) this.backlogged.add(connection);
  }

  #join(frames: readonly Uint8Array[], bytes: number): Uint8Array {
    if (isSameList(frames, this.#lastFrames)) return this.#lastJoined;
    this.#lastFrames = frames;
    this.#lastJoined = Buffer.concat(frames, bytes);
    return this.#lastJoined;
  }
}

function isSameList(a: readonly Uint8Array[], b: readonly Uint8Array[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
