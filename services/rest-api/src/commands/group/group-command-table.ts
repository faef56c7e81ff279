// Every group command. A new one is a file and a row here.
import type { Command } from '../command.js';
import { groupGetKeyValues, groupSetKeyValues } from '../openim/message-extensions.js';
import { addGroupMember, importGroupMember } from './add-group-member.js';
import { banGroupMember, unbanGroupMember } from './ban-group-member.js';
import { changeGroupOwner } from './change-group-owner.js';
import { checkMembers } from './check-members.js';
import { createGroup, importGroup } from './create-group.js';
import { deleteGroupMember } from './delete-group-member.js';
import { destroyGroup } from './destroy-group.js';
import { forbidSendMsg } from './forbid-send-msg.js';
import { getAppidGroupList } from './get-appid-group-list.js';
import { getGroupBanMember } from './get-group-ban-member.js';
import { getGroupInfo } from './get-group-info.js';
import { getGroupMemberInfo } from './get-group-member-info.js';
import { getGroupMutedAccount, getGroupShuttedUin } from './get-group-muted-account.js';
import { getJoinedGroupList } from './get-joined-group-list.js';
import { getOnlineMemberNum } from './get-online-member-num.js';
import { getRoleInGroup } from './get-role-in-group.js';
import { getSpecifiedGroupMemberInfo } from './get-specified-group-member-info.js';
import { getTopic } from './get-topic.js';
import {
  clearGroupAttr,
  deleteGroupAttr,
  getGroupAttr,
  modifyGroupAttr,
  setGroupAttr,
} from './group-attributes.js';
import { deleteGroupCounter, getGroupCounter, updateGroupCounter } from './group-counters.js';
import {
  clearGroupMsg,
  deleteGroupMsgBySender,
  groupMsgRecall,
  modifyGroupMsg,
} from './group-message-changes.js';
import { groupMsgGetSimple } from './group-msg-get-simple.js';
import { getGroupMsgReceipt, getGroupMsgReceiptDetail, groupMsgReceipt } from './group-receipts.js';
import { importGroupMsg } from './import-group-msg.js';
import { getAdminList, modifyAdmin } from './live-admins.js';
import { addRobots, delRobots, getMembers, modifyUserInfo } from './live-visitors.js';
import { modifyGroupBaseInfo } from './modify-group-base-info.js';
import { modifyGroupMemberInfo } from './modify-group-member-info.js';
import {
  createPermissionGroup,
  destroyPermissionGroup,
  getPermissionGroup,
  modifyPermissionGroup,
} from './permission-groups.js';
import {
  addPermissionGroupMember,
  deletePermissionGroupMember,
  getPermissionGroupMemberList,
} from './permission-members.js';
import { getPinnedMessages, pinMessage, unpinMessage } from './pinned-messages.js';
import { sendBroadcastMsg } from './send-broadcast-msg.js';
import { sendGroupMsg } from './send-group-msg.js';
import { sendGroupStreamMsg } from './send-group-stream-msg.js';
import { sendGroupSystemNotification } from './send-group-system-notification.js';
import { setUnreadMsgNum } from './set-unread-msg-num.js';
import {
  addTopicPermissionGroup,
  deleteTopicPermissionGroup,
  getTopicPermissionGroup,
  setTopicPermissionGroup,
} from './topic-permissions.js';
import { createTopic, destroyTopic, importTopic, modifyTopic } from './topics.js';

export const GROUP_COMMANDS: readonly Command[] = [
  createGroup,
  getAppidGroupList,
  getGroupInfo,
  modifyGroupBaseInfo,
  destroyGroup,
  changeGroupOwner,
  getJoinedGroupList,
  importGroup,
  getGroupMemberInfo,
  getSpecifiedGroupMemberInfo,
  addGroupMember,
  deleteGroupMember,
  modifyGroupMemberInfo,
  getRoleInGroup,
  forbidSendMsg,
  getGroupMutedAccount,
  getGroupShuttedUin,
  banGroupMember,
  unbanGroupMember,
  getGroupBanMember,
  importGroupMember,
  setUnreadMsgNum,
  sendGroupMsg,
  sendGroupStreamMsg,
  sendGroupSystemNotification,
  importGroupMsg,
  groupMsgGetSimple,
  groupMsgRecall,
  deleteGroupMsgBySender,
  clearGroupMsg,
  modifyGroupMsg,
  groupMsgReceipt,
  getGroupMsgReceipt,
  getGroupMsgReceiptDetail,
  groupSetKeyValues,
  groupGetKeyValues,
  getOnlineMemberNum,
  modifyAdmin,
  getAdminList,
  checkMembers,
  getMembers,
  modifyUserInfo,
  addRobots,
  delRobots,
  sendBroadcastMsg,
  getGroupAttr,
  modifyGroupAttr,
  setGroupAttr,
  deleteGroupAttr,
  clearGroupAttr,
  getGroupCounter,
  updateGroupCounter,
  deleteGroupCounter,
  pinMessage,
  unpinMessage,
  getPinnedMessages,
  createTopic,
  getTopic,
  modifyTopic,
  destroyTopic,
  importTopic,
  createPermissionGroup,
  destroyPermissionGroup,
  modifyPermissionGroup,
  getPermissionGroup,
  addTopicPermissionGroup,
  setTopicPermissionGroup,
  deleteTopicPermissionGroup,
  getTopicPermissionGroup,
  addPermissionGroupMember,
  deletePermissionGroupMember,
  getPermissionGroupMemberList,
];
