// What members do with a group, its members, its applications and its values.
import { EVENT } from '../constants/event.js';
import { TYPES } from '../constants/types.js';
import type { GroupApplication } from '../model/group-sdk.js';
import { groupOfTwo } from '../testing/group-world.js';
import { World } from '../testing/world.js';

const refusedWith = (code: number) => ({ code });

describe('a group is changed', () => {
  it('and all members see it [parity: sdk updateGroupProfile]', async () => {
    const world = new World();
    const { alice, bob } = await groupOfTwo(world);
    const { group } = await world.done(
      alice.chat.updateGroupProfile({
        groupID: 'team',
        name: 'crew',
        notification: 'read this',
        muteAllMembers: true,
        groupCustomField: [{ key: 'city', value: 'Seoul' }],
      }),
    );
    expect([group.name, group.muteAllMembers]).toEqual(['crew', true]);
    expect((await bob.chat.getGroupList()).data.groupList[0]).toMatchObject({
      name: 'crew',
      notification: 'read this',
      muteAllMembers: true,
      groupCustomField: [{ key: 'city', value: 'Seoul' }],
    });
    const tip = bob.received.find(({ type }) => type === TYPES.MSG_GRP_TIP);
    expect(tip?.payload.newGroupProfile).toEqual({
      name: 'crew',
      notification: 'read this',
      muteAllMembers: true,
      groupCustomField: [{ key: 'city', value: 'Seoul' }],
    });
    await expect(
      world.done(bob.chat.updateGroupProfile({ groupID: 'team', name: 'mine' })),
    ).rejects.toMatchObject(refusedWith(10007));
  });

  it('when it gets another owner [parity: sdk changeGroupOwner]', async () => {
    const world = new World();
    const { alice, bob } = await groupOfTwo(world);
    const { group } = await world.done(alice.chat.changeGroupOwner({ groupID: 'team', newOwnerID: 'bob' }));
    expect([group.ownerID, group.selfInfo.role]).toEqual(['bob', 'Member']);
    const [seen] = (await bob.chat.getGroupList()).data.groupList;
    expect([seen?.ownerID, seen?.selfInfo.role]).toEqual(['bob', 'Owner']);
  });

  it('only with options of the right shape', async () => {
    const world = new World();
    const { alice } = await groupOfTwo(world);
    const { chat } = alice;
    const bad: [Promise<unknown>, number][] = [
      [chat.createGroup({ name: '', type: TYPES.GRP_WORK }), 6017],
      [chat.createGroup({ name: 'x', type: TYPES.GRP_WORK, groupID: '@TGS#mine' }), 8501],
      [chat.createGroup({ name: 'x', type: TYPES.GRP_COMMUNITY, groupID: 'mine' }), 8501],
      [chat.createGroup({ name: 'x', type: TYPES.GRP_WORK, groupID: 'x'.repeat(49) }), 8501],
      [chat.joinGroup({ groupID: '' }), 6017],
      [chat.addGroupMember({ groupID: 'team', userIDList: [] }), 8510],
      [chat.setGroupMemberNameCard({ groupID: 'team', nameCard: 'x'.repeat(51) }), 8506],
      [chat.setGroupMemberRole({ groupID: 'team', userID: 'bob', role: TYPES.GRP_MBR_ROLE_OWNER }), 6017],
      [chat.setGroupMemberMuteTime({ groupID: 'team', userID: 'bob', muteTime: -1 }), 6017],
      [chat.increaseGroupCounter({ groupID: 'team', key: 'likes', value: 0.5 }), 6017],
      [chat.initGroupAttributes({ groupID: 'team', groupAttributes: { a: 1 as never } }), 6017],
      [chat.handleGroupApplication({ handleAction: 'Agree' }), 6017],
      [chat.setMessageRemindType({ userIDList: [], messageRemindType: TYPES.MSG_REMIND_DISCARD }), 6017],
    ];
    for (const [call, code] of bad) await expect(call).rejects.toMatchObject(refusedWith(code));
  });
});

