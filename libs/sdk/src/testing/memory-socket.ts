// A socket in memory and virtual time: frames arrive in order after a latency, or not at
// all once it is cut.
import type { WebSocketFactory, WebSocketLike } from '../connection/web-socket.js';
import type { ProtocolServer, ServerConnection } from './protocol-server.js';
import type { VirtualClock } from './virtual-clock.js';

export interface MemoryNetwork {
  readonly server: ProtocolServer;
  readonly clock: VirtualClock;
  readonly latencyMs: () => number;
  /** Whether a new socket gets through. */
  readonly isUp: () => boolean;
}

/** One direction: keeps the order whatever the latency of each frame. */
class Lane {
  private lastMs = 0;

  constructor(private readonly network: MemoryNetwork) {}

  deliver(task: () => void): void {
    const { clock, latencyMs } = this.network;
    this.lastMs = Math.max(this.lastMs, clock.elapsed() + latencyMs());
    clock.setTimer(task, this.lastMs - clock.elapsed());
  }
}

class MemorySocket implements WebSocketLike {
  binaryType = 'blob';
  onopen: WebSocketLike['onopen'] = null;
  onmessage: WebSocketLike['onmessage'] = null;
  onclose: WebSocketLike['onclose'] = null;
  onerror: WebSocketLike['onerror'] = null;
  private readonly toServer: Lane;
  private readonly toClient: Lane;
  private connection: ServerConnection | undefined;
  private isClosed = false;

  constructor(private readonly network: MemoryNetwork) {
    this.toServer = new Lane(network);
    this.toClient = new Lane(network);
    this.toServer.deliver(() => this.connect());
  }

  send(data: Uint8Array): void {
    if (this.isClosed) throw new Error('the socket is closed');
    const copy = data.slice();
    this.toServer.deliver(() => this.connection?.receive(copy));
  }

  close(): void {
    this.isClosed = true;
    this.toServer.deliver(() => this.connection?.over());
  }

  private connect(): void {
    if (!this.network.isUp()) {
      this.closed(1006);
      return;
    }
    this.connection = this.network.server.accept({
      send: (frame) => {
        const copy = frame.slice();
        this.toClient.deliver(() => this.onmessage?.({ data: copy.buffer }));
      },
      close: (code) => this.toClient.deliver(() => this.closed(code)),
    });
    this.toClient.deliver(() => this.onopen?.({}));
  }

  private closed(code: number): void {
    this.isClosed = true;
    this.connection = undefined;
    this.onclose?.({ code, reason: '' });
  }
}

export const memorySockets =
  (network: MemoryNetwork): WebSocketFactory =>
  () =>
    new MemorySocket(network);
