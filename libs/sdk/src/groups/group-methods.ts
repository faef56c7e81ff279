// The public methods about groups: each is one method of a session's part.
import type { ChatResult } from '../model/chat-sdk.js';
import type { GroupSDK } from '../model/group-sdk.js';
import type { SessionParts } from '../session/session-parts.js';

type Part<T> = (parts: SessionParts) => T | Promise<T>;

/** `requireParts` throws when nobody is logged in. */
export function createGroupMethods(requireParts: () => SessionParts): GroupSDK {
  const call = async <T>(part: Part<T>): Promise<ChatResult<T>> => ({
    code: 0,
    data: await part(requireParts()),
  });
  return {
    getGroupList: () => call(({ groupCalls }) => groupCalls.list()),
    getGroupProfile: (options) => call(({ groupCalls }) => groupCalls.profile(options)),
    createGroup: (options) => call(({ groupCalls }) => groupCalls.create(options)),
    dismissGroup: (groupID) => call(({ groupCalls }) => groupCalls.dismiss(groupID)),
    updateGroupProfile: (options) => call(({ groupCalls }) => groupCalls.update(options)),
    joinGroup: (options) => call(({ groupCalls }) => groupCalls.join(options)),
    quitGroup: (groupID) => call(({ groupCalls }) => groupCalls.quit(groupID)),
    searchGroupByID: (groupID) => call(({ groupCalls }) => groupCalls.search(groupID)),
    getGroupOnlineMemberCount: (groupID) => call(({ groupCalls }) => groupCalls.countOnline(groupID)),
    changeGroupOwner: (options) => call(({ groupCalls }) => groupCalls.changeOwner(options)),
    setMessageRemindType: (options) => call(({ remindCalls }) => remindCalls.set(options)),
    getGroupApplicationList: () => call(({ applicationCalls }) => applicationCalls.list()),
    handleGroupApplication: (options) => call(({ applicationCalls }) => applicationCalls.handle(options)),
    initGroupAttributes: (options) => call(({ valueCalls }) => valueCalls.initAttributes(options)),
    setGroupAttributes: (options) => call(({ valueCalls }) => valueCalls.setAttributes(options)),
    deleteGroupAttributes: (options) => call(({ valueCalls }) => valueCalls.deleteAttributes(options)),
    getGroupAttributes: (options) => call(({ valueCalls }) => valueCalls.getAttributes(options)),
    setGroupCounters: (options) => call(({ valueCalls }) => valueCalls.setCounters(options)),
    increaseGroupCounter: (options) => call(({ valueCalls }) => valueCalls.increaseCounter(options)),
    decreaseGroupCounter: (options) => call(({ valueCalls }) => valueCalls.decreaseCounter(options)),
    getGroupCounters: (options) => call(({ valueCalls }) => valueCalls.getCounters(options)),
    pinGroupMessage: (options) => call(({ pinCalls }) => pinCalls.change(options)),
    getPinnedGroupMessageList: (groupID) => call(({ pinCalls }) => pinCalls.list(groupID)),
    getGroupMemberList: (options) => call(({ memberCalls }) => memberCalls.list(options)),
    getGroupMemberProfile: (options) => call(({ memberCalls }) => memberCalls.profiles(options)),
    addGroupMember: (options) => call(({ memberCalls }) => memberCalls.add(options)),
    deleteGroupMember: (options) => call(({ memberCalls }) => memberCalls.remove(options)),
    setGroupMemberMuteTime: (options) => call(({ memberCalls }) => memberCalls.mute(options)),
    setGroupMemberRole: (options) => call(({ memberCalls }) => memberCalls.setRole(options)),
    setGroupMemberNameCard: (options) => call(({ memberCalls }) => memberCalls.setNameCard(options)),
    setGroupMemberCustomField: (options) => call(({ memberCalls }) => memberCalls.setCustomField(options)),
    markGroupMemberList: (options) => call(({ visitorCalls }) => visitorCalls.mark(options)),
  };
}
