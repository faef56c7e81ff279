// A network that misbehaves on demand: a TCP proxy on loopback.
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

interface Link {
  readonly client: Socket;
  /** The one that is dialled, until one answers. */
  server: Socket;
  /** Bytes towards the client that still pass; beyond them everything is swallowed. */
  allowance: number;
}

/**
 * Forwards connections to the first of its ports that accepts them, as a load balancer does. Every fault hits
 * the links that exist at that moment.
 */
export class TcpProxy {
  private readonly links = new Set<Link>();
  private isRefusing = false;
  private isPaused = false;
  private delayMs = 0;

  private constructor(
    private readonly listener: Server,
    private targets: readonly number[],
  ) {
    listener.on('connection', (client) => this.link(client));
  }

  static async start(...targets: readonly [number, ...number[]]): Promise<TcpProxy> {
    const listener = createServer();
    const proxy = new TcpProxy(listener, targets);
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    return proxy;
  }

  get port(): number {
    const address = this.listener.address();
    if (typeof address !== 'object' || !address) throw new Error('the proxy is closed');
    return address.port;
  }

  get connections(): number {
    return this.links.size;
  }

  /** Resets every link, as a broken network does. */
  cut(): void {
    for (const link of this.links) this.end(link);
  }

  /** Swallows what the server says after `bytes` more bytes: acks get lost while requests arrive. Lasts until the link ends. */
  dropServerBytesAfter(bytes: number): void {
    for (const link of this.links) link.allowance = bytes;
  }

  /** Stops passing bytes, either way, on all links of now and later, until resumed. */
  pause(): void {
    this.isPaused = true;
    for (const { client, server } of this.links) {
      client.pause();
      server.pause();
    }
  }

  resume(): void {
    this.isPaused = false;
    for (const { client, server } of this.links) {
      // Nobody would take what is read before the server accepted.
      if (!server.connecting) client.resume();
      server.resume();
    }
  }

  /** What is read from now on passes this much later, either way, in order. */
  delay(ms: number): void {
    this.delayMs = ms;
  }

  /** New connections are refused while set. */
  refuse(isRefusing: boolean): void {
    this.isRefusing = isRefusing;
  }

  /** The port that links of later are tried with first. */
  get target(): number {
    return this.targets[0] ?? 0;
  }

  /** Links of later are tried with this port first. */
  prefer(target: number): void {
    this.targets = [target, ...this.targets.filter((port) => port !== target)];
  }

  async close(): Promise<void> {
    this.cut();
    this.listener.close();
    await once(this.listener, 'close');
  }

  private link(client: Socket): void {
    if (this.isRefusing) {
      client.destroy();
      return;
    }
    // Nothing is read before somebody takes it.
    client.pause();
    const link: Link = {
      client,
      server: this.dial(client, this.targets),
      allowance: Number.POSITIVE_INFINITY,
    };
    this.links.add(link);
    this.guard(client, link);
    this.follow(link, this.targets.slice(1));
  }

  private dial(client: Socket, [port]: readonly number[]): Socket {
    const server = connect(port ?? 0, '127.0.0.1');
    server.setNoDelay(true);
    server.once('connect', () => {
      client.on('data', (chunk: Buffer) => this.pass(chunk, client, server));
      if (this.isPaused) server.pause();
      else client.resume();
    });
    return server;
  }

  /** Passes on what the server says; when it does not accept the link, the next of the ports is dialled. */
  private follow(link: Link, others: readonly number[]): void {
    const { client, server } = link;
    server.on('data', (chunk: Buffer) => {
      const passing = chunk.subarray(0, Math.max(0, link.allowance));
      link.allowance -= chunk.length;
      if (passing.length > 0) this.pass(passing, server, client);
    });
    if (others.length === 0) {
      this.guard(server, link);
      return;
    }
    const redial = () => {
      if (!this.links.has(link)) return;
      link.server = this.dial(client, others);
      this.follow(link, others.slice(1));
    };
    server.once('error', redial);
    server.once('connect', () => {
      server.off('error', redial);
      this.guard(server, link);
    });
  }

  private guard(socket: Socket, link: Link): void {
    socket.setNoDelay(true);
    // A reset is what this proxy is for; `close` follows and ends the link.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.end(link));
  }

  private pass(chunk: Buffer, from: Socket, to: Socket): void {
    if (this.delayMs === 0) {
      this.write(chunk, from, to);
      return;
    }
    // Read on only after it has left: that keeps the order when the delay changes.
    from.pause();
    setTimeout(() => {
      this.write(chunk, from, to);
      if (!this.isPaused && !to.writableNeedDrain) from.resume();
    }, this.delayMs);
  }

  /** Honours back-pressure. */
  private write(chunk: Buffer, from: Socket, to: Socket): void {
    if (to.destroyed || to.write(chunk)) return;
    from.pause();
    to.once('drain', () => {
      if (!this.isPaused) from.resume();
    });
  }

  private end(link: Link): void {
    if (!this.links.delete(link)) return;
    link.client.resetAndDestroy();
    link.server.resetAndDestroy();
  }
}
