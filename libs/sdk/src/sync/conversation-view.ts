// Public objects at their resting values.
import { TYPES } from '../constants/types.js';
import { C2C, type ConversationAddress, GROUP } from '../messages/conversation-kind.js';
import { NO_LAST_MESSAGE } from '../messages/preview.js';
import type { Conversation, Group } from '../model/conversation.js';
import { createEmptyProfile } from '../profiles/profile-view.js';

export function createConversationView({ id, kind, peer }: ConversationAddress): Conversation {
  return {
    conversationID: id,
    type: kind.type,
    subType: '',
    unreadCount: 0,
    lastMessage: { ...NO_LAST_MESSAGE },
    groupProfile: createEmptyGroup(kind === GROUP ? peer : ''),
    userProfile: createEmptyProfile(kind === C2C ? peer : ''),
    groupAtInfoList: [],
    remark: '',
    isPinned: false,
    messageRemindType: TYPES.MSG_REMIND_ACPT_AND_NOTE,
    markList: [],
    customData: '',
    conversationGroupList: [],
    draftText: '',
    peerReadTime: 0,
  };
}

export const createEmptyGroup = (groupID: string): Group => ({
  groupID,
  name: '',
  avatar: '',
  type: TYPES.GRP_WORK,
  introduction: '',
  notification: '',
  ownerID: '',
  createTime: '',
  infoSequence: 0,
  lastInfoTime: 0,
  selfInfo: {},
  lastMessage: {},
  nextMessageSeq: 0,
  memberCount: 0,
  maxMemberCount: 0,
  muteAllMembers: false,
  joinOption: TYPES.JOIN_OPTIONS_DISABLE_APPLY,
  inviteOption: TYPES.JOIN_OPTIONS_DISABLE_APPLY,
  groupCustomField: [],
  isSupportTopic: false,
});
