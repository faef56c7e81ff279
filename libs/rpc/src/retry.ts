// Retries as a transport around a transport.
import type { DescMethod } from '@bufbuild/protobuf';
import { ChatError, type Clock, ErrorCode, systemClock } from '@parley/kernel';
import type { CallContext } from './call-context.js';
import { methodPolicy } from './method-policy.js';
import type { Transport } from './transport.js';

export interface RetryOptions {
  /** Attempts in all, the first included; default 4. */
  readonly attemptsMax?: number;
  /** Upper bound of the first pause, ms; doubles with every attempt; default 50. */
  readonly backoffBaseMs?: number;
  /** Upper bound of any pause, ms; default 1,000. */
  readonly backoffMaxMs?: number;
  readonly clock?: Clock;
  /** Uniform in [0, 1); default Math.random. */
  readonly random?: () => number;
}

/**
 * Sends idempotent methods again when, and only when, the answer was UNAVAILABLE:
 * exponential backoff with full jitter, at least the answer's retryAfterMs, never beyond
 * the call's deadline, at most `attemptsMax` attempts. Counts `context.attempt` up.
 * The last error is the one that is thrown.
 */
export const withRetry = (transport: Transport, options: RetryOptions = {}): Transport =>
  new RetryingTransport(transport, {
    attemptsMax: options.attemptsMax ?? 4,
    backoffBaseMs: options.backoffBaseMs ?? 50,
    backoffMaxMs: options.backoffMaxMs ?? 1_000,
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
  });

class RetryingTransport implements Transport {
  constructor(
    private readonly inner: Transport,
    private readonly options: Required<RetryOptions>,
  ) {}

  async call(method: DescMethod, request: Uint8Array, context: CallContext): Promise<Uint8Array> {
    const policy = methodPolicy(method);
    if (!policy.isIdempotent) return this.inner.call(method, request, context);
    const deadlineMs = context.deadlineMs ?? this.options.clock.now() + policy.deadlineMs;
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.inner.call(method, request, attemptContext(context, attempt, deadlineMs));
      } catch (thrown) {
        const error = ChatError.from(thrown);
        const pauseMs = this.#pauseMs(error, attempt);
        const isTooLate = this.options.clock.now() + pauseMs >= deadlineMs;
        if (error.code !== ErrorCode.UNAVAILABLE || attempt + 1 >= this.options.attemptsMax || isTooLate) {
          throw error;
        }
        await pause(pauseMs, context.signal, error);
      }
    }
  }

  close(): Promise<void> {
    return this.inner.close();
  }

  #pauseMs(error: ChatError, attempt: number): number {
    const ceiling = Math.min(this.options.backoffMaxMs, this.options.backoffBaseMs * 2 ** attempt);
    return Math.max(error.retryAfterMs, this.options.random() * ceiling);
  }
}

const attemptContext = (context: CallContext, attempt: number, deadlineMs: number): CallContext =>
  attempt === 0 ? context : { ...context, attempt: context.attempt + attempt, deadlineMs };

/** Rejects with the last error when the caller gives up meanwhile. */
function pause(ms: number, signal: AbortSignal | undefined, lastError: ChatError): Promise<void> {
  if (signal?.aborted === true) return Promise.reject(lastError);
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(lastError);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
