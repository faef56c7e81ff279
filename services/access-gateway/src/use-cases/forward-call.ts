// One call of a client: limits, identity, forwarding, reply. The request and the
// response are bytes here; nobody decodes them.
import type { DescMethod } from '@bufbuild/protobuf';
import { ChatError, type Clock, ErrorCode, type NodeId } from '@parley/kernel';
import { authv1 } from '@parley/proto';
import { type CallContext, CallerRole, methodPolicy, RateClass, type Transport } from '@parley/rpc';
import { type CallFrame, successReplyFrameBytes } from '@parley/wire';
import type { Connection } from '../connections/connection.js';
import type { ConnectionCloser } from '../connections/connection-closer.js';
import type { Outbox } from '../connections/outbox.js';
import { frameReply } from '../connections/websocket-frame.js';
import { type RateLimit, takeToken, waitForToken } from '../domain/rate-limit.js';
import type { CallRefusal, GatewayEvents } from '../events.js';

export type RateLimits = Readonly<Record<RateClass, RateLimit>>;

export interface ForwardCallOptions {
  readonly transport: Transport;
  readonly methods: ReadonlyMap<number, DescMethod>;
  readonly limits: RateLimits;
  readonly callsInFlightMax: number;
  readonly bytesInFlightMax: number;
  readonly outgoingBytesMax: number;
  readonly outbox: Outbox;
  readonly closer: ConnectionCloser;
  readonly events: GatewayEvents;
  readonly clock: Clock;
  readonly nodeId: NodeId;
}

interface Refusal {
  readonly code: ErrorCode;
  readonly info: string;
  readonly retryAfterMs: number;
}

interface AnsweredCall {
  readonly id: number;
  readonly method: DescMethod;
  readonly startedAtMs: number;
}

/** When to repeat what failed for the moment, if the one who failed did not say, ms. */
const RETRY_AFTER_MS = 1_000;
/** Largest WebSocket head of a server's frame. */
const FRAME_HEAD_MAX = 10;
const NO_BYTES = new Uint8Array(0);

export class ForwardCall {
  constructor(private readonly parts: ForwardCallOptions) {}

