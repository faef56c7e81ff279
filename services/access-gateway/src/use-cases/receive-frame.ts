// What a client says, told apart: greeting, call, ping, goodbye, or nonsense.
import { type Clock, FRAME_BYTES_MAX } from '@parley/kernel';
import { type ClientFrame, decodeClientFrame } from '@parley/wire';
import { type Connection, ConnectionState, FRAMES_BUCKET } from '../connections/connection.js';
import type { ConnectionCloser } from '../connections/connection-closer.js';
import type { Outbox } from '../connections/outbox.js';
import { framePong } from '../connections/websocket-frame.js';
import { type RateLimit, takeToken, waitForToken } from '../domain/rate-limit.js';
import type { GatewayEvents } from '../events.js';
import type { ForwardCall } from './forward-call.js';
import type { LogIn } from './log-in.js';

export interface ReceiveFrameOptions {
  readonly logIn: LogIn;
  readonly forwardCall: ForwardCall;
  readonly outbox: Outbox;
  readonly closer: ConnectionCloser;
  readonly events: GatewayEvents;
  readonly clock: Clock;
  /** Of all frames, whatever they are: beyond it the connection ends. */
  readonly frameLimit: RateLimit;
}

export class ReceiveFrame {
  constructor(private readonly parts: ReceiveFrameOptions) {}

  accept(connection: Connection, data: Uint8Array, isBinary: boolean): void {
    const { closer, events, clock } = this.parts;
    if (!connection.isLive) return;
    const now = clock.now();
    events.frameReceived(data.length);
    if (!this.#countFrame(connection, now)) return;
    if (!isBinary) {
      closer.end(connection, 'protocol_error', 'text frames are not spoken here; send binary frames');
      return;
    }
    this.#handle(connection, decodeClientFrame(data), now);
  }

  /** WebSocket pings and pongs cost as much as frames, so they count as frames. */
  control(connection: Connection): void {
    if (connection.isLive) this.#countFrame(connection, this.parts.clock.now());
  }

  /** The peer broke the WebSocket protocol below our frames. */
  violation(connection: Connection, what: string): void {
    this.parts.closer.end(
      connection,
      'protocol_error',
      `${what}; a frame has at most ${FRAME_BYTES_MAX} bytes`,
    );
  }

  #countFrame(connection: Connection, nowMs: number): boolean {
    const { closer, frameLimit } = this.parts;
    connection.heardAtMs = nowMs;
    const fullAtMs = connection.bucketsFullAtMs[FRAMES_BUCKET] ?? 0;
    const waitMs = waitForToken(frameLimit, fullAtMs, nowMs);
    connection.bucketsFullAtMs[FRAMES_BUCKET] = takeToken(frameLimit, fullAtMs, nowMs);
    if (waitMs === 0) return true;
    const reason = `more than ${frameLimit.perSecond} frames in a second`;
    closer.end(connection, 'flood', reason, Math.ceil((frameLimit.burst * 1_000) / frameLimit.perSecond));
    return false;
  }

  #handle(connection: Connection, frame: ClientFrame, nowMs: number): void {
    const { logIn, forwardCall, closer } = this.parts;
    switch (frame.kind) {
      case 'call':
        if (connection.state === ConnectionState.OPEN) forwardCall.accept(connection, frame, nowMs);
        else closer.end(connection, 'protocol_error', 'a call came before the Welcome');
        return;
      case 'ping':
        this.#pong(connection, nowMs);
        return;
      case 'hello':
        if (connection.state === ConnectionState.GREETING) void logIn.run(connection, frame.hello);
        else closer.end(connection, 'protocol_error', 'a second Hello');
        return;
      case 'bye':
        closer.endSilently(connection);
        return;
      case 'malformed':
        closer.end(connection, 'protocol_error', `malformed frame: ${frame.defect}`);
    }
  }

  #pong(connection: Connection, nowMs: number): void {
    const { outbox, closer, events } = this.parts;
    if (connection.state === ConnectionState.GREETING) {
      closer.end(connection, 'protocol_error', 'the first frame is a Hello');
      return;
    }
    events.frameQueued();
    if (!outbox.enqueue(connection, framePong(nowMs))) {
      closer.end(connection, 'slow_reader', 'replies are read too slowly');
    }
  }
}
