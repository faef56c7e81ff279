// How many more of a kind a user may have, for the length of one call: read once, then kept in step with what the call adds.
// Calls that run at the same time do not see each other's additions: each may exceed the limit by what the others add meanwhile.
import type { AppId, UserId } from '@parley/kernel';
import type { relationv1 } from '@parley/proto';
import type { ListStore } from '../stores/list-store.js';

export class Quota {
  #used: Promise<number> | undefined;
  readonly #taken = new Set<string>();

  constructor(
    private readonly lists: ListStore,
    private readonly of: {
      readonly appId: AppId;
      readonly userId: UserId;
      readonly kind: relationv1.RelationKind;
      readonly max: number;
    },
  ) {}

  /** Keeps a place for `peer`, who has none yet. */
  async take(peer: UserId): Promise<boolean> {
    const { appId, userId, kind, max } = this.of;
    this.#used ??= this.lists.all(appId, userId, kind, max).then((rows) => rows.length);
    const used = await this.#used;
    if (this.#taken.has(peer)) return true;
    if (used + this.#taken.size >= max) return false;
    this.#taken.add(peer);
    return true;
  }

  /** The place was not needed. */
  free(peer: UserId): void {
    this.#taken.delete(peer);
  }
}
