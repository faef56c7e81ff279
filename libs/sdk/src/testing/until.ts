// Waiting for a condition, for tests in real time.

/** Resolves when the condition holds. @throws Error when it does not within the time. */
export async function until(condition: () => boolean, timeoutMs = 20_000): Promise<void> {
  const deadlineMs = Date.now() + timeoutMs;
  while (!condition()) {
    if (Date.now() > deadlineMs) throw new Error(`not within ${timeoutMs} ms: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
