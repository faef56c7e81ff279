// What a message to a group or a topic depends on.
import { type GroupId, isUserId, type UserId } from '@parley/kernel';
import type { GroupRegister } from '../changing/group-register.js';
import type { GroupView } from '../changing/group-view.js';
import type { Place } from './topic-access.js';

export class GetSendFacts {
  constructor(private readonly register: GroupRegister) {}

  /** A group that does not exist is an answer. */
  async run({ key, topicId }: Place, named: string) {
    const view = await this.register.find(key);
    const topic = topicId === undefined ? undefined : await view?.topic(topicId);
    if (view === undefined || (topicId !== undefined && topic === undefined)) return { exists: false };
    const { policy, group } = view;
    const user = isUserId(named) ? named : undefined;
    const [member, muted, isBanned] =
      user === undefined
        ? [undefined, 0, false]
        : await Promise.all([view.member(user), mutedIn(view, user, topicId), view.isBanned(user)]);
    // Who is in a live room is known to gateways only; whoever may speak there is taken for somebody who is.
    const isMember = policy.hasMembers ? member !== undefined : user !== undefined && !isBanned;
    return {
      exists: true,
      type: group.type,
      isMember,
      role: isMember ? view.roleOf(user as UserId) : 0,
      mutedUntilS: muted,
      muteAll: group.muteAll || topic?.topic?.muteAll === true,
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

/** Who is muted in the community is muted in its topics. */
async function mutedIn(view: GroupView, user: UserId, topicId: GroupId | undefined): Promise<number> {
  const places = topicId === undefined ? [undefined] : [undefined, topicId];
  const until = await Promise.all(places.map((place) => view.mutedUntil([user], place)));
  return Math.max(...until.map(([one]) => one ?? 0));
}
