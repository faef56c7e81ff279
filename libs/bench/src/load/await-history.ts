// When the work that a load left behind is done: history is written after the ack, so a load that ends early would
// look cheaper than it is.
import { userTarget } from './chat-target.js';
import type { RawClient } from './raw-client.js';

const WITHIN_MS = 60_000;
const AT_ONCE = 20;
const RETRY_PAUSE_MS = 100;

/**
 * Resolves when every client can read its conversation, which a server answers only when all that was acknowledged
 * is written. @throws Error with the last refusal after a minute.
 */
export async function awaitHistory(
  clients: readonly RawClient[],
  peerOf: (index: number) => string,
): Promise<void> {
  let next = 0;
  const deadlineMs = performance.now() + WITHIN_MS;
  const run = async (): Promise<void> => {
    while (next < clients.length) {
      const index = next++;
      await readOnce(clients[index], peerOf(index), deadlineMs);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, run));
}

async function readOnce(client: RawClient | undefined, peer: string, deadlineMs: number): Promise<void> {
  for (;;) {
    try {
      await client?.listMessages(userTarget(peer), 1);
      return;
    } catch (thrown) {
      if (performance.now() > deadlineMs) throw thrown;
      await new Promise((resolve) => setTimeout(resolve, RETRY_PAUSE_MS));
    }
  }
}