describe('members', () => {
  it('are listed, added and changed [parity: sdk getGroupMemberList, sdk getGroupMemberProfile, sdk addGroupMember]', async () => {
    const world = new World();
    const { alice } = await groupOfTwo(world);
    const users = Array.from({ length: 20 }, (_, n) => `user-${n}`);
    const added = await world.done(
      alice.chat.addGroupMember({ groupID: 'team', userIDList: ['bob', ...users] }),
    );
    expect([added.existedUserIDList, added.successUserIDList]).toEqual([['bob'], users]);
    expect(added.group.memberCount).toBe(22);
    const first = await world.done(alice.chat.getGroupMemberList({ groupID: 'team' }));
    expect([first.memberList.length, first.memberList[0]?.userID, first.offset]).toEqual([15, 'alice', 15]);
    const second = await world.done(alice.chat.getGroupMemberList({ groupID: 'team', offset: 15 }));
    expect([second.memberList.length, second.offset]).toEqual([7, 0]);
    const byCursor = await world.done(alice.chat.getGroupMemberList({ groupID: 'team', offset: '' }));
    const rest = await world.done(
      alice.chat.getGroupMemberList({ groupID: 'team', offset: byCursor.offset }),
    );
    expect(rest.memberList).toEqual(second.memberList);
    const leads = await world.done(alice.chat.getGroupMemberList({ groupID: 'team', role: 'Owner' }));
    expect(leads.memberList.map(({ userID }) => userID)).toEqual(['alice']);
    const named = await world.done(
      alice.chat.getGroupMemberProfile({ groupID: 'team', userIDList: ['bob', 'nobody'] }),
    );
    expect(named.memberList).toMatchObject([{ userID: 'bob', role: 'Member', muteUntil: 0, nameCard: '' }]);
  });

  it('have roles, mutes, name cards and fields [parity: sdk setGroupMemberRole, sdk setGroupMemberMuteTime, sdk setGroupMemberNameCard, sdk setGroupMemberCustomField]', async () => {
    const world = new World();
    const { alice, bob } = await groupOfTwo(world);
    const self = async () => (await bob.chat.getGroupList()).data.groupList[0]?.selfInfo;
    const bobIn = { groupID: 'team', userID: 'bob' };
    const promoted = await world.done(
      alice.chat.setGroupMemberRole({ ...bobIn, role: TYPES.GRP_MBR_ROLE_ADMIN }),
    );
    expect(promoted.member).toMatchObject({ userID: 'bob', role: 'Admin' });
    expect((await self())?.role).toBe('Admin');
    await world.done(alice.chat.setGroupMemberRole({ ...bobIn, role: TYPES.GRP_MBR_ROLE_MEMBER }));
    expect((await self())?.role).toBe('Member');
    await world.done(alice.chat.setGroupMemberMuteTime({ ...bobIn, muteTime: 60 }));
    expect((await self())?.muteUntil).toBeGreaterThan(bob.chat.getServerTime() + 50);
    const tips = bob.received.filter(({ type }) => type === TYPES.MSG_GRP_TIP);
    expect(tips.map(({ payload }) => payload.operationType)).toEqual([
      TYPES.GRP_TIP_MBR_SET_ADMIN,
      TYPES.GRP_TIP_MBR_CANCELED_ADMIN,
      TYPES.GRP_TIP_MBR_PROFILE_UPDATED,
    ]);
    expect(tips.at(-1)?.payload.memberList).toEqual([{ userID: 'bob', nick: '', avatar: '', muteTime: 60 }]);
    await world.done(bob.chat.setGroupMemberNameCard({ groupID: 'team', nameCard: 'Bobby' }));
    const fields = [{ key: 'shirt', value: 'red' }];
    await world.done(bob.chat.setGroupMemberCustomField({ groupID: 'team', memberCustomField: fields }));
    expect(await self()).toMatchObject({ nameCard: 'Bobby', memberCustomField: fields });
  });

  it('are kept out for a time', async () => {
    const world = new World();
    const { alice, bob } = await groupOfTwo(world);
    const out = { groupID: 'team', userIDList: ['bob'], reason: 'rude', duration: 60 };
    const { userIDList, group } = await world.done(alice.chat.deleteGroupMember(out));
    expect([userIDList, group.memberCount]).toEqual([['bob'], 1]);
    expect((await bob.chat.getGroupList()).data.groupList).toEqual([]);
    expect(world.server.calls.some(({ method }) => method === 'banMembers')).toBe(true);
  });

  it('are counted when online, not more often than once a minute [parity: sdk getGroupOnlineMemberCount]', async () => {
    const world = new World();
    const { alice } = await groupOfTwo(world);
    const count = async () => (await world.done(alice.chat.getGroupOnlineMemberCount('team'))).memberCount;
    expect([await count(), await count()]).toEqual([2, 2]);
    const asked = () => world.server.calls.filter(({ method }) => method === 'countOnline').length;
    expect(asked()).toBe(1);
    await world.clock.pass(60_000);
    await count();
    expect(asked()).toBe(2);
  });
});

