// Devices learn that a profile changed: those of its user, and those of whoever has the user as a friend.
import { create, toBinary } from '@bufbuild/protobuf';
import type { Delivery } from '@parley/delivery';
import type { AppId, UserId } from '@parley/kernel';
import { profilev1, wirev1 } from '@parley/proto';
import type { Audience } from '../../ports.js';
import type { CustomTags } from '../custom-tags.js';
import { shownTags } from '../domain/reading.js';
import type { ProfileStore } from '../stores/profile-store.js';

export interface FollowChangesDeps {
  readonly store: ProfileStore;
  readonly delivery: Delivery;
  readonly audience: Audience;
  readonly customTagsOf: (appId: AppId) => CustomTags;
}

export class FollowChanges {
  constructor(private readonly deps: FollowChangesDeps) {}

  /** What is told is the profile as it stands, not what the record says: records may be late, and come twice. */
  readonly follow = async (change: profilev1.ProfileChange): Promise<void> => {
    const { delivery, audience } = this.deps;
    const appId = change.appId as AppId;
    const userId = change.userId as UserId;
    const push = await this.#pushOf(appId, userId, change.timeMs);
    await delivery.push({ appId, userIds: [userId] }, push);
    let cursor: string | undefined;
    do {
      const page = await audience.audienceOf(appId, userId, cursor);
      if (page.userIds.length > 0) await delivery.push({ appId, userIds: page.userIds }, push);
      cursor = page.cursor;
    } while (cursor !== undefined);
  };

  async #pushOf(appId: AppId, userId: UserId, timeMs: bigint): Promise<Uint8Array> {
    const [stored] = await this.deps.store.getMany(appId, [userId]);
    const isShown = shownTags([], 'app', this.deps.customTagsOf(appId));
    const items = (stored?.items ?? []).flatMap(({ item }) => (item && isShown(item.tag) ? [item] : []));
    const profile = create(profilev1.ProfileSchema, { userId, items, changeSeq: stored?.changeSeq ?? 0n });
    const value = create(profilev1.ProfileEventSchema, { profile, timeMs });
    return toBinary(wirev1.PushSchema, create(wirev1.PushSchema, { event: { case: 'profile', value } }));
  }
}
