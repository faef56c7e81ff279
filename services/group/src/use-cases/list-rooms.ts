// The rooms of a user's connections: the groups that the user is a member of.
import { ErrorCode, toUserId } from '@parley/kernel';
import type { MemberStore } from '../stores/member-store.js';
import type { Caller } from './caller.js';

export class ListRooms {
  constructor(
    private readonly members: MemberStore,
    private readonly joinedGroupsMax: number,
  ) {}

  async run(named: string, { appId }: Caller) {
    const user = toUserId(named, ErrorCode.GROUP_BAD_PARAMETER);
    return { groupIds: await this.members.allJoined(appId, user, this.joinedGroupsMax) };
  }
}