  /** Calls of one connection reach the transport in the order in which they are given here. */
  accept(connection: Connection, call: CallFrame, nowMs: number): void {
    const method = this.parts.methods.get(call.method);
    if (method === undefined) {
      this.#refuse(connection, call.id, 'unknown_method', {
        code: ErrorCode.UNKNOWN_COMMAND,
        info: `there is no method ${call.method}`,
        retryAfterMs: 0,
      });
      return;
    }
    if (!this.#hasRoom(connection, call)) return;
    if (!this.#hasToken(connection, call, methodPolicy(method).rateClass, nowMs)) return;
    this.#run(connection, call, method, nowMs);
  }

  #hasRoom(connection: Connection, call: CallFrame): boolean {
    const { callsInFlightMax, bytesInFlightMax } = this.parts;
    const isFull =
      connection.callsInFlight >= callsInFlightMax ||
      (connection.callsInFlight > 0 && connection.bytesInFlight + call.request.length > bytesInFlightMax);
    if (!isFull) return true;
    this.#refuse(connection, call.id, 'in_flight', {
      code: ErrorCode.TOO_MANY_CALLS_IN_FLIGHT,
      info: `more than ${callsInFlightMax} calls, or ${bytesInFlightMax} bytes of calls, wait for their replies`,
      retryAfterMs: RETRY_AFTER_MS,
    });
    return false;
  }

  #hasToken(connection: Connection, call: CallFrame, rateClass: RateClass, nowMs: number): boolean {
    const limit = this.parts.limits[rateClass];
    const fullAtMs = connection.bucketsFullAtMs[rateClass] ?? 0;
    const retryAfterMs = waitForToken(limit, fullAtMs, nowMs);
    if (retryAfterMs > 0) {
      this.#refuse(connection, call.id, 'rate', {
        code: ErrorCode.CALL_RATE_EXCEEDED,
        info: `more than ${limit.perSecond} calls of class ${RateClass[rateClass]} in a second`,
        retryAfterMs,
      });
      return false;
    }
    connection.bucketsFullAtMs[rateClass] = takeToken(limit, fullAtMs, nowMs);
    return true;
  }

  /** No async function: of the calls in flight a node holds many, and each would keep a suspended frame. */
  #run(connection: Connection, call: CallFrame, method: DescMethod, startedAtMs: number): void {
    const requestBytes = call.request.length;
    const { id } = call;
    connection.callsInFlight += 1;
    connection.bytesInFlight += requestBytes;
    this.parts.transport.call(method, call.request, this.#contextOf(connection, call, startedAtMs)).then(
      (response) => {
        this.#ended(connection, requestBytes);
        this.#answered(connection, { id, method, startedAtMs }, response);
      },
      (thrown: unknown) => {
        this.#ended(connection, requestBytes);
        this.#failed(connection, { id, startedAtMs }, thrown);
      },
    );
  }

  #ended(connection: Connection, requestBytes: number): void {
    connection.callsInFlight -= 1;
    connection.bytesInFlight -= requestBytes;
  }

  #answered(connection: Connection, call: AnsweredCall, response: Uint8Array): void {
    const { events, clock, closer } = this.parts;
    try {
      events.callAnswered(clock.now() - call.startedAtMs);
      this.#succeed(connection, call.id, response);
      if (call.method === authv1.AuthService.method.logout)
        closer.end(connection, 'logged_out', 'logged out');
    } catch (thrown) {
      this.#failed(connection, call, thrown);
    }
  }

  #failed(connection: Connection, call: Pick<AnsweredCall, 'id' | 'startedAtMs'>, thrown: unknown): void {
    this.parts.events.callFailed(this.parts.clock.now() - call.startedAtMs);
    this.#fail(connection, call.id, thrown);
  }

  #contextOf(connection: Connection, call: CallFrame, nowMs: number): CallContext {
    const { attempt, firstAttemptAgeMs } = call;
    const context = {
      appId: connection.appId,
      userId: connection.userId,
      role: CallerRole.USER,
      platform: connection.platform,
      connectionId: connection.id,
      nodeId: this.parts.nodeId,
      attempt,
    };
    // First attempts, which most are, have no such time, and stay one object.
    return attempt === 0 || firstAttemptAgeMs === 0
      ? context
      : { ...context, firstAttemptAtMs: nowMs - firstAttemptAgeMs };
  }

  /** A reply that does not fit is replaced by a small one: only who reads too slowly loses the connection. */
  #succeed(connection: Connection, id: number, response: Uint8Array): void {
    const { outbox, outgoingBytesMax } = this.parts;
    const bytes = successReplyFrameBytes(id, response.length) + FRAME_HEAD_MAX;
    if (bytes > outgoingBytesMax) {
      this.#refuse(connection, id, 'reply_too_large', {
        code: ErrorCode.FRAME_TOO_LARGE,
        info: `the answer has ${response.length} bytes; ask for less at once`,
        retryAfterMs: 0,
      });
    } else if (bytes > outbox.roomFor(connection)) {
      this.#refuse(connection, id, 'outgoing_full', {
        code: ErrorCode.OVERLOADED,
        info: 'answers are read too slowly on this connection',
        retryAfterMs: RETRY_AFTER_MS,
      });
    } else this.#reply(connection, { id, code: 0, info: '', response, retryAfterMs: 0 });
  }

  #fail(connection: Connection, id: number, thrown: unknown): void {
    if (!(thrown instanceof ChatError)) this.parts.events.failed('call.failed', connection, thrown);
    const error = ChatError.from(thrown);
    const retryAfterMs = error.retryAfterMs === 0 && error.isRetryable ? RETRY_AFTER_MS : error.retryAfterMs;
    this.#reply(connection, { id, code: error.code, info: error.info, response: NO_BYTES, retryAfterMs });
  }

  #refuse(connection: Connection, id: number, reason: CallRefusal, refusal: Refusal): void {
    this.parts.events.callRefused(reason);
    this.#reply(connection, { id, ...refusal, response: NO_BYTES });
  }

  #reply(connection: Connection, reply: Parameters<typeof frameReply>[0]): void {
    const { outbox, closer, events } = this.parts;
    if (!connection.isLive) return;
    events.frameQueued();
    if (outbox.enqueue(connection, frameReply(reply))) return;
    closer.end(connection, 'slow_reader', 'replies are read too slowly');
  }
}
