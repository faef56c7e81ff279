// Until when accounts may not speak, for one-to-one and for group messages.
import type { AppId, UserId } from '@parley/kernel';
import type { TableStore } from '@parley/table-store';
import type { MuteKind, MuteTimes } from '../domain/speak-mutes.js';
import { speakMutes } from '../tables.js';

const KINDS: readonly MuteKind[] = ['c2c', 'group'];

export class SpeakMuteStore {
  constructor(private readonly tables: TableStore) {}

  /** What has ended is answered as it was. */
  async get(appId: AppId, userId: UserId): Promise<MuteTimes> {
    const rows = await this.tables.getMany(
      speakMutes,
      KINDS.map((kind) => ({ app_id: appId, user_id: userId, kind })),
    );
    const untilOf = (kind: MuteKind) => rows.find((row) => row?.kind === kind)?.until_s ?? 0;
    return { c2c: untilOf('c2c'), group: untilOf('group') };
  }

  async set(appId: AppId, userId: UserId, times: Partial<MuteTimes>, nowMs: number): Promise<void> {
    const given = KINDS.flatMap((kind) =>
      times[kind] === undefined ? [] : [{ kind, until_s: times[kind] }],
    );
    const key = { app_id: appId, user_id: userId };
    const rows = given.map((each) => ({ ...key, ...each, set_at_ms: BigInt(nowMs) }));
    await Promise.all(rows.map((row) => this.tables.put(speakMutes, row)));
  }

  async removeSetBefore(appId: AppId, userId: UserId, timeMs: bigint): Promise<void> {
    const keys = KINDS.map((kind) => ({ app_id: appId as number, user_id: userId as string, kind }));
    const rows = await this.tables.getMany(speakMutes, keys);
    const ended = keys.filter((_, at) => {
      const row = rows[at];
      return row !== undefined && row.set_at_ms <= timeMs;
    });
    await Promise.all(ended.map((key) => this.tables.delete(speakMutes, key)));
  }
}
