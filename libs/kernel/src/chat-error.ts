// The one error type that crosses a border, and the one converter to it.
import { ErrorCode, isRetryable } from './error-code.js';

export interface ChatErrorOptions {
  /** For logs only; never sent to a caller. */
  cause?: unknown;
  /** The caller may try again after this time. */
  retryAfterMs?: number;
}

/**
 * A failure with its public code. `info` is sent to the caller: it says what is
 * wrong and, where there is one, the remedy; it never holds secrets or content.
 */
export class ChatError extends Error {
  readonly code: ErrorCode;
  readonly info: string;
  readonly retryAfterMs: number;

  constructor(code: ErrorCode, info: string, options: ChatErrorOptions = {}) {
    super(`${ErrorCode[code]} (${code}): ${info}`, { cause: options.cause });
    this.name = 'ChatError';
    this.code = code;
    this.info = info;
    this.retryAfterMs = options.retryAfterMs ?? 0;
  }

  get isRetryable(): boolean {
    return isRetryable(this.code);
  }

  /** Any thrown value as a ChatError; what is not one becomes INTERNAL with the cause kept for the log. */
  static from(thrown: unknown): ChatError {
    if (thrown instanceof ChatError) return thrown;
    return new ChatError(ErrorCode.INTERNAL, 'internal error', { cause: thrown });
  }
}
