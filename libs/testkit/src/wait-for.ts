// Waiting for conditions, so that no test sleeps.

export interface WaitOptions {
  /** What is waited for, for the failure's message. */
  readonly what?: string;
  /** Default 10,000. */
  readonly timeoutMs?: number;
}

const POLL_MS = 5;

/** Polls until `condition` is truthy and answers its value. @throws Error when the time is over, with the last failure as its cause. */
export async function waitFor<T>(condition: () => T | Promise<T>, options: WaitOptions = {}): Promise<T> {
  const timeoutMs = options.timeoutMs ?? 10_000;
  const deadline = Date.now() + timeoutMs;
  let failure: unknown;
  for (;;) {
    try {
      const value = await condition();
      if (value) return value;
    } catch (thrown) {
      failure = thrown;
    }
    if (Date.now() > deadline) {
      throw new Error(`waited ${timeoutMs} ms for ${options.what ?? condition}`, { cause: failure });
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
