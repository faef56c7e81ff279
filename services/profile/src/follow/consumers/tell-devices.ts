// The devices of both users learn of a follow, or of its end.
import { create, toBinary } from '@bufbuild/protobuf';
import type { Delivery } from '@parley/delivery';
import type { AppId, UserId } from '@parley/kernel';
import { followv1, wirev1 } from '@parley/proto';
import type { ProfileReader } from '../../ports.js';
import { shownItems } from '../domain/shown-items.js';

export class TellDevices {
  constructor(
    private readonly delivery: Delivery,
    private readonly profiles: ProfileReader,
  ) {}

  readonly follow = async (change: followv1.FollowChange): Promise<void> => {
    const appId = change.appId as AppId;
    const [user, peer] = [change.userId as UserId, change.peer as UserId];
    const [items = [], peerItems = []] = await this.profiles.itemsOf(appId, [user, peer]);
    await this.#tell(appId, user, { change, isOwn: true, profileItems: shownItems(peerItems) });
    await this.#tell(appId, peer, { change, isOwn: false, profileItems: shownItems(items) });
  };

  async #tell(
    appId: AppId,
    receiver: UserId,
    told: {
      readonly change: followv1.FollowChange;
      readonly isOwn: boolean;
      readonly profileItems: followv1.FollowItem['profileItems'];
    },
  ): Promise<void> {
    const { change, isOwn, profileItems } = told;
    const { followingAtMs: timeMs, revision, isMutualChanged } = change;
    const value = create(followv1.FollowEventSchema, {
      other: { userId: isOwn ? change.peer : change.userId, timeMs, profileItems },
      ...{ isOwn, isAdded: timeMs > 0n, isMutualChanged, revision },
    });
    const push = toBinary(wirev1.PushSchema, create(wirev1.PushSchema, { event: { case: 'follow', value } }));
    await this.delivery.push({ appId, userIds: [receiver] }, push);
  }
}
