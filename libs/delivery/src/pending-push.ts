// One push on its way. It holds the caller's promise directly, so that a push
// costs one promise, whatever it passes through.
import type { AppId, ChatError, ConnectionId, UserId } from '@parley/kernel';
import type { PushTarget } from './delivery.js';

export class PendingPush {
  /** What must end before the push is done: its dispatch, then one delivery per node. */
  #open = 1;
  #failure: ChatError | undefined;

  constructor(
    readonly target: PushTarget,
    /** Each once. */
    readonly userIds: readonly UserId[],
    /** An encoded parley.wire.v1.Push. */
    readonly bytes: Uint8Array,
    private readonly settle: (push: PendingPush, failure: ChatError | undefined) => void,
    readonly resolve: () => void,
    readonly reject: (error: ChatError) => void,
  ) {}

  get appId(): AppId {
    return this.target.appId;
  }

  get exceptConnectionId(): ConnectionId | undefined {
    return this.target.exceptConnectionId;
  }

  opened(): void {
    this.#open += 1;
  }

  /** One part ended. With the last one the push is done; it fails when any part failed. */
  closed(failure?: ChatError): void {
    this.#failure ??= failure;
    this.#open -= 1;
    if (this.#open === 0) this.settle(this, this.#failure);
  }
}
