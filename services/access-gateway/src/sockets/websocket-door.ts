// The public port: the WebSocket handshake, a health answer for load balancers,
// and 404 for everything else. The only file that starts servers.
import { readFile } from 'node:fs/promises';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { FRAME_BYTES_MAX } from '@parley/kernel';
import { WEBSOCKET_PATH } from '@parley/wire';
import { type ServerOptions, WebSocketServer } from 'ws';
import type { ClientSocket } from '../connections/client-socket.js';
import type { Connection } from '../connections/connection.js';
import { GatewaySocket, type SocketObserver } from './gateway-socket.js';

/** Why a handshake is refused: HTTP status, and when to come back. */
export interface HandshakeRefusal {
  readonly status: 404 | 503;
  readonly retryAfterS?: number;
}

/** What the door asks of the gateway behind it. */
export interface DoorKeeper extends SocketObserver {
  readonly isHealthy: boolean;
  /** Undefined: come in. */
  refuse(): HandshakeRefusal | undefined;
  opened(socket: ClientSocket): Connection;
}

export interface DoorOptions {
  readonly bind: string;
  readonly port: number;
  readonly tlsCertFile: string;
  readonly tlsKeyFile: string;
  /** TCP connections, those that never speak included. */
  readonly socketsMax: number;
  /** Time for the request head of a handshake. */
  readonly headersTimeoutMs: number;
}

const HEADER_BYTES_MAX = 8 * 1024;
/** How long the close handshake may take before the socket is destroyed. */
const CLOSE_TIMEOUT_MS = 2_000;
/** A message of FRAME_BYTES_MAX never needs more; bounds what 1-byte pieces cost. */
const PIECES_MAX = 1_024;
const CONNECTIONS_CHECK_MS = 1_000;
/** What the HTTP parser reports, as status. */
const CLIENT_ERRORS: ReadonlyMap<string, number> = new Map([
  ['ERR_HTTP_REQUEST_TIMEOUT', 408],
  ['HPE_HEADER_OVERFLOW', 431],
]);

/** `closeTimeout` is newer than the driver's typings. */
const WEBSOCKET_OPTIONS: ServerOptions<typeof GatewaySocket> & { readonly closeTimeout: number } = {
  noServer: true,
  WebSocket: GatewaySocket,
  clientTracking: false,
  perMessageDeflate: false,
  // Texts are refused as such, so nobody needs to know whether they are UTF-8.
  skipUTF8Validation: true,
  maxPayload: FRAME_BYTES_MAX,
  maxFragments: PIECES_MAX,
  maxBufferedChunks: PIECES_MAX,
  closeTimeout: CLOSE_TIMEOUT_MS,
};

export class WebSocketDoor {
  readonly #sockets = new WebSocketServer<typeof GatewaySocket>(WEBSOCKET_OPTIONS);
  #server: Server | undefined;

  constructor(
    private readonly options: DoorOptions,
    private readonly keeper: DoorKeeper,
  ) {}

  /** `ws://host:port/v1/ws`; empty before open(). */
  get url(): string {
    const address = this.#server?.address() as AddressInfo | null | undefined;
    if (address === null || address === undefined) return '';
    const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
    return `${this.#hasTls ? 'wss' : 'ws'}://${host}:${address.port}${WEBSOCKET_PATH}`;
  }

  /** @throws Error with a remedy when the port or the TLS files cannot be used. */
  async open(): Promise<void> {
    const server = await this.#createServer();
    server.maxConnections = this.options.socketsMax;
    server.on('upgrade', (request, stream, head) => this.#upgrade(request, stream, head));
    server.on('clientError', (error: NodeJS.ErrnoException, stream) =>
      answerRaw(stream, CLIENT_ERRORS.get(error.code ?? '') ?? 400),
    );
    await new Promise<void>((resolve, reject) => {
      server.once('error', (cause) => reject(this.#cannotListen(cause)));
      server.listen(this.options.port, this.options.bind, resolve);
    });
    this.#server = server;
  }

  /** Stops listening; sockets of clients are not touched. */
  async close(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  }

  get #hasTls(): boolean {
    return this.options.tlsCertFile !== '' || this.options.tlsKeyFile !== '';
  }

  async #createServer(): Promise<Server> {
    const options = {
      maxHeaderSize: HEADER_BYTES_MAX,
      headersTimeout: this.options.headersTimeoutMs,
      requestTimeout: this.options.headersTimeoutMs,
      keepAliveTimeout: this.options.headersTimeoutMs,
      connectionsCheckingInterval: CONNECTIONS_CHECK_MS,
    };
    const answer = (request: IncomingMessage, response: ServerResponse): void =>
      this.#answer(request, response);
    if (!this.#hasTls) return createHttpServer(options, answer);
    const { tlsCertFile, tlsKeyFile } = this.options;
    const [cert, key] = await Promise.all([readTls(tlsCertFile), readTls(tlsKeyFile)]);
    return createHttpsServer({ ...options, cert, key, minVersion: 'TLSv1.2' }, answer);
  }

  #cannotListen(cause: Error): Error {
    const where = `${this.options.bind}:${this.options.port}`;
    return new Error(
      `the gateway cannot listen on ${where} (${cause.message}); set PARLEY_BIND or PARLEY_GATEWAY_PORT`,
      { cause },
    );
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const isHealth = request.url === '/healthz' && (request.method === 'GET' || request.method === 'HEAD');
    const status = !isHealth ? 404 : this.keeper.isHealthy ? 200 : 503;
    response.writeHead(status, { 'content-type': 'text/plain', connection: 'close' });
    response.end(request.method === 'HEAD' ? undefined : `${STATUS_CODES[status]}\n`);
  }

  #upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const path = request.url?.split('?', 1)[0];
    const refusal = path === WEBSOCKET_PATH ? this.keeper.refuse() : { status: 404 as const };
    if (refusal !== undefined) {
      answerRaw(stream, refusal.status, refusal);
      return;
    }
    this.#sockets.handleUpgrade(request, stream, head, (socket) => {
      socket.attach(stream, this.keeper);
      socket.connection = this.keeper.opened(socket);
    });
  }
}

async function readTls(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new Error(
      `TLS needs both files: cannot read "${file}"; set PARLEY_GATEWAY_TLS_CERT_FILE and PARLEY_GATEWAY_TLS_KEY_FILE`,
      { cause },
    );
  }
}

/** Answers on a stream that is no longer, or never became, an HTTP exchange. */
function answerRaw(stream: Duplex, status: number, refusal?: { readonly retryAfterS?: number }): void {
  if (!stream.writable) {
    stream.destroy();
    return;
  }
  stream.on('error', () => stream.destroy());
  const retry = refusal?.retryAfterS === undefined ? '' : `retry-after: ${refusal.retryAfterS}\r\n`;
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${retry}connection: close\r\ncontent-length: 0\r\n\r\n`;
  stream.end(head, () => stream.destroy());
}
