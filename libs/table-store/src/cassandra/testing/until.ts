const POLL_MS = 50;

/** @throws Error, saying what was waited for. */
export async function until(
  what: string,
  waitMs: number,
  condition: () => boolean | Promise<boolean>,
): Promise<void> {
  const deadline = Date.now() + waitMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited ${waitMs} ms until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
