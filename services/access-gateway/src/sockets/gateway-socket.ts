// The driver's WebSocket with what the gateway adds: raw writes, and a word before
// the close when a peer breaks the WebSocket protocol itself.
import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import type { ClientSocket } from '../connections/client-socket.js';
import type { Connection } from '../connections/connection.js';

/** What the sockets of a door report; one object for all of them. */
export interface SocketObserver {
  frame(connection: Connection, data: Uint8Array, isBinary: boolean): void;
  /** A WebSocket ping or pong. */
  control(connection: Connection): void;
  /** The peer broke RFC 6455 or a size limit; the socket closes after this call. */
  violation(connection: Connection, what: string): void;
  written(bytes: number): void;
  closed(connection: Connection): void;
}

/** Close codes by which the driver reports what a peer did wrong. */
const VIOLATIONS: ReadonlyMap<number, string> = new Map([
  [1002, 'the frames are no WebSocket frames'],
  [1007, 'a text is not UTF-8'],
  [1008, 'a message comes in too many pieces'],
  [1009, 'a frame is too large'],
]);

export class GatewaySocket extends WebSocket implements ClientSocket {
  /** Set right after the handshake, before any event. */
  connection: Connection | undefined = undefined;
  private observer: SocketObserver | undefined = undefined;
  private stream: Duplex | undefined = undefined;

  attach(stream: Duplex, observer: SocketObserver): void {
    this.stream = stream;
    this.observer = observer;
  }

  get waitingBytes(): number {
    return this.stream?.writableLength ?? 0;
  }

  get isOpen(): boolean {
    return this.readyState === WebSocket.OPEN;
  }

  /** Frames of the server are not masked, so they can be written past the driver, as long as they are whole. */
  writeFrames(frames: Uint8Array): void {
    if (!this.isOpen || this.stream?.writable !== true) return;
    this.stream.write(frames);
    this.observer?.written(frames.length);
  }

  endWith(code: number): void {
    super.close(code);
  }

  /** The driver calls this with a code and no reason when the peer broke the protocol. */
  override close(code?: number, reason?: string | Buffer): void {
    const what = reason === undefined && code !== undefined ? VIOLATIONS.get(code) : undefined;
    const { connection, observer } = this;
    if (what !== undefined && connection !== undefined && observer !== undefined && this.isOpen) {
      observer.violation(connection, what);
    }
    super.close(code, reason);
  }

  /**
   * The driver tells what happens by emitting it. Taking it here, instead of
   * listening, spares every socket a table of listeners and every frame a look-up.
   */
  override emit(event: string | symbol, ...values: unknown[]): boolean {
    const { connection, observer } = this;
    if (connection === undefined || observer === undefined) return false;
    if (event === 'message') observer.frame(connection, values[0] as Uint8Array, values[1] as boolean);
    else if (event === 'ping' || event === 'pong') observer.control(connection);
    else if (event === 'close') observer.closed(connection);
    // What is left is 'error': a close follows it, and a violation was reported by then.
    return true;
  }
}
