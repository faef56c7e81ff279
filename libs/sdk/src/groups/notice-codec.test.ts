import { TYPES } from '../constants/types.js';
import { decodeBody } from '../messages/element-codec.js';

const read = (MsgType: string, MsgContent: object) =>
  decodeBody(new TextEncoder().encode(JSON.stringify([{ MsgType, MsgContent }])))[0]?.payload;

describe('a tip', () => {
  it('has the fields of the API', () => {
    const payload = read(TYPES.MSG_GRP_TIP, {
      OpType: 6,
      Operator_Account: 'alice',
      MemberNum: 3,
      MemberList: [{ Member_Account: 'bob', MuteTime: 0, Role: 'Admin', NameCard: 'B' }],
      GroupInfo: {
        ...{ Name: 'n', Introduction: 'i', Notification: 'o', FaceUrl: 'f', Owner_Account: 'bob' },
        ...{ MuteAllMember: 'Off', ApplyJoinOption: 'FreeAccess', InviteJoinOption: 'DisableInvite' },
        AppDefinedData: [{ Key: 'k', Value: '' }],
      },
      Reason: 'r',
    });
    expect(payload).toEqual({
      operationType: TYPES.GRP_TIP_GRP_PROFILE_UPDATED,
      operatorID: 'alice',
      operatorInfo: { userID: 'alice', nick: '', avatar: '' },
      userIDList: ['bob'],
      memberList: [{ userID: 'bob', nick: '', avatar: '', muteTime: 0, role: 'Admin', nameCard: 'B' }],
      memberCount: 3,
      newGroupProfile: {
        ...{ name: 'n', introduction: 'i', notification: 'o', avatar: 'f', ownerID: 'bob' },
        ...{ muteAllMembers: false, joinOption: 'FreeAccess', inviteOption: 'DisableApply' },
        groupCustomField: [{ key: 'k', value: '' }],
      },
      joinType: 0,
      reason: 'r',
    });
  });

  it('is readable whatever is in it', () => {
    for (const content of [{}, { MemberList: 'x', GroupInfo: [1], OpType: '6' }]) {
      expect(read(TYPES.MSG_GRP_TIP, content)).toMatchObject({
        ...{ operationType: 0, userIDList: [], memberList: [], newGroupProfile: {} },
      });
    }
  });
});

describe('a notice', () => {
  it('has the fields of the API', () => {
    const payload = read(TYPES.MSG_GRP_SYS_NOTICE, {
      ...{ ReportType: 24, GroupId: 'g', GroupName: 'n', GroupType: 'Public', Operator_Account: 'alice' },
      ...{ Member_Account: 'bob', Inviter_Account: 'alice', ApplicationId: 'a1', ApplyMessage: 'please' },
      ...{ Reason: 'why', UserDefinedField: 'u', MuteTime: 60 },
    });
    expect(payload).toEqual({
      ...{
        operationType: 24,
        operatorID: 'alice',
        groupProfile: { groupID: 'g', name: 'n', type: 'Public' },
      },
      ...{ userID: 'bob', inviterID: 'alice', applicationID: 'a1', applyMessage: 'please' },
      ...{ handleMessage: 'why', userDefinedField: 'u', muteTime: 60 },
    });
  });
});
