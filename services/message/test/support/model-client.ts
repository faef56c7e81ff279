// A client that follows the watermark rules: pushes must be contiguous, gaps are synced, a pending
// hole is never passed, what is known is dropped.
import type { UserId } from '@parley/kernel';
import type { messagev1 } from '@parley/proto';
import { asUser, type MessageNode } from './message-world.js';

export class ModelClient {
  /** In the order of showing. */
  readonly shown: messagev1.Message[] = [];
  readonly #buffer = new Map<bigint, messagev1.Message>();
  #watermark = 0n;
  #serverTimeMs = 0n;
  #working: Promise<void> = Promise.resolve();

  constructor(
    private readonly user: UserId,
    private readonly peer: UserId,
    private readonly node: () => MessageNode,
  ) {}

  /** A push arrived. */
  take(message: messagev1.Message): void {
    if (message.seq <= this.#watermark) return;
    this.#buffer.set(message.seq, message);
    this.#drain();
    if (this.#buffer.size > 0) this.#later(() => this.#sync());
  }

  /** A new connection: what changed meanwhile is asked for. */
  reconnect(): Promise<void> {
    this.#later(async () => {
      const { conversations, serverTimeMs } = await this.node().client.listConversations(
        { changedAfterMs: this.#serverTimeMs },
        asUser(this.user),
      );
      this.#serverTimeMs = serverTimeMs - 10_000n;
      const head = conversations.find((one) => one.peer === this.peer)?.headSeq ?? 0n;
      if (head > this.#watermark) await this.#sync();
    });
    return this.settled();
  }

  /** Everything that was begun has ended. */
  settled(): Promise<void> {
    return this.#working;
  }

  #later(work: () => Promise<void>): void {
    // A server that is away is asked again with the next push or reconnect.
    this.#working = this.#working.then(work).catch(() => undefined);
  }

  async #sync(): Promise<void> {
    for (let hasMore = true; hasMore; ) {
      const page = await this.node().client.syncMessages(
        { peer: this.peer, afterSeq: this.#watermark, limit: 3 },
        asUser(this.user),
      );
      for (const message of page.messages) if (message.seq > this.#watermark) this.#show(message);
      if (page.completeTo > this.#watermark) this.#watermark = page.completeTo;
      this.#drain();
      ({ hasMore } = page);
    }
  }

  #drain(): void {
    for (const seq of [...this.#buffer.keys()].sort((a, b) => (a < b ? -1 : 1))) {
      const message = this.#buffer.get(seq);
      if (seq > this.#watermark + 1n || message === undefined) continue;
      this.#buffer.delete(seq);
      if (seq === this.#watermark + 1n) this.#show(message);
    }
  }

  #show(message: messagev1.Message): void {
    this.shown.push(message);
    this.#watermark = message.seq;
  }
}
