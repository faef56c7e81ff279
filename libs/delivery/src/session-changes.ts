// Whose sessions changed, for whoever tells others of it: some hashes in coordination, a field a user and kind of change.
//
// It is written beside the session and nobody waits for it. However often a user comes and goes before somebody looks, there is one
// field of each kind. Whoever works on fields moves them into hashes of their own first, where the next one finds them if it dies.
import type { Coordination, Hash } from '@parley/coordination';
import type { AppId, UserId } from '@parley/kernel';
import type { Platform } from '@parley/rpc';
import { CHANGES_PER_WRITE_MAX } from './limits.js';
import { shardOf } from './shards.js';

/** `back`: registered again after the registry had lost it. `custom`: no session changed, but what is said of the user. */
export type SessionChangeKind = 'came' | 'back' | 'logout' | 'lost' | 'custom';

export interface SessionChange {
  readonly appId: AppId;
  readonly userId: UserId;
  readonly kind: SessionChangeKind;
  readonly platform: Platform;
}

const SHARDS = Array.from({ length: 16 }, (_, at) => at);
const FIELD = /^(came|back|logout|lost|custom) (\d{1,10}) (.+)$/s;

const waitingKey = (shard: number): string => `session-changes:{${shard}}`;
const takenKey = (shard: number): string => `session-changes-taken:{${shard}}`;
const fieldOf = ({ kind, appId, userId }: SessionChange): string => `${kind} ${appId} ${userId}`;
const placeOf = ({ userId }: SessionChange): number => shardOf(userId, SHARDS.length);

/**
 * At most 10,000 changes wait in each of 16 hashes; then notice() rejects with OVERLOADED. Everything may be lost
 * with the rest of coordination. Rejects with the codes of Coordination.
 */
export class SessionChanges {
  constructor(private readonly coordination: Coordination) {}

  async notice(change: SessionChange): Promise<void> {
    await this.coordination.hashSet(waitingKey(placeOf(change)), {
      [fieldOf(change)]: String(change.platform),
    });
  }

  async noticeAll(changes: readonly SessionChange[]): Promise<void> {
    await this.#eachHash(changes, (shard, hash) => this.coordination.hashSet(waitingKey(shard), hash));
  }

  /** Everything that nobody works on. */
  async waiting(): Promise<SessionChange[]> {
    return this.#read(waitingKey);
  }

  /** What whoever died was working on. */
  async taken(): Promise<SessionChange[]> {
    return this.#read(takenKey);
  }

  async take(changes: readonly SessionChange[]): Promise<void> {
    await this.#eachHash(changes, async (shard, hash) => {
      await this.coordination.hashSet(takenKey(shard), hash);
      await this.coordination.hashDelete(waitingKey(shard), Object.keys(hash));
    });
  }

  async done(changes: readonly SessionChange[]): Promise<void> {
    await this.#eachHash(changes, (shard, hash) =>
      this.coordination.hashDelete(takenKey(shard), Object.keys(hash)),
    );
  }

  async #read(keyOf: (shard: number) => string): Promise<SessionChange[]> {
    const hashes = await this.coordination.hashGetMany(SHARDS.map(keyOf));
    return hashes.flatMap(changesIn);
  }

  async #eachHash(
    changes: readonly SessionChange[],
    write: (shard: number, hash: Hash) => Promise<void>,
  ): Promise<void> {
    const writes = [...byShard(changes)].map(async ([shard, all]) => {
      for (let at = 0; at < all.length; at += CHANGES_PER_WRITE_MAX) {
        const some = all.slice(at, at + CHANGES_PER_WRITE_MAX);
        await write(shard, Object.fromEntries(some.map((one) => [fieldOf(one), String(one.platform)])));
      }
    });
    await Promise.all(writes);
  }
}

function byShard(changes: readonly SessionChange[]): Map<number, SessionChange[]> {
  const shards = new Map<number, SessionChange[]>();
  for (const change of changes) {
    const shard = placeOf(change);
    const others = shards.get(shard);
    if (others === undefined) shards.set(shard, [change]);
    else others.push(change);
  }
  return shards;
}

/** What a newer release writes otherwise is passed over. */
function changesIn(hash: Hash): SessionChange[] {
  return Object.entries(hash).flatMap(([field, platform]) => {
    const [, kind, appId, userId] = FIELD.exec(field) ?? [];
    if (kind === undefined || userId === undefined) return [];
    return [
      {
        kind: kind as SessionChangeKind,
        appId: Number(appId) as AppId,
        userId: userId as UserId,
        platform: Number(platform) as Platform,
      },
    ];
  });
}
