// What connections owe is collected during a turn of the event loop and written once
// per connection: the number of writes, not of bytes, is the cost (design section 10).
//
// A turn writes to so many connections and leaves the others to the next, so that a push to a
// crowded room does not keep everybody else waiting. What is owed meanwhile is appended: the order per
// connection stays, and those who wait get it all in one write.
import type { Connection } from './connection.js';

/** Less than this waits on healthy connections all the time. */
export const BACKLOG_BYTES = 16 * 1024;

/** Connections written to in one turn: about 3 ms. */
export const WRITES_PER_TURN_MAX = 512;

/** Connections that were written to and are still in the list; it has no end under constant load. */
const WRITTEN_KEPT_MAX = 64 * WRITES_PER_TURN_MAX;

export class Outbox {
  readonly #bytesMax: number;
  /** Who owes something, in the order in which it came; those before #next have been written to. */
  #dirty: Connection[] = [];
  #next = 0;
  #isScheduled = false;
  /** Connections that the operating system did not keep up with when they were last written to. */
  readonly backlogged = new Set<Connection>();
  /** The last list of several frames and what they make together: in a fan-out many connections owe the same. */
  #lastFrames: readonly Uint8Array[] = [];
  #lastJoined: Uint8Array = new Uint8Array(0);
  readonly #flush = (): void => this.#flushSome();

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** Bytes that this connection may still be sent before it counts as a slow reader. */
  roomFor(connection: Connection): number {
    return this.#bytesMax - connection.queuedBytes - connection.socket.waitingBytes;
  }

  /** Bytes that wait for slow readers, all together. */
  get backlogBytes(): number {
    let bytes = 0;
    for (const { queuedBytes, socket } of this.backlogged) bytes += queuedBytes + socket.waitingBytes;
    return bytes;
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

  /** Writes everything that waits, now. */
  flushAll(): void {
    while (this.#next < this.#dirty.length) this.#writeSome();
  }

  #flushSome(): void {
    this.#writeSome();
    if (this.#next < this.#dirty.length) setImmediate(this.#flush);
    else this.#isScheduled = false;
  }

  #writeSome(): void {
    const dirty = this.#dirty;
    const end = Math.min(this.#next + WRITES_PER_TURN_MAX, dirty.length);
    while (this.#next < end) {
      const connection = dirty[this.#next];
      this.#next += 1;
      if (connection !== undefined) this.#write(connection);
    }
    if (this.#next === dirty.length) {
      this.#dirty = [];
      this.#next = 0;
      this.#lastFrames = [];
      this.#lastJoined = new Uint8Array(0);
    } else if (this.#next >= WRITTEN_KEPT_MAX) {
      this.#dirty = dirty.slice(this.#next);
      this.#next = 0;
    }
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
