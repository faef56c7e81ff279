// The public methods about relations: each is one method of a session's part.
import type { RelationSDK } from '../model/relation-sdk.js';
import type { SessionParts } from '../session/session-parts.js';

/** `requireParts` throws when nobody is logged in. */
export function createRelationMethods(requireParts: () => SessionParts): RelationSDK {
  const call = async <T>(part: (parts: SessionParts['relations']) => Promise<T>) => ({
    code: 0 as const,
    data: await part(requireParts().relations),
  });
  return {
    getFriendList: () => call(({ friends }) => friends.list()),
    addFriend: (options) => call(({ friends }) => friends.add(options)),
    deleteFriend: (options) => call(({ friends }) => friends.remove(options)),
    checkFriend: (options) => call(({ friends }) => friends.check(options)),
    getFriendProfile: (options) => call(({ friends }) => friends.profiles(options)),
    updateFriend: (options) => call(({ friends }) => friends.update(options)),
    getFriendApplicationList: () => call(({ applications }) => applications.list()),
    acceptFriendApplication: (options) => call(({ applications }) => applications.accept(options)),
    refuseFriendApplication: (options) => call(({ applications }) => applications.refuse(options)),
    deleteFriendApplication: (options) => call(({ applications }) => applications.remove(options)),
    setFriendApplicationRead: () => call(({ applications }) => applications.markRead()),
    getFriendGroupList: () => call(({ groups }) => groups.list()),
    createFriendGroup: (options) => call(({ groups }) => groups.create(options)),
    deleteFriendGroup: (options) => call(({ groups }) => groups.remove(options)),
    addToFriendGroup: (options) => call(({ groups }) => groups.add(options)),
    removeFromFriendGroup: (options) => call(({ groups }) => groups.take(options)),
    renameFriendGroup: (options) => call(({ groups }) => groups.rename(options)),
    getBlacklist: () => call(({ blocklist }) => blocklist.list()),
    addToBlacklist: (options) => call(({ blocklist }) => blocklist.add(options)),
    removeFromBlacklist: (options) => call(({ blocklist }) => blocklist.remove(options)),
  };
}
