// A Cassandra node that one test file owns: it may stop, kill and start it.
import { OwnEngine } from '@parley/test-engines';

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

/** Undefined, after saying why, when none can be started here. */
export async function startCassandra(): Promise<OwnEngine | undefined> {
  try {
    return await OwnEngine.start('cassandra');
  } catch (thrown) {
    process.stderr.write(`no Cassandra of its own: ${(thrown as Error).message}\n`);
    return undefined;
  }
}
