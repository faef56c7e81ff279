// The hot path between processes: all calls of a turn in one write on one
// long-lived stream. The stream itself lives in exchange-link.ts.
import type { DescMethod } from '@bufbuild/protobuf';
import { ChatError, type Clock, ErrorCode, systemClock } from '@parley/kernel';
import type { EndpointTransport } from '../balanced-transport.js';
import { CALLS_IN_FLIGHT_MAX, CallBudget } from '../call-budget.js';
import type { CallContext } from '../call-context.js';
import { callerGaveUp, deadlinePassed, requestTooLarge, transportClosed } from '../failures.js';
import { RPC_MESSAGE_BYTES_MAX } from '../limits.js';
import { methodPolicy } from '../method-policy.js';
import { sharedTimerWheel, type TimerWheel } from '../timer-wheel.js';
import { type CallOutcome, decodeOutcomes, encodeCalls, type OutgoingCall } from './batch-codec.js';
import { type GrpcTarget, openChannel, RECONNECT_PAUSE_MS_MAX, toBuffer } from './channel.js';
import { ExchangeLink, type ExchangeLinkEvents } from './exchange-link.js';
import { errorOf } from './outcome.js';
import { PendingCall, type PendingCallOwner } from './pending-call.js';

/** Calls and bytes of one write; ours. A larger call goes alone. */
const BATCH_CALLS_MAX = 256;
const BATCH_BYTES_MAX = 1024 * 1024;

export interface BatchTransportOptions extends GrpcTarget {
  /** Default 10,000; more is OVERLOADED. */
  readonly callsInFlightMax?: number;
  /** Pauses between attempts to open the stream, ms; default 100, doubling up to RECONNECT_PAUSE_MS_MAX, jittered. */
  readonly backoffBaseMs?: number;
  readonly backoffMaxMs?: number;
  readonly clock?: Clock;
  readonly wheel?: TimerWheel;
  readonly random?: () => number;
}

/**
 * A transport to one server over BatchService.Exchange. Calls reach the server in the order in
 * which they were made. A broken stream fails its calls with UNAVAILABLE and is opened again
 * with backoff; until then calls fail at once with UNAVAILABLE and the time to wait. Connects with the first call.
 */
export const createBatchTransport = (options: BatchTransportOptions): EndpointTransport =>
  new BatchTransport(options);

class BatchTransport implements EndpointTransport, ExchangeLinkEvents, PendingCallOwner {
  readonly #link: ExchangeLink;
  readonly #budget: CallBudget;
  readonly #clock: Clock;
  readonly #wheel: TimerWheel;
  readonly #inFlight = new Map<number, PendingCall>();
  /** Not written yet, in the order of the calls. */
  readonly #waiting = new Set<PendingCall>();
  #cancelled: number[] = [];
  #nextId = 1;
  #isFlushScheduled = false;
  #isClosed = false;

