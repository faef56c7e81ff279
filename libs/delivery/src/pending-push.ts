// One push on its way. It holds the caller's promise directly, so that a push
// costs one promise, whatever it passes through.
import type { AppId, ChatError, ConnectionId, UserId } from '@parley/kernel';
import type { PushTarget, RoomTarget } from './delivery.js';

export class PendingPush {
  /** What must end before the push is done: its dispatch, then one delivery per node. */
  #open = 1;
  #failure: ChatError | undefined;

  constructor(
    readonly target: PushTarget | RoomTarget,
    /** Each once; nobody when it goes to a room. */
    readonly userIds: readonly UserId[],
    /** The target, when it is a room. */
    readonly room: RoomTarget | undefined,
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

  /** What it counts in bounds: a room is one receiver. */
  get receivers(): number {
    return this.room === undefined ? this.userIds.length : 1;
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
