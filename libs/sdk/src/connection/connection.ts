// Keeps one client connected for as long as it is logged in.
//
//   idle ──open()──▶ connecting ──socket open──▶ authenticating ──Welcome──▶ ready
//                        ▲  │                          │                      │
//                        │  └──── lost, Bye 40xx ──────┴──────────────────────┤
//                        │                                                    ▼
//                        └──────── backoff passed, or hurry() ──────────── waiting
//
//   any ──close(), Bye 45xx──▶ closed ──open()──▶ connecting
//
// A Move while ready opens a second link beside the first; when that one is
// welcome it takes over (`onReady` is called again) and the first one leaves.
import type { wirev1 } from '@parley/proto';
import { ByeCode, mayReconnectAfter } from '@parley/wire';
import { MOVE_ADDRESSES_MAX, RETRY_AFTER_MAX_MS, STABLE_CONNECTION_MS } from '../constants/limits.js';
import type { Logger } from '../events/logger.js';
import type { ChatClock } from '../time/clock.js';
import type { CancelTimer, SharedTimer } from '../time/shared-timer.js';
import { decideBackoffMs } from './backoff.js';
import { toGatewayUrl } from './gateway-url.js';
import { type Hello, Link, type LinkEnd, type LinkEvents, type UserFrame } from './link.js';
import type { WebSocketFactory } from './web-socket.js';

export type ConnectionState = 'idle' | 'connecting' | 'authenticating' | 'ready' | 'waiting' | 'closed';

export type ByeEnd = Extract<LinkEnd, { kind: 'bye' }>;

export interface ConnectionEvents {
  onState(state: ConnectionState): void;
  /** Frames may be sent from now on, on a fresh socket. What was in flight on an older one is lost. */
  onReady(welcome: wirev1.Welcome): void;
  /** The ready socket is gone; the connection comes back by itself. */
  onLost(): void;
  onFrame(frame: UserFrame): void;
  onServerTime(serverTimeMs: number): void;
  /** The server said not to come back. The state is closed. */
  onGivenUp(bye: ByeEnd): void;
}

export interface ConnectionOptions {
  readonly gatewayUrl: string;
  readonly webSocket: WebSocketFactory;
  readonly clock: ChatClock;
  readonly timer: SharedTimer;
  readonly random: () => number;
  readonly logger: Logger;
}

export class Connection {
  private current: ConnectionState = 'idle';
  private hello: Hello = {};
  private link: Link | undefined;
  private successor: Link | undefined;
  private cancelWait: CancelTimer = () => undefined;
  private cancelMove: CancelTimer = () => undefined;
  private failures = 0;
  private readySinceMs = 0;
  private addresses: readonly string[] = [];

  constructor(
    private readonly options: ConnectionOptions,
    private readonly events: ConnectionEvents,
  ) {}

  get state(): ConnectionState {
    return this.current;
  }

  /** Starts connecting with this greeting; repeats it on every reconnect. Only when idle or closed. */
  open(hello: Hello): void {
    if (this.current !== 'idle' && this.current !== 'closed') return;
    this.hello = hello;
    this.failures = 0;
    this.connect();
  }

  /** Says goodbye and stays away until open(). */
  close(): void {
    this.cancelWait();
    this.dropSuccessor();
    this.link?.close();
    this.link = undefined;
    if (this.current !== 'idle' && this.current !== 'closed') this.enter('closed');
  }

  /** The network came back: does not wait for the rest of the backoff. */
  hurry(): void {
    if (this.current !== 'waiting') return;
    this.cancelWait();
    this.connect();
  }

  /** @returns false when there is no ready socket. */
  send(frame: Uint8Array): boolean {
    return this.link?.send(frame) ?? false;
  }

  private connect(): void {
    this.enter('connecting');
    this.link = this.createLink(this.nextAddress());
    this.link.open();
  }

  private createLink(url: string): Link {
    const { webSocket, clock, timer } = this.options;
    return new Link({ url, hello: this.hello, webSocket, clock, timer }, this.linkEvents);
  }

