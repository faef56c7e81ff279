// One socket from its opening to its end: greeting, heartbeat, frames. Knows
// nothing of reconnecting; that is connection.ts.
import type { wirev1 } from '@parley/proto';
import {
  decodeServerFrame,
  encodeClientByeFrame,
  encodeHelloFrame,
  encodePingFrame,
  type ServerFrame,
} from '@parley/wire';
import {
  HANDSHAKE_MS,
  PING_INTERVAL_MAX_MS,
  PING_INTERVAL_MIN_MS,
  SILENT_PINGS_MAX,
} from '../constants/limits.js';
import type { ChatClock } from '../time/clock.js';
import type { CancelTimer, SharedTimer } from '../time/shared-timer.js';
import type { WebSocketFactory, WebSocketLike } from './web-socket.js';

export type Hello = Parameters<typeof encodeHelloFrame>[0];

/** Frames that concern whoever uses the connection. */
export type UserFrame = Extract<ServerFrame, { kind: 'reply' | 'push' | 'resync' }>;

export type LinkEnd =
  | { readonly kind: 'bye'; readonly code: number; readonly reason: string; readonly retryAfterMs: number }
  | { readonly kind: 'lost'; readonly detail: string };

export interface LinkEvents {
  /** The socket is open and the Hello is on its way. */
  onGreeted(link: Link): void;
  onWelcome(link: Link, welcome: wirev1.Welcome): void;
  onFrame(link: Link, frame: UserFrame): void;
  onServerTime(serverTimeMs: number): void;
  onMove(link: Link, move: wirev1.Move): void;
  /** Once, and nothing after it. Not called after close(). */
  onEnd(link: Link, end: LinkEnd): void;
}

export interface LinkOptions {
  readonly url: string;
  readonly hello: Hello;
  readonly webSocket: WebSocketFactory;
  readonly clock: ChatClock;
  readonly timer: SharedTimer;
}

const NORMAL_CLOSURE = 1000;
const REASON_LENGTH_MAX = 200;

export class Link {
  private socket: WebSocketLike | undefined;
  private cancelTimer: CancelTimer = () => undefined;
  private isWelcome = false;
  private isOver = false;
  private heardAtMs: number;

  constructor(
    private readonly options: LinkOptions,
    private readonly events: LinkEvents,
  ) {
    this.heardAtMs = options.clock.elapsed();
  }

  open(): void {
    this.cancelTimer = this.options.timer.after(HANDSHAKE_MS, () => this.end(lost('no welcome in time')));
    try {
      this.socket = this.listen(this.options.webSocket(this.options.url));
    } catch (thrown) {
      // A constructor throws for an address that can never work; retrying does no harm and the address may change.
      this.end(lost(thrown instanceof Error ? thrown.message : 'the socket cannot be opened'));
    }
  }

  /** @returns false when the link is not welcome yet or over. */
  send(frame: Uint8Array): boolean {
    if (!this.isWelcome || this.isOver) return false;
    return this.write(frame);
  }

  /** Leaves without further events; says goodbye when the server knows us. */
  close(): void {
    if (this.isOver) return;
    if (this.isWelcome) this.write(encodeClientByeFrame());
    this.finish();
  }

  private listen(socket: WebSocketLike): WebSocketLike {
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => this.greet();
    socket.onmessage = (event) => this.read(event.data);
    socket.onclose = (event) => this.end(lost(`socket closed (${event.code})`));
    // The close event follows and says the same; without a listener `ws` would throw.
    socket.onerror = () => undefined;
    return socket;
  }

  private greet(): void {
    if (this.isOver) return;
    if (this.write(encodeHelloFrame(this.options.hello))) this.events.onGreeted(this);
  }

  private write(frame: Uint8Array): boolean {
    try {
      this.socket?.send(frame);
      return true;
    } catch (thrown) {
      this.end(lost(thrown instanceof Error ? thrown.message : 'the socket cannot be written'));
      return false;
    }
  }

  private read(data: unknown): void {
    if (this.isOver) return;
    this.heardAtMs = this.options.clock.elapsed();
    if (!(data instanceof ArrayBuffer)) {
      this.end(lost('a frame is not binary'));
      return;
    }
    this.handle(decodeServerFrame(new Uint8Array(data)));
  }

  private handle(frame: ServerFrame): void {
    switch (frame.kind) {
      case 'welcome':
        this.welcome(frame.welcome);
        break;
      case 'reply':
      case 'push':
      case 'resync':
        if (this.isWelcome) this.events.onFrame(this, frame);
        break;
      case 'pong':
        this.events.onServerTime(frame.serverTimeMs);
        break;
      case 'move':
        if (this.isWelcome) this.events.onMove(this, frame.move);
        break;
      case 'bye':
        this.end({ ...pickBye(frame.bye), kind: 'bye' });
        break;
      case 'unknown':
        break;
      case 'malformed':
        this.end(lost(`malformed frame: ${frame.defect}`));
        break;
    }
  }

  private welcome(welcome: wirev1.Welcome): void {
    if (this.isWelcome) return;
    this.isWelcome = true;
    this.cancelTimer();
    this.events.onServerTime(Number(welcome.serverTimeMs));
    this.beat(Math.min(Math.max(welcome.pingIntervalMs, PING_INTERVAL_MIN_MS), PING_INTERVAL_MAX_MS));
    this.events.onWelcome(this, welcome);
  }

  private beat(intervalMs: number): void {
    this.cancelTimer = this.options.timer.after(intervalMs, () => {
      const silentMs = this.options.clock.elapsed() - this.heardAtMs;
      if (silentMs > intervalMs * SILENT_PINGS_MAX) this.end(lost('the server is silent'));
      else if (this.write(encodePingFrame())) this.beat(intervalMs);
    });
  }

  private end(end: LinkEnd): void {
    if (this.isOver) return;
    this.finish();
    this.events.onEnd(this, end);
  }

  private finish(): void {
    this.isOver = true;
    this.cancelTimer();
    const socket = this.socket;
    if (socket === undefined) return;
    socket.onopen = null;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close(NORMAL_CLOSURE);
  }
}

const lost = (detail: string): LinkEnd => ({ kind: 'lost', detail: detail.slice(0, REASON_LENGTH_MAX) });

const pickBye = ({ code, reason, retryAfterMs }: wirev1.Bye) => ({ code, reason, retryAfterMs });
