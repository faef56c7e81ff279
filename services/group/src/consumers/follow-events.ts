// Connected members learn of attributes, counters, pins and the group's end as events, beside messages.
import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import type { Delivery } from '@parley/delivery';
import type { AppId, GroupId } from '@parley/kernel';
import { groupv1, wirev1 } from '@parley/proto';

type Event = NonNullable<MessageInitShape<typeof groupv1.GroupEventSchema>['event']>;

export class FollowEvents {
  constructor(private readonly delivery: Delivery) {}

  readonly follow = async (change: groupv1.GroupChange): Promise<void> => {
    const event = eventOf(change);
    if (event === undefined) return;
    const push = create(wirev1.PushSchema, {
      event: { case: 'group', value: { groupId: change.groupId, event } },
    });
    const room = { appId: change.appId as AppId, groupId: change.groupId as GroupId };
    await this.delivery.pushToRoom(room, toBinary(wirev1.PushSchema, push));
  };
}

function eventOf({ change, silent }: groupv1.GroupChange): Event | undefined {
  switch (change.case) {
    case 'attributesChanged':
    case 'countersChanged':
    case 'pinsChanged':
    case 'topicsDestroyed':
    case 'topicModified':
    case 'permissionGroupCreated':
    case 'permissionGroupsDestroyed':
    case 'permissionGroupModified':
    case 'permissionMembersChanged':
    case 'topicPermissionsChanged':
      return change;
    case 'topicCreated':
      return silent ? undefined : change;
    case 'destroyed':
      return { case: 'destroyed', value: { memberIds: [] } };
    default:
      return undefined;
  }
}
