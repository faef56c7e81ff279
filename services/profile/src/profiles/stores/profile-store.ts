// Profile rows ⇄ profiles.
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { type AppId, ChatError, ErrorCode, type UserId } from '@parley/kernel';
import { profilev1 } from '@parley/proto';
import type { Row, TableStore } from '@parley/table-store';
import { NO_PROFILE, type StoredProfile } from '../domain/writing.js';
import { profiles } from '../tables.js';

const ATTEMPTS_MAX = 8;
const NOTHING = new Uint8Array();

type ProfileRow = Row<typeof profiles>;

const fromRow = ({ change_seq, state, change }: ProfileRow): StoredProfile => ({
  changeSeq: change_seq,
  items: fromBinary(profilev1.ProfileStateSchema, state).items,
  openChange: change.length === 0 ? undefined : fromBinary(profilev1.ProfileChangeSchema, change),
});

const toRow = (key: { app_id: number; user_id: string }, profile: StoredProfile): ProfileRow => ({
  ...key,
  change_seq: profile.changeSeq,
  state: toBinary(
    profilev1.ProfileStateSchema,
    create(profilev1.ProfileStateSchema, { items: [...profile.items] }),
  ),
  change:
    profile.openChange === undefined ? NOTHING : toBinary(profilev1.ProfileChangeSchema, profile.openChange),
});

export class ProfileStore {
  constructor(private readonly tables: TableStore) {}

  /** In the order asked. At most 1,000. */
  async getMany(appId: AppId, userIds: readonly UserId[]): Promise<StoredProfile[]> {
    const keys = userIds.map((user_id) => ({ app_id: appId, user_id }));
    const rows = await this.tables.getMany(profiles, keys);
    return rows.map((row) => (row === undefined ? NO_PROFILE : fromRow(row)));
  }

  /**
   * Puts what `decide` makes of the profile; it decides again when somebody else was faster. Undefined leaves
   * everything as it is. Answers what stands afterwards.
   * @throws ChatError 40006 when the row changes faster than it can be followed.
   */
  async change(
    appId: AppId,
    userId: UserId,
    decide: (stored: StoredProfile) => Promise<StoredProfile | undefined>,
  ): Promise<StoredProfile> {
    const key = { app_id: appId as number, user_id: userId as string };
    let row = await this.tables.get(profiles, key);
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
      const stored = row === undefined ? NO_PROFILE : fromRow(row);
      const next = await decide(stored);
      if (next === undefined) return stored;
      const result = await this.tables.compareAndSet(profiles, key, row, toRow(key, next));
      if (result.isApplied) return next;
      row = result.current;
    }
    throw new ChatError(ErrorCode.PROFILE_INTERNAL, 'the profile changes too fast; retry', {
      retryAfterMs: 100,
    });
  }
}