  constructor(options: BatchTransportOptions) {
    this.#clock = options.clock ?? systemClock;
    this.#wheel = options.wheel ?? sharedTimerWheel;
    this.#budget = new CallBudget(options.callsInFlightMax ?? CALLS_IN_FLIGHT_MAX);
    this.#link = new ExchangeLink(openChannel(options), this, {
      baseMs: options.backoffBaseMs ?? 100,
      maxMs: options.backoffMaxMs ?? RECONNECT_PAUSE_MS_MAX,
      random: options.random ?? Math.random,
    });
  }

  get isHealthy(): boolean {
    return this.#link.isHealthy;
  }

  call(method: DescMethod, request: Uint8Array, context: CallContext): Promise<Uint8Array> {
    const policy = methodPolicy(method);
    const now = this.#clock.now();
    const deadlineMs = context.deadlineMs ?? now + policy.deadlineMs;
    const refusal = this.#refusalOf(policy.fullName, request, context, deadlineMs - now);
    if (refusal !== undefined) return Promise.reject(refusal);
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      const call = new PendingCall(this, {
        id,
        method: policy.fullName,
        request,
        context,
        deadlineMs,
        resolve,
        reject,
      });
      this.#inFlight.set(id, call);
      this.#waiting.add(call);
      this.#wheel.arm(call, deadlineMs - now);
      call.watchSignal();
      this.#scheduleFlush();
    });
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#link.close();
    this.#failAll(transportClosed());
  }

  received(bytes: Buffer): void {
    let outcomes: CallOutcome[];
    try {
      outcomes = decodeOutcomes(bytes);
    } catch (cause) {
      // Which calls it answered is unknown.
      this.#failAll(new ChatError(ErrorCode.INTERNAL, 'malformed answer from another process', { cause }));
      return;
    }
    for (const outcome of outcomes) {
      const call = this.#inFlight.get(outcome.id);
      if (call === undefined) continue;
      this.#forget(call);
      if (outcome.code === 0) call.resolve(outcome.response);
      else call.reject(errorOf(outcome));
    }
  }

  broke(cause: unknown): void {
    const retryAfterMs = this.#link.pauseMs;
    this.#failAll(
      new ChatError(ErrorCode.UNAVAILABLE, 'the connection to the service broke', { cause, retryAfterMs }),
    );
  }

  drained(): void {
    this.#flush();
  }

  deadlinePassed(call: PendingCall): void {
    this.#abandon(call, deadlinePassed(call.method));
  }

  callerGaveUp(call: PendingCall): void {
    this.#abandon(call, callerGaveUp(call.method));
  }

  #refusalOf(
    fullName: string,
    request: Uint8Array,
    context: CallContext,
    timeLeftMs: number,
  ): ChatError | undefined {
    if (this.#isClosed) return transportClosed();
    if (context.signal?.aborted === true) return callerGaveUp(fullName);
    if (timeLeftMs <= 0) return deadlinePassed(fullName);
    if (request.byteLength > RPC_MESSAGE_BYTES_MAX) return requestTooLarge(fullName);
    const { pauseMs } = this.#link;
    if (pauseMs > 0) {
      const retryAfterMs = pauseMs;
      return new ChatError(ErrorCode.UNAVAILABLE, 'the service is not reachable', { retryAfterMs });
    }
    return this.#budget.take(request.byteLength);
  }

  #scheduleFlush(): void {
    if (this.#isFlushScheduled) return;
    this.#isFlushScheduled = true;
    // After all input of this turn has been read: what it brought leaves in one write.
    setImmediate(() => {
      this.#isFlushScheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    while (this.#link.canWrite && (this.#waiting.size > 0 || this.#cancelled.length > 0)) {
      const cancelled = this.#cancelled.splice(0);
      const now = this.#clock.now();
      this.#link.write(toBuffer(encodeCalls(this.#takeBatch(now), cancelled, now)));
    }
  }

  #takeBatch(now: number): OutgoingCall[] {
    const batch: OutgoingCall[] = [];
    let bytes = 0;
    for (const call of this.#waiting) {
      bytes += call.request.byteLength;
      if (batch.length === BATCH_CALLS_MAX || (batch.length > 0 && bytes > BATCH_BYTES_MAX)) break;
      this.#waiting.delete(call);
      batch.push(call.toOutgoing(now));
    }
    return batch;
  }

  #abandon(call: PendingCall, error: ChatError): void {
    if (call.isSent) {
      this.#cancelled.push(call.id);
      this.#scheduleFlush();
    }
    this.#forget(call);
    call.reject(error);
  }

  #forget(call: PendingCall): void {
    this.#inFlight.delete(call.id);
    this.#waiting.delete(call);
    this.#wheel.disarm(call);
    call.unwatchSignal();
    this.#budget.release(call.request.byteLength);
  }

  #failAll(error: ChatError): void {
    this.#waiting.clear();
    this.#cancelled = [];
    for (const call of [...this.#inFlight.values()]) {
      this.#forget(call);
      call.reject(error);
    }
  }
}
