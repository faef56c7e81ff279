// The list of deletions that may not be finished, so that whoever starts finds them without looking at every account.
import type { AppId, Clock, UserId } from '@parley/kernel';
import type { TableStore } from '@parley/table-store';
import { openDeletions } from '../tables.js';

/** Partitions of the list; fixed, as entries must be found again. */
const SLOTS = 8;

export interface OpenDeletionEntry {
  readonly appId: AppId;
  readonly userId: UserId;
  readonly begunAtMs: number;
}

/** The same for a UserID for ever. */
function slotOf(userId: UserId): number {
  let sum = 0;
  for (let at = 0; at < userId.length; at += 1) sum += userId.charCodeAt(at);
  return sum % SLOTS;
}

export class OpenDeletionStore {
  constructor(
    private readonly tables: TableStore,
    private readonly clock: Clock,
  ) {}

  async add(appId: AppId, userId: UserId): Promise<void> {
    await this.tables.put(openDeletions, {
      slot: slotOf(userId),
      app_id: appId,
      user_id: userId,
      begun_at_ms: BigInt(this.clock.now()),
    });
  }

  async remove(appId: AppId, userId: UserId): Promise<void> {
    await this.tables.delete(openDeletions, { slot: slotOf(userId), app_id: appId, user_id: userId });
  }

  /** At most `limit` of each partition of the list. */
  async list(limit: number): Promise<OpenDeletionEntry[]> {
    const slots = Array.from({ length: SLOTS }, (_, slot) => slot);
    const pages = await Promise.all(
      slots.map((slot) => this.tables.scan(openDeletions, { slot }, { limit })),
    );
    return pages.flatMap(({ rows }) =>
      rows.map((row) => ({
        appId: row.app_id as AppId,
        userId: row.user_id as UserId,
        begunAtMs: Number(row.begun_at_ms),
      })),
    );
  }
}
