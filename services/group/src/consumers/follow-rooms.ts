// Connections of members come into the rooms of their groups, and leave them.
import type { Delivery } from '@parley/delivery';
import type { AppId, GroupId, UserId } from '@parley/kernel';
import type { groupv1 } from '@parley/proto';
import type { GroupRegister } from '../changing/group-register.js';

export class FollowRooms {
  constructor(
    private readonly register: GroupRegister,
    private readonly delivery: Delivery,
  ) {}

  /** What counts is the member row as it stands, not what the record says: records may be late. */
  readonly follow = async (change: groupv1.GroupChange): Promise<void> => {
    const users = movedUsers(change);
    if (users.length === 0) return;
    const appId = change.appId as AppId;
    const groupId = change.groupId as GroupId;
    const view = await this.register.find({ appId, groupId });
    const members = (await view?.members(users)) ?? [];
    const isIn = (at: number) => view?.policy.hasMembers === true && members[at] !== undefined;
    const inside = users.filter((_, at) => isIn(at));
    const outside = users.filter((_, at) => !isIn(at));
    await Promise.all([
      this.#change(appId, inside, { enter: [groupId], leave: [] }),
      this.#change(appId, outside, { enter: [], leave: [groupId] }),
    ]);
  };

  async #change(
    appId: AppId,
    userIds: readonly UserId[],
    change: { readonly enter: readonly GroupId[]; readonly leave: readonly GroupId[] },
  ): Promise<void> {
    if (userIds.length > 0) await this.delivery.changeRooms({ appId, userIds }, change);
  }
}

function movedUsers({ change }: groupv1.GroupChange): UserId[] {
  switch (change.case) {
    case 'created':
    case 'destroyed':
      return change.value.memberIds as UserId[];
    case 'membersAdded':
    case 'membersRemoved':
      return change.value.userIds as UserId[];
    case 'membersBanned':
      return change.value.lifted ? [] : change.value.users.map((user) => user.userId as UserId);
    default:
      return [];
  }
}
