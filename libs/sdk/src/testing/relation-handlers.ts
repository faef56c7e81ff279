// How a test server answers the calls about relations.
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { relationv1 } from '@parley/proto';
import { RELATION_METHOD } from '../calls/relation-method.js';
import { Refusal } from './refusal.js';
import { keyOf, type RelationModel } from './relation-model.js';

export type RelationMethodName = keyof typeof RELATION_METHOD;

export const isRelationMethod = (name: string): name is RelationMethodName => name in RELATION_METHOD;

const { Direction, Relation, Sides } = relationv1;

export function handleRelationCall(
  model: RelationModel,
  { name, request }: { readonly name: RelationMethodName; readonly request: Uint8Array },
  user: string,
): Uint8Array {
  const { input, output } = RELATION_METHOD[name];
  const answer = ANSWERS[name](model, user, fromBinary(input, request) as never);
  return toBinary(output, create(output, answer));
}

type Answer<R> = (model: RelationModel, user: string, request: R) => object;

const each = (userIds: readonly string[], act: (userId: string) => number) => ({
  results: userIds.map((userId) => {
    const code = userId.startsWith('nobody') ? 30003 : act(userId);
    return { userId, code, info: code === 0 ? '' : 'refused' };
  }),
});

const PAGE = 2;

/** Small pages, so that tests read several. */
function pageOf<E>(all: readonly E[], startIndex: number) {
  const end = startIndex + PAGE;
  return { page: all.slice(startIndex, end), nextIndex: end < all.length ? end : 0 };
}

const ANSWERS: { readonly [N in RelationMethodName]: Answer<never> } = {
  addFriends: (model, user, { items, sides }: relationv1.AddFriendsRequest) =>
    each(
      items.map(({ userId }) => userId),
      (userId) => {
        const item = items.find((one) => one.userId === userId);
        return item === undefined ? 30001 : model.add(user, item, sides !== Sides.SINGLE);
      },
    ),
  updateFriends: (model, user, { items }: relationv1.UpdateFriendsRequest) =>
    each(
      items.map(({ userId }) => userId),
      (userId) =>
        model.update(user, userId, (friend) => {
          const item = items.find((one) => one.userId === userId);
          if (item?.remark !== undefined) friend.remark = item.remark;
          friend.custom.push(...(item?.custom ?? []));
        }),
    ),
  deleteFriends: (model, user, { userIds, sides }: relationv1.DeleteFriendsRequest) =>
    each(userIds, (userId) => model.remove(user, userId, sides === Sides.BOTH)),
  checkFriends: (model, user, { userIds, sides }: relationv1.CheckFriendsRequest) => {
    const { results } = each(userIds, () => 0);
    return {
      results: results.map((result) => {
        const has = model.of(user).friends.has(result.userId);
        const isHad = sides === Sides.BOTH && model.of(result.userId).friends.has(user);
        const own = isHad ? Relation.BOTH : Relation.A_WITH_B;
        return { ...result, relation: has ? own : isHad ? Relation.B_WITH_A : Relation.NONE };
      }),
    };
  },
  listFriends: (model, user, { startIndex }: relationv1.ListFriendsRequest) => {
    const all = model.of(user).allFriends();
    const { page, nextIndex } = pageOf(all, startIndex);
    return { friends: page, friendCount: all.length, nextIndex, versions: model.of(user).versions };
  },
  getFriends: (model, user, { userIds }: relationv1.GetFriendsRequest) => ({
    results: userIds.map((userId) => {
      const friend = model.of(user).friend(userId);
      return friend === undefined ? { userId, code: 30001, info: 'no friend' } : { userId, friend };
    }),
  }),
  listFriendApplications: (model, user) => {
    const { applications, readMs, versions } = model.of(user);
    return { applications: [...applications.values()], readMs, versions };
  },
  acceptApplication: (model, user, request: relationv1.AcceptApplicationRequest) => {
    model.accept(user, request.from, request);
    return {};
  },
  refuseApplication: (model, user, { from }: relationv1.RefuseApplicationRequest) => {
    if (!model.dropApplication(from, user)) throw new Refusal(30614, 'no such request waits');
    return {};
  },
  deleteApplications: (model, user, { userIds, direction }: relationv1.DeleteApplicationsRequest) =>
    each(userIds, (userId) => {
      if (!model.of(user).applications.has(keyOf(direction, userId))) return 31804;
      const isSent = direction === Direction.SENT;
      model.dropApplication(isSent ? user : userId, isSent ? userId : user);
      return 0;
    }),
  markApplicationsRead: (model, user) => {
    model.markRead(user);
    return { versions: model.of(user).versions };
  },
  addToBlocklist: (model, user, { userIds }: relationv1.AddToBlocklistRequest) =>
    each(userIds, (userId) => model.block(user, userId)),
  removeFromBlocklist: (model, user, { userIds }: relationv1.RemoveFromBlocklistRequest) =>
    each(userIds, (userId) => model.unblock(user, userId)),
  listBlocklist: (model, user, { startIndex }: relationv1.ListBlocklistRequest) => {
    const { blocked, versions } = model.of(user);
    const { page, nextIndex } = pageOf([...blocked.keys()].sort(), startIndex);
    return { blocked: page.map((userId) => ({ userId })), nextIndex, versions };
  },
  createFriendGroups: (model, user, { names, userIds }: relationv1.CreateFriendGroupsRequest) => {
    model.addGroups(user, names);
    const numbers = names.flatMap((name) => model.of(user).groupNumber(name) ?? []);
    const put = (into: Set<number>) => {
      for (const number of numbers) into.add(number);
    };
    return {
      ...each(userIds, (userId) => model.regroup(user, userId, put)),
      versions: model.of(user).versions,
    };
  },
  deleteFriendGroups: (model, user, { names }: relationv1.DeleteFriendGroupsRequest) => {
    model.changeGroups(user, (mine) => {
      for (const name of names) mine.groups.delete(mine.groupNumber(name) ?? 0);
    });
    return { versions: model.of(user).versions };
  },
  listFriendGroups: (model, user) => {
    const { names, versions } = model.of(user);
    return { groups: names.map((name) => ({ name })), versions };
  },
  renameFriendGroup: (model, user, { oldName, newName }: relationv1.RenameFriendGroupRequest) => {
    const number = model.of(user).groupNumber(oldName);
    if (number === undefined || model.of(user).names.includes(newName)) {
      throw new Refusal(30001, 'there is no such group, or one of the new name');
    }
    model.changeGroups(user, (mine) => mine.groups.set(number, newName));
    return { versions: model.of(user).versions };
  },
  changeFriendGroupMembers: (
    model,
    user,
    { name, added, removed }: relationv1.ChangeFriendGroupMembersRequest,
  ) => {
    const number = model.of(user).groupNumber(name);
    if (number === undefined) throw new Refusal(30001, 'there is no such group');
    return each([...added, ...removed], (userId) =>
      model.regroup(user, userId, (numbers) => {
        if (added.includes(userId)) numbers.add(number);
        else numbers.delete(number);
      }),
    );
  },
  getListVersions: (model, user) => ({ versions: model.of(user).versions }),
};
