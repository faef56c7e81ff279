// The HTTP server: its bounds, and envelopes also for what never becomes a request.
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { ErrorCode, REST_BODY_BYTES_MAX } from '@parley/kernel';
import type { FastifyError, FastifyHttpOptions, FastifyReply, FastifyRequest } from 'fastify';
import { ANSWER_HEADERS, failed } from '../envelope.js';
import type { TlsOptions } from './tls-files.js';

/** Request line and headers, bytes; a UserSig of the longest kind fits. */
const HEADER_BYTES_MAX = 16 * 1024;
/** Idle time of a kept connection; longer than the usual 60 s of load balancers. */
const KEEP_ALIVE_MS = 75_000;

/** How often requests are checked for having taken too long, at most. */
const RECEIVE_CHECK_MS_MAX = 5_000;

export const fastifyOptions = (
  receiveTimeoutMs: number,
  tls: TlsOptions | undefined,
): FastifyHttpOptions<Server> => ({
  bodyLimit: REST_BODY_BYTES_MAX,
  requestTimeout: receiveTimeoutMs,
  keepAliveTimeout: KEEP_ALIVE_MS,
  forceCloseConnections: 'idle',
  return503OnClosing: false,
  logger: false,
  exposeHeadRoutes: false,
  // One of the two is read, by whether there is a certificate; both take the same bounds.
  ...(tls === undefined
    ? { http: serverBounds(receiveTimeoutMs) }
    : { https: { ...serverBounds(receiveTimeoutMs), ...tls } }),
  // The longest path there can be: an unknown command is answered as such, however long its name.
  routerOptions: { maxParamLength: HEADER_BYTES_MAX },
  frameworkErrors: answerUnparsableUrl,
  clientErrorHandler: (_error, socket) => answerUnparsableHttp(socket),
});

const serverBounds = (receiveTimeoutMs: number) => ({
  maxHeaderSize: HEADER_BYTES_MAX,
  headersTimeout: receiveTimeoutMs,
  connectionsCheckingInterval: Math.min(receiveTimeoutMs, RECEIVE_CHECK_MS_MAX),
});

const UNPARSABLE = JSON.stringify(failed(ErrorCode.HTTP_UNPARSABLE, 'the HTTP request cannot be parsed'));

function answerUnparsableUrl(_error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  void reply.code(400).headers(ANSWER_HEADERS).send(Buffer.from(UNPARSABLE));
}

function answerUnparsableHttp(socket: Socket): void {
  if (!socket.writable || socket.bytesWritten > 0) {
    socket.destroy();
    return;
  }
  const headers = Object.entries(ANSWER_HEADERS).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(
    `HTTP/1.1 400 Bad Request\r\n${headers.join('')}connection: close\r\n` +
      `content-length: ${Buffer.byteLength(UNPARSABLE)}\r\n\r\n${UNPARSABLE}`,
  );
}
