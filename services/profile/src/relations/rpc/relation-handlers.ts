// RelationService over the use-cases; thin.
import type { relationv1 } from '@parley/proto';
import type { ServiceHandlers } from '@parley/rpc';
import type { AddFriends } from '../use-cases/add-friends.js';
import type { Applications } from '../use-cases/applications.js';
import type { Blocklist } from '../use-cases/blocklist.js';
import type { ChangeFriends } from '../use-cases/change-friends.js';
import type { FriendGroups } from '../use-cases/friend-groups.js';
import type { ReadRelations } from '../use-cases/read-relations.js';

export interface RelationUseCases {
  readonly add: AddFriends;
  readonly change: ChangeFriends;
  readonly read: ReadRelations;
  readonly applications: Applications;
  readonly blocklist: Blocklist;
  readonly groups: FriendGroups;
}

export function createRelationHandlers({
  add,
  change,
  read,
  applications,
  blocklist,
  groups,
}: RelationUseCases): ServiceHandlers<typeof relationv1.RelationService> {
  return {
    addFriends: async (request, context) => ({ results: await add.add(request, context) }),
    importFriends: async (request, context) => ({ results: await add.import(request, context) }),
    updateFriends: async (request, context) => ({ results: await change.update(request, context) }),
    deleteFriends: async (request, context) => ({ results: await change.delete(request, context) }),
    deleteAllFriends: async (request, context) => {
      await change.deleteAll(request, context);
      return {};
    },
    checkFriends: async (request, context) => ({ results: await read.checkFriends(request, context) }),
    listFriends: (request, context) => read.list(request, context),
    getFriends: async (request, context) => ({ results: await read.named(request, context) }),
    getListVersions: async (request, context) => ({ versions: await read.versions(request, context) }),
    listApplications: (request, context) => applications.list(request, context),
    acceptApplication: async (request, context) => {
      await applications.accept(request, context);
      return {};
    },
    refuseApplication: async (request, context) => {
      await applications.refuse(request, context);
      return {};
    },
    deleteApplications: async (request, context) => ({
      results: await applications.delete(request, context),
    }),
    markApplicationsRead: async (request, context) => ({
      versions: await applications.markRead(request, context),
    }),
    addToBlocklist: async (request, context) => ({ results: await blocklist.add(request, context) }),
    removeFromBlocklist: async (request, context) => ({ results: await blocklist.remove(request, context) }),
    listBlocklist: async (request, context) => {
      const { blocked, versions, nextIndex } = await blocklist.list(request, context);
      return { blocked, versions, nextIndex };
    },
    checkBlocklist: async (request, context) => ({ results: await read.checkBlocklist(request, context) }),
    createFriendGroups: (request, context) => groups.create(request, context),
    deleteFriendGroups: (request, context) => groups.delete(request, context),
    listFriendGroups: (request, context) => groups.list(request, context),
    renameFriendGroup: (request, context) => groups.rename(request, context),
    changeFriendGroupMembers: (request, context) => groups.changeMembers(request, context),
  };
}
