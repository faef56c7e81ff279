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
 * the call's deadline, at most `attemptsMax` attempts. Counts `context.attempt` up, and says when a first attempt began
 * where it gave the deadline itself.
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

  /** A first attempt that succeeds costs nothing but the look at its failure. */
  call(method: DescMethod, request: Uint8Array, context: CallContext): Promise<Uint8Array> {
    const policy = methodPolicy(method);
    const first = this.inner.call(method, request, context);
    if (!policy.isIdempotent) return first;
    const deadlineMs = context.deadlineMs ?? this.options.clock.now() + policy.deadlineMs;
    return first.catch((thrown: unknown) =>
      this.#again({ method, request, context, deadlineMs }, ChatError.from(thrown)),
    );
  }

  async #again(call: RetriedCall, firstError: ChatError): Promise<Uint8Array> {
    const { method, request, context, deadlineMs } = call;
    let error = firstError;
    for (let attempt = 1; ; attempt++) {
      const pauseMs = this.#pauseMs(error, attempt - 1);
      const isTooLate = this.options.clock.now() + pauseMs >= deadlineMs;
      if (error.code !== ErrorCode.UNAVAILABLE || attempt >= this.options.attemptsMax || isTooLate)
        throw error;
      await pause(pauseMs, context.signal, error);
      try {
        return await this.inner.call(method, request, attemptContext(call, attempt));
      } catch (thrown) {
        error = ChatError.from(thrown);
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

interface RetriedCall {
  readonly method: DescMethod;
  readonly request: Uint8Array;
  readonly context: CallContext;
  readonly deadlineMs: number;
}

/** The signal is named: a served call's context makes it when asked, and copies nothing that was not asked for. */
function attemptContext(call: RetriedCall, attempt: number): CallContext {
  const { context, deadlineMs } = call;
  const { signal } = context;
  const again = { ...context, attempt: context.attempt + attempt, deadlineMs, ...firstAttemptOf(call) };
  return signal === undefined ? again : { ...again, signal };
}

/** Whoever had no deadline got one that counts from the first attempt. */
function firstAttemptOf({ method, context, deadlineMs }: RetriedCall): Pick<CallContext, 'firstAttemptAtMs'> {
  if (context.attempt > 0 || context.deadlineMs !== undefined) return {};
  return { firstAttemptAtMs: deadlineMs - methodPolicy(method).deadlineMs };
}

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
