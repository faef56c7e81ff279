// The admin port: health, metrics, settings, log level and operator calls. Never public.
//
//   GET  /live /ready /metrics /config /log-level
//   PUT  /log-level                           a level as body, operator token
//   POST /v1/operator/<Service>/<Method>      proto JSON, Authorization: Bearer <operator token>
import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type DescMethod, fromBinary, fromJsonString, toBinary, toJsonString } from '@bufbuild/protobuf';
import { type AppId, ChatError, ErrorCode, type UserId } from '@parley/kernel';
import { CallerRole, Platform, type Router, type Transport } from '@parley/rpc';
import {
  isLogLevel,
  LOG_LEVELS,
  type LogRoot,
  type MetricRegistry,
  PROMETHEUS_CONTENT_TYPE,
} from '@parley/telemetry';
import type { ReadyState } from './manifest.js';

export interface AdminServerOptions {
  readonly host: string;
  readonly port: number;
  /** Says which methods there are. */
  readonly router: Router;
  /** Carries operator calls, with their deadlines. */
  readonly transport: Transport;
  readonly metrics: MetricRegistry;
  readonly logs: LogRoot;
  readonly ready: () => ReadyState;
  /** The settings as YAML, secrets masked. */
  readonly printConfig: () => string;
  readonly operatorToken: string;
}

const BODY_BYTES_MAX = 64 * 1024;
const CONNECTIONS_MAX = 256;
/** A request that has not arrived by then is given up. */
const RECEIVE_TIMEOUT_MS = 10_000;
const OPERATOR_PATH = '/v1/operator/';
const OPERATOR = 'operator' as UserId;
/** Operators stand outside every app. */
const NO_APP = 0 as AppId;

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly type?: string;
}

export class AdminServer {
  private readonly server: Server;

  constructor(private readonly options: AdminServerOptions) {
    const timeouts = { requestTimeout: RECEIVE_TIMEOUT_MS, headersTimeout: RECEIVE_TIMEOUT_MS };
    this.server = createServer(timeouts, (request, response) => void this.serve(request, response));
    this.server.maxConnections = CONNECTIONS_MAX;
  }

  /** @throws the socket's error, EADDRINUSE for instance. */
  async start(): Promise<void> {
    this.server.listen(this.options.port, this.options.host);
    await once(this.server, 'listening');
  }

  /** The port that it listens on, which the system chose when 0 was asked for. */
  get port(): number {
    const address = this.server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  async stop(): Promise<void> {
    if (!this.server.listening) return;
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = await this.answer(request).catch((thrown: unknown) => this.toFailure(thrown));
    response.writeHead(answer.status, {
      'content-type': answer.type ?? 'text/plain; charset=utf-8',
      // What was refused may still be arriving; nobody will read it.
      ...(request.complete ? undefined : { connection: 'close' }),
    });
    response.end(answer.body);
  }

  private async answer(request: IncomingMessage): Promise<Answer> {
    const path = (request.url ?? '/').replace(/[?#].*$/s, '');
    const key = `${request.method} ${path}`;
    if (key === 'GET /live') return { status: 200, body: 'live\n' };
    if (key === 'GET /ready') return this.readiness();
    if (key === 'GET /metrics') {
      return { status: 200, body: await this.options.metrics.collect(), type: PROMETHEUS_CONTENT_TYPE };
    }
    if (key === 'GET /config') return { status: 200, body: this.options.printConfig() };
    if (key === 'GET /log-level') return { status: 200, body: `${this.options.logs.level}\n` };
    if (key === 'PUT /log-level') return this.setLogLevel(request);
    if (request.method === 'POST' && path.startsWith(OPERATOR_PATH)) return this.operate(request, path);
    return { status: 404, body: 'not found\n' };
  }

  private readiness(): Answer {
    const { isReady, reason } = this.options.ready();
    return isReady ? { status: 200, body: 'ready\n' } : { status: 503, body: `${reason ?? 'not ready'}\n` };
  }

  private async setLogLevel(request: IncomingMessage): Promise<Answer> {
    this.authorise(request);
    const level = (await readBody(request)).trim();
    if (!isLogLevel(level))
      return { status: 400, body: `the body must be one of: ${LOG_LEVELS.join(', ')}\n` };
    this.options.logs.setLevel(level);
    return { status: 200, body: `${level}\n` };
  }

  private async operate(request: IncomingMessage, path: string): Promise<Answer> {
    this.authorise(request);
    const method = this.findMethod(path.slice(OPERATOR_PATH.length));
    const input = decodeJson(method, (await readBody(request)) || '{}');
    const output = await this.options.transport.call(method, toBinary(method.input, input), {
      appId: NO_APP,
      userId: OPERATOR,
      role: CallerRole.OPERATOR,
      platform: Platform.UNSPECIFIED,
      attempt: 0,
    });
    const body = toJsonString(method.output, fromBinary(method.output, output));
    return { status: 200, body, type: 'application/json' };
  }

  /** `Service/Method` without the package: operators type it. */
  private findMethod(name: string): DescMethod {
    const method = this.options.router
      .methods()
      .find((candidate) => `${candidate.parent.name}/${candidate.name}` === name);
    if (method) return method;
    throw new ChatError(ErrorCode.UNKNOWN_COMMAND, `no method ${name}`);
  }

  private authorise(request: IncomingMessage): void {
    const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const digest = (text: string) => createHash('sha256').update(text).digest();
    if (timingSafeEqual(digest(given), digest(this.options.operatorToken))) return;
    throw new ChatError(
      ErrorCode.IDENTITY_CHECK_FAILED,
      'the operator token is missing or wrong; send it as "Authorization: Bearer <token>"',
    );
  }

  private toFailure(thrown: unknown): Answer {
    const error = ChatError.from(thrown);
    if (error.code === ErrorCode.INTERNAL) {
      this.options.logs.logger('admin').error('admin.request.failed', { cause: error.cause });
    }
    const body = JSON.stringify({ code: error.code, info: error.info });
    return { status: STATUS_OF[error.code] ?? 400, body, type: 'application/json' };
  }
}

function decodeJson(method: DescMethod, json: string) {
  try {
    return fromJsonString(method.input, json);
  } catch (cause) {
    throw new ChatError(ErrorCode.BODY_NOT_JSON, `the body is no ${method.input.name} in JSON`, { cause });
  }
}

const STATUS_OF: Partial<Record<ErrorCode, number>> = {
  [ErrorCode.IDENTITY_CHECK_FAILED]: 401,
  [ErrorCode.UNKNOWN_COMMAND]: 404,
  [ErrorCode.FRAME_TOO_LARGE]: 413,
  [ErrorCode.INTERNAL]: 500,
  [ErrorCode.UNAVAILABLE]: 503,
  [ErrorCode.OVERLOADED]: 503,
  [ErrorCode.TIMEOUT]: 504,
};

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > BODY_BYTES_MAX)
        throw new ChatError(ErrorCode.FRAME_TOO_LARGE, `a body has at most ${BODY_BYTES_MAX} bytes`);
      chunks.push(chunk);
    }
  } catch (cause) {
    // Whoever hung up is no failure of ours.
    if (request.complete || cause instanceof ChatError) throw cause;
    throw new ChatError(ErrorCode.HTTP_UNPARSABLE, 'the body did not arrive whole', { cause });
  }
  return Buffer.concat(chunks).toString('utf8');
}
