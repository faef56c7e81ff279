// A user's devices learn what changed in its lists.
import { create, toBinary } from '@bufbuild/protobuf';
import type { Delivery } from '@parley/delivery';
import type { AppId, UserId } from '@parley/kernel';
import { relationv1, wirev1 } from '@parley/proto';
import type { HeadStore } from '../stores/head-store.js';
import type { ListStore } from '../stores/list-store.js';
import { toApplication } from '../use-cases/applications.js';
import { toBlocked } from '../use-cases/blocklist.js';
import { toFriend } from '../use-cases/read-relations.js';

const { Direction, RelationKind } = relationv1;

export interface TellDevicesDeps {
  readonly lists: ListStore;
  readonly heads: HeadStore;
  readonly delivery: Delivery;
}

export class TellDevices {
  constructor(private readonly deps: TellDevicesDeps) {}

  /** What is told stands in the lists now: records may be late, and come twice. */
  readonly follow = async (change: relationv1.RelationChange): Promise<void> => {
    const appId = change.appId as AppId;
    for (const list of change.lists) {
      const value = await this.#eventOf(appId, list, change);
      const event = { case: 'relation' as const, value };
      const push = toBinary(wirev1.PushSchema, create(wirev1.PushSchema, { event }));
      await this.deps.delivery.push({ appId, userIds: [list.userId as UserId] }, push);
    }
  };

  async #eventOf(
    appId: AppId,
    list: relationv1.ListChange,
    { timeMs, operator }: relationv1.RelationChange,
  ): Promise<relationv1.RelationEvent> {
    const head = await this.deps.heads.get(appId, list.userId as UserId);
    const event = create(relationv1.RelationEventSchema, { timeMs, isAccountDeleted: operator === '' });
    if (list.versions) event.versions = list.versions;
    if (list.areGroupsChanged) {
      event.groups = create(relationv1.FriendGroupsSchema, { names: head.groups.map(({ name }) => name) });
    }
    if (list.isReadChanged) event.applicationsReadMs = head.applicationsReadMs;
    for (const kind of new Set(list.kinds)) await this.#add(event, { appId, list, kind, head });
    return event;
  }

  async #add(event: relationv1.RelationEvent, { appId, list, kind, head }: Told): Promise<void> {
    const { peer } = list;
    const [row] = await this.deps.lists.named(appId, list.userId as UserId, kind, [peer]);
    if (kind === RelationKind.FRIEND) {
      if (row) event.friendsSet.push(toFriend(row, head));
      else event.friendsRemoved.push(peer);
    } else if (kind === RelationKind.BLOCKED) {
      if (row) event.blockedAdded.push(toBlocked(row));
      else event.blockedRemoved.push(peer);
    } else if (kind === RelationKind.SENT || kind === RelationKind.RECEIVED) {
      const direction = kind === RelationKind.SENT ? Direction.SENT : Direction.RECEIVED;
      if (row) event.applicationsSet.push(toApplication(row, direction));
      else event.applicationsRemoved.push(create(relationv1.ApplicationSchema, { userId: peer, direction }));
    }
  }
}

interface Told {
  readonly appId: AppId;
  readonly list: relationv1.ListChange;
  readonly kind: relationv1.RelationKind;
  readonly head: relationv1.RelationHead;
}
