// One change of a profile at a time, and none that the log does not tell. A change and the record about it are put into the
// row in one step; then the record is appended and the row says that it is. Whoever finds a record that may not be in the log
// appends it first: twice is no harm, for readers of the log look at the row.
import { toBinary } from '@bufbuild/protobuf';
import type { EventLog } from '@parley/event-log';
import type { AppId, UserId } from '@parley/kernel';
import { profilev1 } from '@parley/proto';
import type { StoredProfile } from '../domain/writing.js';
import type { ProfileStore } from '../stores/profile-store.js';
import { profileChangesTopic } from '../topics.js';

export class ProfileRegister {
  constructor(
    private readonly store: ProfileStore,
    private readonly log: EventLog,
  ) {}

  /** Answers what stands when the change is durable and told; undefined from `decide` changes nothing. */
  async change(
    appId: AppId,
    userId: UserId,
    decide: (stored: StoredProfile) => StoredProfile | undefined,
  ): Promise<StoredProfile> {
    const stands = await this.store.change(appId, userId, async (stored) => {
      // The row forgets the former change with this one.
      if (stored.openChange !== undefined) await this.#tell(stored.openChange);
      return decide(stored) ?? (stored.openChange && { ...stored, openChange: undefined });
    });
    await this.#finish(appId, userId, stands);
    return stands;
  }

  /** In the order asked, each told. At most 1,000. */
  async getMany(appId: AppId, userIds: readonly UserId[]): Promise<StoredProfile[]> {
    const found = await this.store.getMany(appId, userIds);
    const open = found.flatMap((stored, at) => {
      const userId = userIds[at];
      return stored.openChange === undefined || userId === undefined
        ? []
        : [this.#finish(appId, userId, stored)];
    });
    if (open.length > 0) await Promise.all(open);
    return found;
  }

  async #finish(appId: AppId, userId: UserId, { openChange }: StoredProfile): Promise<void> {
    if (openChange === undefined) return;
    await this.#tell(openChange);
    await this.store.change(appId, userId, async (stored) =>
      stored.openChange?.changeSeq === openChange.changeSeq
        ? { ...stored, openChange: undefined }
        : undefined,
    );
  }

  async #tell(change: profilev1.ProfileChange): Promise<void> {
    const record = toBinary(profilev1.ProfileChangeSchema, change);
    await this.log.append(profileChangesTopic, `${change.appId}/${change.userId}`, record);
  }
}
