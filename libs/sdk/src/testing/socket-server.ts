// The protocol server on real sockets, and pages for a browser beside it.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WEBSOCKET_PATH } from '@parley/wire';
import { type WebSocket, WebSocketServer } from 'ws';
import { ProtocolServer, type ProtocolServerOptions, type ServerConnection } from './protocol-server.js';

export interface Page {
  readonly contentType: string;
  readonly body: string | Uint8Array;
}

export interface SocketServerOptions extends Partial<ProtocolServerOptions> {
  /** By path, for GET. */
  readonly pages?: ReadonlyMap<string, Page>;
}

export class SocketServer {
  readonly protocol: ProtocolServer;
  private readonly http: Server;
  private readonly sockets: WebSocketServer;

  private constructor(private readonly options: SocketServerOptions) {
    this.protocol = new ProtocolServer({
      now: () => Date.now(),
      later: (task, delayMs) => setTimeout(task, delayMs),
      ...options,
    });
    this.http = createServer((request, response) => this.serve(request, response));
    this.sockets = new WebSocketServer({ server: this.http, path: WEBSOCKET_PATH, perMessageDeflate: false });
    this.sockets.on('connection', (socket) => this.accept(socket));
  }

  static async start(options: SocketServerOptions = {}): Promise<SocketServer> {
    const server = new SocketServer(options);
    await new Promise<void>((resolve) => {
      server.http.listen(0, '127.0.0.1', resolve);
    });
    return server;
  }

  get port(): number {
    return (this.http.address() as AddressInfo).port;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}${WEBSOCKET_PATH}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets.clients) socket.terminate();
    this.sockets.close();
    await new Promise((resolve) => {
      this.http.close(resolve);
      this.http.closeAllConnections();
    });
  }

  private serve(request: IncomingMessage, response: ServerResponse): void {
    const page = this.options.pages?.get(request.url ?? '');
    response.writeHead(page === undefined ? 404 : 200, { 'content-type': page?.contentType ?? 'text/plain' });
    response.end(page?.body ?? 'not found');
  }

  private accept(socket: WebSocket): void {
    const connection: ServerConnection = this.protocol.accept({
      send: (frame) => socket.send(frame),
      // 1006 cannot be sent: it stands for a socket that breaks.
      close: (code) => (code === 1006 ? socket.terminate() : socket.close(code)),
    });
    socket.on('message', (data) => connection.receive(new Uint8Array(data as Buffer)));
    socket.on('close', () => connection.over());
    socket.on('error', () => connection.over());
  }
}
