// One call on the serving side: its deadline, its cancellation, its one outcome.
//
//   running ──handler answers──▶ settled
//      │
//      └──deadline | caller gives up | transport closes──▶ settled, and the handler's signal aborts
import type { DescMethod } from '@bufbuild/protobuf';
import {
  type AppId,
  ChatError,
  type Clock,
  type ConnectionId,
  type NodeId,
  type UserId,
} from '@parley/kernel';
import type { CallContext, CallerRole, Platform } from './call-context.js';
import { callerGaveUp, deadlinePassed } from './failures.js';
import { methodPolicy } from './method-policy.js';
import type { Router } from './router.js';
import { type TimerWheel, WheelEntry } from './timer-wheel.js';

/** Where the outcome goes; exactly one of the two is called, once. */
export interface InvocationSink {
  succeeded(invocation: Invocation, response: Uint8Array): void;
  failed(invocation: Invocation, error: ChatError): void;
}

export interface InvocationTools {
  readonly router: Router;
  readonly clock: Clock;
  readonly wheel: TimerWheel;
}

/** Runs one call against a router. The handler sees a context whose deadline is always set. */
export class Invocation extends WheelEntry {
  #isSettled = false;
  #abort: AbortController | undefined;
  #abortReason: ChatError | undefined;
  #callerSignal: AbortSignal | undefined;
  readonly #fullName: string;

  constructor(
    private readonly tools: InvocationTools,
    private readonly sink: InvocationSink,
    private readonly method: DescMethod,
  ) {
    super();
    this.#fullName = methodPolicy(method).fullName;
  }

  /** Starts the handler in this turn, unless the call is over before it began. */
  run(request: Uint8Array, context: CallContext): void {
    const now = this.tools.clock.now();
    const deadlineMs = context.deadlineMs ?? now + methodPolicy(this.method).deadlineMs;
    const signal = context.signal;
    if (signal?.aborted === true) {
      this.cancel(callerGaveUp(this.#fullName));
      return;
    }
    if (deadlineMs <= now) {
      this.expire();
      return;
    }
    if (signal !== undefined) {
      this.#callerSignal = signal;
      signal.addEventListener('abort', this);
    }
    this.tools.wheel.arm(this, deadlineMs - now);
    this.tools.router.dispatch(this.method, request, new ServedContext(this, context, deadlineMs)).then(
      (response) => {
        if (this.#settle()) this.sink.succeeded(this, response);
      },
      (thrown: unknown) => {
        if (this.#settle()) this.sink.failed(this, ChatError.from(thrown));
      },
    );
  }

  /** Ends the call with an error; does nothing when it is over. */
  cancel(error: ChatError): void {
    if (!this.#settle()) return;
    this.#abortReason = error;
    this.#abort?.abort(error);
    this.sink.failed(this, error);
  }

  /** The caller's signal fired. */
  handleEvent(): void {
    this.cancel(callerGaveUp(this.#fullName));
  }

  override expire(): void {
    this.cancel(deadlinePassed(this.#fullName));
  }

  #settle(): boolean {
    if (this.#isSettled) return false;
    this.#isSettled = true;
    this.tools.wheel.disarm(this);
    this.#callerSignal?.removeEventListener('abort', this);
    return true;
  }

  /** The handler's; made when it first asks for it, which most never do. */
  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      this.#abort = new AbortController();
      if (this.#abortReason !== undefined) this.#abort.abort(this.#abortReason);
    }
    return this.#abort.signal;
  }
}

/**
 * What a handler sees. Its `signal` is no own property, so that it costs nothing until somebody asks for
 * it: who copies a context by `{...context}` must name the signal.
 */
class ServedContext implements CallContext {
  readonly appId: AppId;
  readonly userId: UserId;
  readonly role: CallerRole;
  readonly platform: Platform;
  readonly attempt: number;
  readonly firstAttemptAtMs?: number;
  readonly connectionId?: ConnectionId;
  readonly nodeId?: NodeId;
  readonly traceParent?: string;
  readonly #invocation: Invocation;

  constructor(
    invocation: Invocation,
    context: CallContext,
    readonly deadlineMs: number,
  ) {
    this.#invocation = invocation;
    this.appId = context.appId;
    this.userId = context.userId;
    this.role = context.role;
    this.platform = context.platform;
    this.attempt = context.attempt;
    if (context.firstAttemptAtMs !== undefined) this.firstAttemptAtMs = context.firstAttemptAtMs;
    if (context.connectionId !== undefined) this.connectionId = context.connectionId;
    if (context.nodeId !== undefined) this.nodeId = context.nodeId;
    if (context.traceParent !== undefined) this.traceParent = context.traceParent;
  }

  get signal(): AbortSignal {
    return this.#invocation.signal;
  }
}
