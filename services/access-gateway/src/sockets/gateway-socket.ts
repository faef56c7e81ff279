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
    this.on('message', onMessage);
    this.on('ping', onControl);
    this.on('pong', onControl);
    this.on('close', onClose);
    this.on('error', onError);
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

  report(report: (observer: SocketObserver, connection: Connection) => void): void {
    if (this.observer !== undefined && this.connection !== undefined) report(this.observer, this.connection);
  }

  received(data: Uint8Array, isBinary: boolean): void {
    if (this.observer !== undefined && this.connection !== undefined) {
      this.observer.frame(this.connection, data, isBinary);
    }
  }
}

// Shared by all sockets: a closure per socket and event would cost more than the state.
function onMessage(this: WebSocket, data: unknown, isBinary: boolean): void {
  (this as GatewaySocket).received(data as Uint8Array, isBinary);
}

function onControl(this: WebSocket): void {
  (this as GatewaySocket).report((observer, connection) => observer.control(connection));
}

function onClose(this: WebSocket): void {
  (this as GatewaySocket).report((observer, connection) => observer.closed(connection));
}

/** Every error is followed by a close, and a violation was reported already. */
function onError(): void {}
