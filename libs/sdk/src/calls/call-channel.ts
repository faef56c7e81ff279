// Many calls on one socket: ids, the bound in flight, the queue before it, timeouts.
import { encodeCallFrame, type ReplyFrame } from '@parley/wire';
import { CALLS_WAITING_MAX } from '../constants/limits.js';
import { FailureCode } from '../events/failure.js';
import type { CancelTimer, SharedTimer } from '../time/shared-timer.js';
import type { CallOutcome } from './call-outcome.js';

export interface CallAttempt {
  readonly method: number;
  readonly request: Uint8Array;
  /** 0 for a first attempt. */
  readonly attempt: number;
  /** Of a repetition: asked when it goes out, how long ago the first attempt began, whole ms. Absent: unknown. */
  readonly firstAttemptAgeMs?: () => number;
  readonly timeoutMs: number;
}

export interface ChannelBounds {
  readonly callsInFlightMax: number;
  readonly frameBytesMax: number;
}

interface PendingCall extends CallAttempt {
  readonly settle: (outcome: CallOutcome) => void;
  cancelTimeout: CancelTimer;
}

interface OpenWaiter {
  readonly resolve: (isOpen: boolean) => void;
  readonly cancelTimeout: CancelTimer;
}

const UINT32_MAX = 0xffff_ffff;
const LOST: CallOutcome = { kind: 'lost' };
const LATE: CallOutcome = { kind: 'late' };

/** A call's promise always resolves: with its answer, or with why there is none. */
export class CallChannel {
  private bounds: ChannelBounds | undefined;
  private readonly inFlight = new Map<number, PendingCall>();
  private readonly waiting: PendingCall[] = [];
  private openWaiters = new Set<OpenWaiter>();
  private lastId = 0;
  private isAbandoned = false;

  constructor(
    private readonly transmit: (frame: Uint8Array) => boolean,
    private readonly timer: SharedTimer,
  ) {}

  get isOpen(): boolean {
    return this.bounds !== undefined;
  }

  /** A fresh socket is ready. What was in flight on an older one is lost. */
  open(bounds: ChannelBounds): void {
    this.lose();
    this.bounds = { ...bounds, callsInFlightMax: Math.max(1, bounds.callsInFlightMax) };
    const waiters = this.openWaiters;
    this.openWaiters = new Set();
    for (const waiter of waiters) {
      waiter.cancelTimeout();
      waiter.resolve(true);
    }
  }

  /** The socket is gone: every call, sent or not, is lost. */
  lose(): void {
    this.bounds = undefined;
    const calls = [...this.inFlight.values(), ...this.waiting.splice(0)];
    this.inFlight.clear();
    for (const call of calls) finish(call, LOST);
  }

  /** The session is over: nobody waits any longer. */
  abandon(): void {
    this.isAbandoned = true;
    this.lose();
    const waiters = this.openWaiters;
    this.openWaiters = new Set();
    for (const waiter of waiters) {
      waiter.cancelTimeout();
      waiter.resolve(false);
    }
  }

  /** Resolves with whether the channel opened within the time. */
  untilOpen(timeoutMs: number): Promise<boolean> {
    if (this.isOpen) return Promise.resolve(true);
    const mayWait = !this.isAbandoned && timeoutMs > 0 && this.openWaiters.size < CALLS_WAITING_MAX;
    if (!mayWait) return Promise.resolve(false);
    return new Promise((resolve) => {
      const waiter: OpenWaiter = {
        resolve,
        cancelTimeout: this.timer.after(timeoutMs, () => {
          this.openWaiters.delete(waiter);
          resolve(false);
        }),
      };
      this.openWaiters.add(waiter);
    });
  }

  call(attempt: CallAttempt): Promise<CallOutcome> {
    if (this.bounds === undefined) return Promise.resolve(LOST);
    const refusal = this.refusalOf(attempt, this.bounds);
    if (refusal !== undefined) return Promise.resolve(refusal);
    return new Promise((settle) => {
      const call: PendingCall = { ...attempt, settle, cancelTimeout: () => undefined };
      call.cancelTimeout = this.timer.after(attempt.timeoutMs, () => this.drop(call));
      this.waiting.push(call);
      this.pump();
    });
  }

  /** The answer to a call; ignored when nobody waits for it. */
  accept(reply: ReplyFrame): void {
    const call = this.inFlight.get(reply.id);
    if (call === undefined) return;
    this.inFlight.delete(reply.id);
    const { code, info, response, retryAfterMs } = reply;
    finish(call, { kind: 'answered', code, info, response, retryAfterMs });
    this.pump();
  }

  private refusalOf(attempt: CallAttempt, bounds: ChannelBounds): CallOutcome | undefined {
    // 32: the envelope's tags and numbers at their longest.
    if (bounds.frameBytesMax > 0 && attempt.request.length + 32 > bounds.frameBytesMax) {
      return {
        kind: 'refused',
        code: FailureCode.FRAME_TOO_LARGE,
        info: 'the request exceeds the frame limit',
      };
    }
    if (this.waiting.length < CALLS_WAITING_MAX) return undefined;
    return { kind: 'refused', code: FailureCode.TOO_MANY_REQUESTS, info: 'too many calls wait already' };
  }

  private pump(): void {
    while (this.bounds !== undefined && this.inFlight.size < this.bounds.callsInFlightMax) {
      const call = this.waiting.shift();
      if (call === undefined) return;
      const id = this.nextId();
      this.inFlight.set(id, call);
      const { method, request, attempt } = call;
      const ageMs = call.firstAttemptAgeMs?.() ?? 0;
      const firstAttemptAgeMs = ageMs > UINT32_MAX ? 0 : ageMs;
      // A socket that takes no frame reports its end by itself, and that loses the call.
      this.transmit(encodeCallFrame({ id, method, request, attempt, firstAttemptAgeMs }));
    }
  }

  private nextId(): number {
    do {
      this.lastId = this.lastId === UINT32_MAX ? 1 : this.lastId + 1;
    } while (this.inFlight.has(this.lastId));
    return this.lastId;
  }

  private drop(call: PendingCall): void {
    const place = this.waiting.indexOf(call);
    if (place >= 0) this.waiting.splice(place, 1);
    for (const [id, other] of this.inFlight) {
      if (other === call) this.inFlight.delete(id);
    }
    finish(call, LATE);
    this.pump();
  }
}

function finish(call: PendingCall, outcome: CallOutcome): void {
  call.cancelTimeout();
  call.settle(outcome);
}