describe('applications', () => {
  async function closedGroup(world: World) {
    const [alice, carol] = [await world.ready('alice'), await world.ready('carol')];
    const joinOption = TYPES.JOIN_OPTIONS_NEED_PERMISSION;
    await world.done(
      alice.chat.createGroup({ name: 'club', type: TYPES.GRP_PUBLIC, groupID: 'club', joinOption }),
    );
    const answer = await world.done(carol.chat.joinGroup({ groupID: 'club', applyMessage: 'please' }));
    expect(answer).toEqual({ status: 'WaitAdminApproval' });
    return { alice, carol };
  }

  it('are listed and accepted [parity: sdk getGroupApplicationList, sdk handleGroupApplication]', async () => {
    const world = new World();
    const { alice, carol } = await closedGroup(world);
    const { applicationList } = await world.done(alice.chat.getGroupApplicationList());
    const [application] = applicationList as [GroupApplication];
    expect(application).toMatchObject({
      applicant: 'carol',
      userID: 'carol',
      groupID: 'club',
      groupName: 'club',
      applicationType: 0,
      note: 'please',
    });
    // As an app that knows the compatible fields only.
    const { applicant, groupID, userID } = application;
    const { group } = await world.done(
      alice.chat.handleGroupApplication({
        handleAction: 'Agree',
        handleMessage: 'welcome',
        application: { applicant, groupID, userID },
      }),
    );
    expect(group.memberCount).toBe(2);
    await world.clock.pass(1_000);
    expect((await carol.chat.getGroupList()).data.groupList.map(({ name }) => name)).toEqual(['club']);
    expect(carol.received.find(({ type }) => type === TYPES.MSG_GRP_SYS_NOTICE)?.payload).toMatchObject({
      operationType: 2,
      operatorID: 'alice',
      handleMessage: 'welcome',
    });
  });

  it('are refused from their notice, and only once', async () => {
    const world = new World();
    const { alice, carol } = await closedGroup(world);
    const message = alice.received.find(({ payload }) => payload.operationType === 1);
    expect(message).toMatchObject({ conversationID: '@TIM#SYSTEM', payload: { applyMessage: 'please' } });
    await world.done(alice.chat.handleGroupApplication({ handleAction: 'Reject', message }));
    expect((await carol.chat.getGroupList()).data.groupList).toEqual([]);
    await expect(
      world.done(alice.chat.handleGroupApplication({ handleAction: 'Agree', message })),
    ).rejects.toMatchObject(refusedWith(10024));
  });
});