  private readonly linkEvents: LinkEvents = {
    onGreeted: (link) => {
      if (link === this.link) this.enter('authenticating');
    },
    onWelcome: (link, welcome) => this.welcome(link, welcome),
    onFrame: (link, frame) => {
      if (link === this.link) this.events.onFrame(frame);
    },
    onServerTime: (serverTimeMs) => this.events.onServerTime(serverTimeMs),
    onMove: (link, move) => {
      if (link === this.link) this.planMove(move);
    },
    onEnd: (link, end) => this.onLinkEnd(link, end),
  };

  private welcome(link: Link, welcome: wirev1.Welcome): void {
    if (link === this.successor) {
      this.link?.close();
      this.link = link;
      this.successor = undefined;
    }
    this.readySinceMs = this.options.clock.elapsed();
    // From now on the login comes back by its ticket; the UserSig goes along for the case that the ticket is not good any more.
    this.hello = { ...this.hello, resumeTicket: welcome.resumeTicket };
    this.enter('ready');
    this.events.onReady(welcome);
  }

  private onLinkEnd(link: Link, end: LinkEnd): void {
    if (link === this.successor) {
      this.successor = undefined; // the old link still serves; its server will send us away in time
      return;
    }
    if (link !== this.link) return;
    this.options.logger.info(
      'connection ended',
      end.kind === 'bye' ? { code: end.code } : { detail: end.detail },
    );
    if (this.successor !== undefined && isReplaced(end)) {
      this.promoteSuccessor(this.successor);
      return;
    }
    this.link = undefined;
    this.dropSuccessor();
    if (end.kind === 'bye' && !mayReconnectAfter(end.code)) {
      this.enter('closed');
      this.events.onGivenUp(end);
      return;
    }
    this.waitAndReconnect(end.kind === 'bye' ? end.retryAfterMs : 0);
  }

  /** The server let the old link go before the Welcome of the new one was here. */
  private promoteSuccessor(successor: Link): void {
    this.link = successor;
    this.successor = undefined;
    this.enter('authenticating');
    this.events.onLost();
  }

  private waitAndReconnect(retryAfterMs: number): void {
    const wasReady = this.current === 'ready';
    const { clock, timer, random } = this.options;
    if (wasReady && clock.elapsed() - this.readySinceMs >= STABLE_CONNECTION_MS) this.failures = 0;
    const delayMs = decideBackoffMs({ failures: this.failures, retryAfterMs, chance: random() });
    this.failures += 1;
    this.enter('waiting');
    this.cancelWait = timer.after(delayMs, () => this.connect());
    if (wasReady) this.events.onLost();
  }

  private planMove(move: wirev1.Move): void {
    this.addresses = move.addresses
      .slice(0, MOVE_ADDRESSES_MAX)
      .flatMap((address) => toGatewayUrl(address, this.options.gatewayUrl) ?? []);
    this.cancelMove();
    const delayMs = Math.min(move.afterMs, RETRY_AFTER_MAX_MS);
    this.cancelMove = this.options.timer.after(delayMs, () => {
      if (this.current !== 'ready' || this.successor !== undefined) return;
      this.successor = this.createLink(this.nextAddress());
      this.successor.open();
    });
  }

  /** Addresses of the last Move once each, then the configured one. */
  private nextAddress(): string {
    const [first, ...rest] = this.addresses;
    this.addresses = rest;
    return first ?? this.options.gatewayUrl;
  }

  private dropSuccessor(): void {
    this.cancelMove();
    this.successor?.close();
    this.successor = undefined;
  }

  private enter(state: ConnectionState): void {
    if (this.current === state) return;
    this.current = state;
    this.events.onState(state);
  }
}

/** Our own newer link took the place, or the old one broke meanwhile. */
const isReplaced = (end: LinkEnd): boolean =>
  end.kind === 'lost' || end.code === ByeCode.LOGGED_OUT || mayReconnectAfter(end.code);
