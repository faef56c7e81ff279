// Groups from their making to their end.
import { ErrorCode } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import { waitFor } from '@parley/testkit';
import { admin, adminOf, codeOf, GroupWorld, OTHER_APP, service, user } from './support/group-world.js';

const { Role, JoinStatus, MemberResult } = groupv1;

describe('groups', () => {
  let world: GroupWorld;
  beforeAll(async () => {
    world = await GroupWorld.open();
  });
  afterAll(() => world.close());

  it('are made by a user, who owns them, with first members', async () => {
    const answer = await world.groups.createGroup(
      {
        type: 'Work',
        fields: { name: 'team', custom: { color: 'red' } },
        members: [{ userId: 'mia' }, { userId: 'nobody1' }, { userId: 'olga' }],
      },
      user('olga'),
    );
    const { group, members } = answer;
    expect(group).toMatchObject({ type: 'Private', name: 'team', owner: 'olga', memberNum: 2, infoSeq: 1n });
    expect(group!.groupId).toMatch(/^@TGS#[A-Z2-7]{16}$/);
    expect(members.map((one) => one.result)).toEqual([
      MemberResult.ADDED,
      MemberResult.FAILED,
      MemberResult.ADDED,
    ]);
    expect(await world.memberIds(group!.groupId)).toEqual(['mia', 'olga']);
    expect(world.messages.isOpen(group!.groupId, 'mia')).toBe(true);
    const seen = await world.groups.getGroups({ groupIds: [group!.groupId] }, user('mia'));
    expect(seen.groups[0]).toMatchObject({ code: 0, self: { role: Role.MEMBER } });
    expect(seen.groups[0]!.group!.custom).toEqual({ color: 'red' });
    const hidden = await world.groups.getGroups({ groupIds: [group!.groupId] }, user('zoe'));
    expect(hidden.groups[0]!.code).toBe(ErrorCode.GROUP_NO_PERMISSION);
    await waitFor(() => world.messages.notices('mia').length === 1);
    expect(world.messages.notices('mia')[0]!.content).toMatchObject({
      ReportType: 7,
      Operator_Account: 'olga',
    });
    expect(world.messages.notices('olga').map((one) => one.content.ReportType)).toContain(6);
  });

  it('are one group for all retries of one creation', async () => {
    const request = { type: 'Public', creationId: 'c-1', members: [{ userId: 'mia' }] };
    const first = await world.groups.createGroup(request, user('olga'));
    const second = await world.groups.createGroup(request, user('olga', 1));
    expect(second.group!.groupId).toBe(first.group!.groupId);
    const other = await world.groups.createGroup(request, user('otto'));
    expect(other.group!.groupId).not.toBe(first.group!.groupId);
  });

  it('keep the ids of their choice, and are not made twice', async () => {
    const make = (groupId: string, owner = 'olga', type = 'Public') =>
      codeOf(world.groups.createGroup({ type, groupId }, user(owner)));
    expect(await make('my group')).toBe(0);
    expect(await make('my group')).toBe(ErrorCode.GROUP_ID_TAKEN_BY_CALLER);
    expect(await make('my group', 'otto')).toBe(ErrorCode.GROUP_ID_TAKEN);
    expect(await make('@TGS#mine')).toBe(ErrorCode.GROUP_ID_INVALID);
    expect(await make('x'.repeat(49))).toBe(ErrorCode.GROUP_ID_INVALID);
    expect(await make('x'.repeat(48))).toBe(0);
    expect(await make('plain', 'olga', 'Community')).toBe(ErrorCode.GROUP_ID_INVALID);
    expect(await make('@TGS#_@TGS#c1', 'olga', 'Community')).toBe(ErrorCode.GROUP_ID_INVALID);
    expect(await make('@TGS#_mine', 'olga', 'Community')).toBe(0);
    expect(await make('tür')).toBe(ErrorCode.GROUP_ID_INVALID);
    const elsewhere = { type: 'Public', groupId: 'my group', owner: 'olga' };
    expect(await codeOf(world.groups.createGroup(elsewhere, adminOf(OTHER_APP)))).toBe(0);
  });

  it('hold their limits at the edges', async () => {
    const make = (fields: object, members = 0) =>
      codeOf(
        world.groups.createGroup(
          {
            type: 'Public',
            fields,
            members: Array.from({ length: members }, (_, at) => ({ userId: `m${at}` })),
          },
          user('olga'),
        ),
      );
    expect(await make({ name: 'é'.repeat(50) })).toBe(0);
    expect(await make({ name: `${'é'.repeat(50)}x` })).toBe(ErrorCode.GROUP_BAD_PARAMETER);
    expect(await make({}, 100)).toBe(0);
    expect(await make({}, 101)).toBe(ErrorCode.GROUP_TOO_MANY_ACCOUNTS);
    expect(await make({ maxMemberNum: 3 }, 2)).toBe(0);
    expect(await make({ maxMemberNum: 3 }, 3)).toBe(ErrorCode.GROUP_MEMBER_LIMIT);
    expect(await make({ custom: { ['k'.repeat(17)]: 'v' } })).toBe(ErrorCode.GROUP_BAD_PARAMETER);
    expect(await make({ custom: { k: 'v'.repeat(513) } })).toBe(ErrorCode.GROUP_BAD_PARAMETER);
  });

  it('change their profile, which members read as a tip', async () => {
    const groupId = await world.group('Public', { admins: ['adam'], members: ['mia'] });
    const fields = { name: 'new', notification: 'hi', custom: { a: '1' } };
    const { group } = await world.groups.modifyGroup({ groupId, fields }, user('adam'));
    expect(group).toMatchObject({ name: 'new', infoSeq: 2n, custom: { a: '1' } });
    await world.groups.modifyGroup({ groupId, fields }, user('adam', 1));
    await world.groups.modifyGroup({ groupId, fields: { custom: { a: '' } } }, user('adam'));
    expect((await world.info(groupId)).custom).toEqual({});
    await waitFor(() => world.messages.tips(groupId).length === 2);
    expect(world.messages.tips(groupId)[0]).toMatchObject({
      element: 'TIMGroupTipElem',
      dedupKey: 'g:2',
      content: {
        OpType: 6,
        Operator_Account: 'adam',
        GroupInfo: { Name: 'new', Notification: 'hi', AppDefinedData: [{ Key: 'a', Value: '1' }] },
      },
    });
    // Muting all is announced to nobody, unless a type says so.
    await world.groups.modifyGroup({ groupId, fields: { muteAll: true } }, user('olga'));
    expect((await world.groups.getSendFacts({ groupId, userId: 'mia' }, service)).muteAll).toBe(true);
  });

  it('are joined and left, with exact numbers and tips', async () => {
    const groupId = await world.group('Meeting', {}, { fields: { maxMemberNum: 3 } });
    const join = (name: string) => world.groups.joinGroup({ groupId }, user(name));
    expect((await join('mia')).status).toBe(JoinStatus.SUCCESS);
    expect((await join('mia')).status).toBe(JoinStatus.ALREADY_MEMBER);
    await join('max');
    expect(await codeOf(join('zoe'))).toBe(ErrorCode.GROUP_FULL);
    expect((await world.info(groupId)).memberNum).toBe(3);
    expect(world.messages.open.get(`${groupId} mia`)).toMatchObject({ withHistory: true });
    await world.groups.quitGroup({ groupId }, user('max'));
    expect(await codeOf(world.groups.quitGroup({ groupId }, user('max')))).toBe(
      ErrorCode.GROUP_NO_PERMISSION,
    );
    expect(await codeOf(world.groups.quitGroup({ groupId }, user('max', 1)))).toBe(0);
    expect(await codeOf(world.groups.quitGroup({ groupId }, user('olga')))).toBe(
      ErrorCode.GROUP_OWNER_MUST_STAY,
    );
    expect((await world.info(groupId)).memberNum).toBe(2);
    expect(world.messages.isOpen(groupId, 'max')).toBe(false);
    expect((await world.groups.listRooms({ user: 'max' }, service)).groupIds).not.toContain(groupId);
    expect((await world.groups.listRooms({ user: 'mia' }, service)).groupIds).toContain(groupId);
  });

  it('have other owners, and a Work group may have none', async () => {
    const groupId = await world.group('Work', { members: ['mia', 'max'] });
    const transfer = (newOwner: string, who: string) =>
      codeOf(world.groups.transferGroup({ groupId, newOwner }, user(who)));
    expect(await transfer('mia', 'max')).toBe(ErrorCode.GROUP_NO_PERMISSION);
    expect(await transfer('zoe', 'olga')).toBe(ErrorCode.GROUP_NO_PERMISSION);
    expect(await transfer('mia', 'olga')).toBe(0);
    expect(await transfer('mia', 'olga')).toBe(0);
    await world.groups.quitGroup({ groupId }, user('mia'));
    expect(await world.info(groupId)).toMatchObject({ owner: '', memberNum: 2 });
    await world.groups.transferGroup({ groupId, newOwner: 'max' }, admin);
    expect((await world.info(groupId)).owner).toBe('max');
  });

  it('end for all, and their id begins anew without a past', async () => {
    const groupId = await world.group('Public', { members: ['mia'] }, { groupId: 'phoenix' });
    const destroy = () => world.groups.destroyGroup({ groupId }, user('olga'));
    await destroy();
    expect(await codeOf(destroy())).toBe(ErrorCode.GROUP_NOT_FOUND);
    expect(await codeOf(world.groups.destroyGroup({ groupId }, user('olga', 1)))).toBe(0);
    expect(world.messages.isOpen(groupId, 'mia')).toBe(false);
    expect((await world.groups.getSendFacts({ groupId, userId: 'mia' }, service)).exists).toBe(false);
    await waitFor(() => world.messages.notices('mia').some((one) => one.content.ReportType === 5));
    await world.group('Meeting', {}, { groupId: 'phoenix' });
    expect(await world.memberIds(groupId)).toEqual(['olga']);
    await world.groups.joinGroup({ groupId }, user('mia'));
    expect(world.messages.open.get(`${groupId} mia`)).toMatchObject({ withHistory: false });
  });

  it('are listed for their app, page by page, and for their members', async () => {
    const app = adminOf(OTHER_APP);
    const made: string[] = [];
    for (let at = 0; at < 7; at += 1) {
      world.clock.advance(at % 2 === 0 ? 0 : 1_000);
      const type = at < 5 ? 'Public' : 'Meeting';
      const { group } = await world.groups.createGroup({ type, owner: 'lia', groupId: `list${at}` }, app);
      made.push(group!.groupId);
    }
    const found: string[] = [];
    let next = 0n;
    do {
      const page = await world.groups.listAppGroups({ limit: 2, next, type: 'Public' }, app);
      expect(Number(page.totalCount)).toBe(6);
      found.push(...page.groupIds);
      next = page.next;
    } while (next > 0n);
    expect([...found].sort()).toEqual(['list0', 'list1', 'list2', 'list3', 'list4', 'my group']);
    const joined = await world.groups.listJoinedGroups({ user: 'lia', limit: 3 }, app);
    expect(joined).toMatchObject({ totalCount: 7n, groups: [{}, {}, {}] });
    const rest = await world.groups.listJoinedGroups({ user: 'lia', cursor: joined.nextCursor }, app);
    expect(rest.groups.map((one) => one.group!.groupId)).toEqual(['list3', 'list4', 'list5', 'list6']);
    expect(rest.groups[0]!.self).toMatchObject({ userId: 'lia', role: Role.OWNER });
  });
});