describe('attributes', () => {
  it('are written and told [parity: sdk initGroupAttributes, sdk setGroupAttributes, sdk deleteGroupAttributes, sdk getGroupAttributes, event GROUP_ATTRIBUTES_UPDATED]', async () => {
    const world = new World();
    const { alice, bob } = await groupOfTwo(world);
    const groupID = 'team';
    await world.done(alice.chat.initGroupAttributes({ groupID, groupAttributes: { a: '1', b: '2' } }));
    await world.done(alice.chat.setGroupAttributes({ groupID, groupAttributes: { b: '3' } }));
    await world.done(bob.chat.deleteGroupAttributes({ groupID, keyList: ['a'] }));
    expect(bob.told(EVENT.GROUP_ATTRIBUTES_UPDATED)).toEqual([
      { groupID, groupAttributes: { a: '1', b: '2' } },
      { groupID, groupAttributes: { a: '1', b: '3' } },
      { groupID, groupAttributes: { b: '3' } },
    ]);
    const { groupAttributes } = await world.done(alice.chat.getGroupAttributes({ groupID, keyList: [] }));
    expect(groupAttributes).toEqual({ b: '3' });
    await world.done(bob.chat.deleteGroupAttributes({ groupID, keyList: [] }));
    expect((await world.done(bob.chat.getGroupAttributes({ groupID }))).groupAttributes).toEqual({});
  });

  it('are not written over what the writer did not see', async () => {
    const world = new World();
    const { alice, bob } = await groupOfTwo(world);
    const groupID = 'team';
    const set = (device: typeof alice, value: string) =>
      world.done(device.chat.setGroupAttributes({ groupID, groupAttributes: { turn: value } }));
    await set(alice, '1');
    world.server.faults.onPush = () => 'drop';
    await set(bob, '2');
    await expect(set(alice, '3')).rejects.toMatchObject(refusedWith(10056));
    await set(alice, '4');
    const { groupAttributes } = await world.done(bob.chat.getGroupAttributes({ groupID }));
    expect(groupAttributes).toEqual({ turn: '4' });
  });

  it('are written ten times in five seconds at most', async () => {
    const world = new World();
    const { alice } = await groupOfTwo(world);
    const set = (ms: number) =>
      world.done(alice.chat.setGroupAttributes({ groupID: 'team', groupAttributes: { n: 'x' } }), ms);
    for (let n = 0; n < 10; n++) await set(50);
    await expect(set(50)).rejects.toMatchObject(refusedWith(8511));
    await world.clock.pass(5_000);
    await set(50);
  });
});

describe('counters', () => {
  it('are set, moved and told [parity: sdk setGroupCounters, sdk increaseGroupCounter, sdk decreaseGroupCounter, sdk getGroupCounters, event GROUP_COUNTER_UPDATED]', async () => {
    const world = new World();
    const { alice, bob } = await groupOfTwo(world);
    const groupID = 'team';
    await world.done(alice.chat.setGroupCounters({ groupID, counters: { likes: 5, views: 1 } }));
    const more = await world.done(bob.chat.increaseGroupCounter({ groupID, key: 'likes', value: 2 }));
    expect(more).toEqual({ groupID, key: 'likes', value: 7 });
    await world.done(bob.chat.decreaseGroupCounter({ groupID, key: 'views', value: 3 }));
    expect(bob.told(EVENT.GROUP_COUNTER_UPDATED)).toEqual([
      { groupID, key: 'likes', value: 5 },
      { groupID, key: 'views', value: 1 },
      { groupID, key: 'likes', value: 7 },
      { groupID, key: 'views', value: -2 },
    ]);
    const all = await world.done(alice.chat.getGroupCounters({ groupID }));
    expect(all.counters).toEqual({ likes: 7, views: -2 });
    const one = await world.done(alice.chat.getGroupCounters({ groupID, keyList: ['views'] }));
    expect(one.counters).toEqual({ views: -2 });
  });
});
