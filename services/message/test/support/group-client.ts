// A member's device that follows the watermark rules; see ModelClient. When its user joins, it begins anew, with a sync:
// only that says what of what arrives is the user's to see.
import type { UserId } from '@parley/kernel';
import type { messagev1 } from '@parley/proto';
import type { GroupWorld } from './group-world.js';
import { textOf } from './message-world.js';

export class GroupClient {
  #shown: messagev1.Message[] = [];
  #watermark = 0n;
  #hasSynced = false;
  readonly #buffer = new Map<bigint, messagev1.Message>();
  #working: Promise<void> = Promise.resolve();

  constructor(
    private readonly user: UserId,
    private readonly group: GroupWorld,
  ) {}

  /** The user came in. */
  open(): void {
    this.#shown = [];
    this.#watermark = 0n;
    this.#hasSynced = false;
    this.#buffer.clear();
  }

  /** A push arrived. */
  take(message: messagev1.Message): void {
    if (message.seq <= this.#watermark) return;
    this.#buffer.set(message.seq, message);
    if (this.#hasSynced) this.#drain();
    if (this.#buffer.size > 0) void this.sync();
  }

  sync(): Promise<void> {
    // A server that is away, or that says one is no member, is asked again later.
    this.#working = this.#working.then(() => this.#sync()).catch(() => undefined);
    return this.#working;
  }

  settled(): Promise<void> {
    return this.#working;
  }

  shown(): { id: string; seq: bigint }[] {
    return this.#shown.map((message) => ({ id: textOf(message), seq: message.seq }));
  }

  async #sync(): Promise<void> {
    for (let hasMore = true; hasMore; ) {
      const page = await this.group.sync(this.user, this.#watermark);
      for (const message of page.messages) if (message.seq > this.#watermark) this.#show(message);
      if (page.completeTo > this.#watermark) this.#watermark = page.completeTo;
      this.#hasSynced = true;
      this.#drain();
      ({ hasMore } = page);
    }
  }

  #drain(): void {
    for (const seq of [...this.#buffer.keys()].sort((a, b) => (a < b ? -1 : 1))) {
      const message = this.#buffer.get(seq);
      if (message === undefined || seq > this.#watermark + 1n) continue;
      this.#buffer.delete(seq);
      if (seq === this.#watermark + 1n) this.#show(message);
    }
  }

  #show(message: messagev1.Message): void {
    this.#shown.push(message);
    this.#watermark = message.seq;
  }
}
