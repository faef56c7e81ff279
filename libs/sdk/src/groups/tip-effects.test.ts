import { TYPES } from '../constants/types.js';
import type { GroupTipPayload } from '../model/notice.js';
import { createEmptyGroup } from '../sync/conversation-view.js';
import { decodeTip } from './notice-codec.js';
import { applyTip, concernsMembership } from './tip-effects.js';

const tip = (content: Record<string, unknown>): GroupTipPayload => decodeTip(content);

describe('a tip in a group', () => {
  it('changes what it names', () => {
    const group = { ...createEmptyGroup('g'), name: 'old', ownerID: 'alice', memberCount: 2 };
    group.selfInfo = { role: 'Owner' };
    group.groupCustomField = [
      { key: 'a', value: '1' },
      { key: 'b', value: '2' },
    ];
    const AppDefinedData = [
      { Key: 'a', Value: '' },
      { Key: 'c', Value: '3' },
    ];
    const GroupInfo = { Owner_Account: 'bob', Notification: 'n', AppDefinedData };
    applyTip(group, { payload: tip({ OpType: 6, MemberNum: 5, GroupInfo }), time: 10 }, 'alice');
    expect(group).toMatchObject({
      ...{ name: 'old', ownerID: 'bob', notification: 'n', memberCount: 5, selfInfo: { role: 'Member' } },
      groupCustomField: [
        { key: 'b', value: '2' },
        { key: 'c', value: '3' },
      ],
    });
  });

  it('that is older than what was read of the group changes no profile', () => {
    const group = { ...createEmptyGroup('g'), name: 'newest', lastInfoTime: 11 };
    applyTip(group, { payload: tip({ OpType: 6, GroupInfo: { Name: 'older' } }), time: 10 }, 'alice');
    expect(group.name).toBe('newest');
  });

  it('changes the own membership', () => {
    const group = createEmptyGroup('g');
    const about = (OpType: number, more: object = {}) =>
      tip({ OpType, MemberList: [{ Member_Account: 'alice', ...more }] });
    applyTip(group, { payload: about(TYPES.GRP_TIP_MBR_SET_ADMIN), time: 10 }, 'alice');
    applyTip(
      group,
      { payload: about(TYPES.GRP_TIP_MBR_PROFILE_UPDATED, { MuteTime: 60 }), time: 10 },
      'alice',
    );
    expect(group.selfInfo).toEqual({ role: 'Admin', muteUntil: 70 });
    applyTip(
      group,
      { payload: about(TYPES.GRP_TIP_MBR_PROFILE_UPDATED, { MuteTime: 0 }), time: 20 },
      'alice',
    );
    expect(group.selfInfo.muteUntil).toBe(0);
    expect(concernsMembership(about(TYPES.GRP_TIP_MBR_KICKED_OUT), 'alice')).toBe(true);
    expect(concernsMembership(about(TYPES.GRP_TIP_MBR_KICKED_OUT), 'bob')).toBe(false);
    expect(concernsMembership(about(TYPES.GRP_TIP_GRP_PROFILE_UPDATED), 'alice')).toBe(false);
  });
});
