// Calls within one process. Only encoded bytes pass, so nobody can share objects.
import type { DescMethod } from '@bufbuild/protobuf';
import { type ChatError, type Clock, systemClock } from '@parley/kernel';
import type { CallContext } from './call-context.js';
import { transportClosed } from './failures.js';
import { Invocation, type InvocationSink, type InvocationTools } from './invocation.js';
import type { Router } from './router.js';
import { sharedTimerWheel, type TimerWheel } from './timer-wheel.js';
import type { Transport } from './transport.js';

export interface InProcessTransportOptions {
  readonly router: Router;
  readonly clock?: Clock;
  readonly wheel?: TimerWheel;
}

/**
 * Calls start their handlers in the order in which they were made. Closing fails
 * the calls in flight, and later ones, with UNAVAILABLE.
 */
export const createInProcessTransport = (options: InProcessTransportOptions): Transport =>
  new InProcessTransport({
    router: options.router,
    clock: options.clock ?? systemClock,
    wheel: options.wheel ?? sharedTimerWheel,
  });

class InProcessTransport implements Transport {
  readonly #inFlight = new Set<Invocation>();
  #isClosed = false;

  constructor(private readonly tools: InvocationTools) {}

  call(method: DescMethod, request: Uint8Array, context: CallContext): Promise<Uint8Array> {
    if (this.#isClosed) return Promise.reject(transportClosed());
    return new Promise((resolve, reject) => {
      const invocation = new Invocation(this.tools, new PromiseSink(resolve, reject, this.#inFlight), method);
      this.#inFlight.add(invocation);
      invocation.run(request, context);
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const invocation of [...this.#inFlight]) invocation.cancel(transportClosed());
  }
}

class PromiseSink implements InvocationSink {
  constructor(
    private readonly resolve: (response: Uint8Array) => void,
    private readonly reject: (error: ChatError) => void,
    private readonly inFlight: Set<Invocation>,
  ) {}

  succeeded(invocation: Invocation, response: Uint8Array): void {
    this.inFlight.delete(invocation);
    this.resolve(response);
  }

  failed(invocation: Invocation, error: ChatError): void {
    this.inFlight.delete(invocation);
    this.reject(error);
  }
}
