import { readFileSync } from 'node:fs';
import { EVENT } from './event.js';
import { TYPES } from './types.js';
import { VERSION } from './version.js';

const readJson = (path: string) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));

describe('the constants', () => {
  const parity = readJson('../../../../docs/parity/parity.json');

  it('of events are those of the border', () => {
    expect(EVENT).toEqual(parity.sdk_events);
  });

  it(`of types are those of the border
  [parity: type MSG_TEXT, type MSG_IMAGE, type MSG_AUDIO, type MSG_FILE, type MSG_FACE, type MSG_VIDEO,
  type MSG_LOCATION, type MSG_GRP_TIP, type MSG_GRP_SYS_NOTICE, type MSG_CUSTOM, type MSG_MERGER,
  type MSG_PRIORITY_HIGH, type MSG_PRIORITY_NORMAL, type MSG_PRIORITY_LOW,
  type MSG_PRIORITY_LOWEST, type CONV_C2C, type CONV_GROUP, type CONV_TOPIC, type CONV_SYSTEM,
  type CONV_AT_ME, type CONV_AT_ALL, type CONV_AT_ALL_AT_ME, type CONV_MARK_TYPE_STAR,
  type CONV_MARK_TYPE_UNREAD, type CONV_MARK_TYPE_FOLD, type CONV_MARK_TYPE_HIDE, type GRP_WORK,
  type GRP_PUBLIC, type GRP_MEETING, type GRP_AVCHATROOM, type GRP_COMMUNITY,
  type GRP_MBR_ROLE_OWNER, type GRP_MBR_ROLE_ADMIN, type GRP_MBR_ROLE_MEMBER,
  type GRP_MBR_ROLE_CUSTOM, type GRP_TIP_MBR_JOIN, type GRP_TIP_MBR_QUIT,
  type GRP_TIP_MBR_KICKED_OUT, type GRP_TIP_MBR_SET_ADMIN, type GRP_TIP_MBR_CANCELED_ADMIN,
  type GRP_TIP_GRP_PROFILE_UPDATED, type GRP_TIP_MBR_PROFILE_UPDATED,
  type GRP_TIP_BAN_AVCHATROOM_MEMBER, type GRP_TIP_UNBAN_AVCHATROOM_MEMBER,
  type MSG_REMIND_ACPT_AND_NOTE, type MSG_REMIND_ACPT_NOT_NOTE, type MSG_REMIND_DISCARD,
  type NOT_RECEIVE_OFFLINE_PUSH_EXCEPT_AT, type NOT_RECEIVE_MSG_EXCEPT_AT, type GENDER_UNKNOWN,
  type GENDER_FEMALE, type GENDER_MALE, type KICKED_OUT_MULT_ACCOUNT, type KICKED_OUT_MULT_DEVICE,
  type KICKED_OUT_USERSIG_EXPIRED, type KICKED_OUT_REST_API, type ALLOW_TYPE_ALLOW_ANY,
  type ALLOW_TYPE_NEED_CONFIRM, type ALLOW_TYPE_DENY_ANY, type FORBID_TYPE_NONE,
  type FORBID_TYPE_SEND_OUT, type JOIN_OPTIONS_FREE_ACCESS, type JOIN_OPTIONS_NEED_PERMISSION,
  type JOIN_OPTIONS_DISABLE_APPLY, type JOIN_STATUS_SUCCESS, type JOIN_STATUS_ALREADY_IN_GROUP,
  type JOIN_STATUS_WAIT_APPROVAL, type GRP_PROFILE_OWNER_ID, type GRP_PROFILE_CREATE_TIME,
  type GRP_PROFILE_LAST_INFO_TIME, type GRP_PROFILE_MEMBER_NUM, type GRP_PROFILE_MAX_MEMBER_NUM,
  type GRP_PROFILE_JOIN_OPTION, type GRP_PROFILE_INTRODUCTION, type GRP_PROFILE_NOTIFICATION,
  type GRP_PROFILE_MUTE_ALL_MBRS, type SNS_ADD_TYPE_SINGLE, type SNS_ADD_TYPE_BOTH,
  type SNS_DELETE_TYPE_SINGLE, type SNS_DELETE_TYPE_BOTH, type SNS_APPLICATION_TYPE_BOTH,
  type SNS_APPLICATION_SENT_TO_ME, type SNS_APPLICATION_SENT_BY_ME, type SNS_APPLICATION_AGREE,
  type SNS_APPLICATION_AGREE_AND_ADD, type SNS_CHECK_TYPE_BOTH, type SNS_CHECK_TYPE_SINGLE,
  type SNS_TYPE_NO_RELATION, type SNS_TYPE_A_WITH_B, type SNS_TYPE_B_WITH_A,
  type SNS_TYPE_BOTH_WAY, type NET_STATE_CONNECTED, type NET_STATE_CONNECTING,
  type NET_STATE_DISCONNECTED, type MSG_AT_ALL, type READ_ALL_C2C_MSG, type READ_ALL_GROUP_MSG,
  type READ_ALL_MSG, type USER_STATUS_UNKNOWN, type USER_STATUS_ONLINE, type USER_STATUS_OFFLINE,
  type USER_STATUS_UNLOGINED, type IOS_OFFLINE_PUSH_NO_SOUND, type IOS_OFFLINE_PUSH_DEFAULT_SOUND]`, () => {
    // The list has no values for the marks: bits, see types.ts.
    const marks = {
      CONV_MARK_TYPE_STAR: 1,
      CONV_MARK_TYPE_UNREAD: 2,
      CONV_MARK_TYPE_FOLD: 4,
      CONV_MARK_TYPE_HIDE: 8,
    };
    expect(TYPES).toEqual({ ...parity.sdk_types, ...marks });
  });

  it('name the version of the package', () => {
    expect(VERSION).toBe(readJson('../../package.json').version);
  });
});
