// Binds the door to the HTTP server: a visit begins with the first byte of a
// request and ends, with its one line of log, when the exchange is over.
import type { Clock } from '@parley/kernel';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Door } from '../door/door.js';
import type { Answer, Visit } from '../door/visit.js';
import { ANSWER_HEADERS, succeeded } from '../envelope.js';
import type { RequestEvents } from '../events.js';

const BODY_TYPE = 'application/octet-stream';

export interface VisitorsOptions {
  readonly door: Door;
  readonly events: RequestEvents;
  readonly clock: Clock;
}

export class Visitors {
  readonly #visits = new WeakMap<FastifyRequest, Visit>();
  #isLeaving = false;

  constructor(private readonly options: VisitorsOptions) {}

  /** Must run before routes are registered. */
  attach(server: FastifyInstance): void {
    server.removeAllContentTypeParsers();
    // JSON is parsed after the caller is known, in the door.
    server.addContentTypeParser(BODY_TYPE, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    server.addHook('onRequest', (request, reply) => this.#arrive(request, reply));
  }

  /** From now on every answer asks its connection to close, so that callers go elsewhere. */
  sendAway(): void {
    this.#isLeaving = true;
  }

  /** The rest of an admitted request. */
  async serve(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const visit = this.visitOf(request);
    const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    this.answer(visit, reply, await this.options.door.serve(visit, bytes));
  }

  visitOf(request: FastifyRequest): Visit {
    const known = this.#visits.get(request);
    return known ?? this.#begin(request);
  }

  answer(visit: Visit, reply: FastifyReply, answer: Answer): void {
    visit.answer = answer;
    void reply.code(answer.status).headers(ANSWER_HEADERS);
    if (this.#isLeaving || answer.status === 413) void reply.header('connection', 'close');
    if (answer.status === 405) void reply.header('allow', 'POST');
    void reply.send(Buffer.from(JSON.stringify(answer.envelope)));
  }

  async #arrive(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
    const { door, events } = this.options;
    const visit = this.#begin(request);
    door.enter();
    reply.raw.once('close', () => {
      door.leave();
      events.requestEnded(visit);
    });
    // A browser asks first; it learns the same from the headers of any answer.
    const answer = request.method === 'OPTIONS' ? PREFLIGHT : await door.admit(visit);
    if (answer === undefined) {
      // The server would refuse a content type that is no media type; here none means anything.
      request.raw.headers['content-type'] = BODY_TYPE;
      return undefined;
    }
    this.answer(visit, reply, answer);
    return reply;
  }

  #begin(request: FastifyRequest): Visit {
    const { method, url, headers } = request;
    const { traceparent } = headers;
    const traceParent = typeof traceparent === 'string' ? traceparent : undefined;
    const startedAtMs = this.options.clock.now();
    const visit: Visit = { arrival: { method, url, traceParent }, startedAtMs, bodyBytes: 0 };
    this.#visits.set(request, visit);
    return visit;
  }
}

const PREFLIGHT: Answer = { status: 200, envelope: succeeded() };
