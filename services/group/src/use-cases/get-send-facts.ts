// What a message to a group or a topic depends on.
import { type GroupId, isUserId, type UserId } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import type { GroupRegister } from '../changing/group-register.js';
import type { GroupView } from '../changing/group-view.js';
import { holds, type MemberRights, MessageRight } from '../domain/member-rights.js';
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
    const rights = member && (await view.rightsOf(member, topic));
    return {
      exists: true,
      type: group.type,
      isMember,
      role: roleOf(view, isMember ? user : undefined, rights),
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
      ...(rights === undefined ? {} : byRights(view, rights)),
    };
  }
}

/** Whoever is bound by rights leads nobody. */
function roleOf(view: GroupView, user: UserId | undefined, rights: MemberRights | undefined): groupv1.Role {
  if (user === undefined) return groupv1.Role.UNSPECIFIED;
  return rights === undefined ? view.roleOf(user) : groupv1.Role.MEMBER;
}

/** What an earlier group of the id said is shown to nobody, whatever the rights. */
const byRights = ({ state }: GroupView, rights: MemberRights) => ({
  byRights: true,
  maySend: holds(rights, MessageRight.SEND),
  mayAtAll: holds(rights, MessageRight.AT_ALL),
  mayReadPast: holds(rights, MessageRight.READ_PAST) && !state.isReused,
  mayRecallOthers: holds(rights, MessageRight.RECALL_OTHERS),
});

/** Who is muted in the community is muted in its topics. */
async function mutedIn(view: GroupView, user: UserId, topicId: GroupId | undefined): Promise<number> {
  const places = topicId === undefined ? [undefined] : [undefined, topicId];
  const until = await Promise.all(places.map((place) => view.mutedUntil([user], place)));
  return Math.max(...until.map(([one]) => one ?? 0));
}
