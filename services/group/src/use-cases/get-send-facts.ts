// What a message to a group depends on.
import { isUserId, type UserId } from '@parley/kernel';
import type { GroupRegister } from '../changing/group-register.js';
import type { GroupKey } from '../stores/group-store.js';

export class GetSendFacts {
  constructor(private readonly register: GroupRegister) {}

  /** A group that does not exist is an answer. */
  async run(key: GroupKey, named: string) {
    const view = await this.register.find(key);
    if (view === undefined) return { exists: false };
    const { policy, group } = view;
    const user = isUserId(named) ? named : undefined;
    const [member, muted, isBanned] =
      user === undefined
        ? [undefined, [0], false]
        : await Promise.all([view.member(user), view.mutedUntil([user]), view.isBanned(user)]);
    // Who is in a live room is known to gateways only; whoever may speak there is taken for somebody who is.
    const isMember = policy.hasMembers ? member !== undefined : user !== undefined && !isBanned;
    return {
      exists: true,
      type: group.type,
      isMember,
      role: isMember ? view.roleOf(user as UserId) : 0,
      mutedUntilS: muted[0] ?? 0,
      muteAll: group.muteAll,
      storesHistory: policy.storesHistory,
      countsUnread: policy.countsUnread,
      takesTargeted: policy.takesTargeted,
      takesAtAll: policy.takesAtAll,
      takesRecall: policy.takesRecall,
      takesReceipts: policy.takesReceipts,
      rateMax: policy.rateMax,
      memberNum: group.memberNum,
    };
  }
}
