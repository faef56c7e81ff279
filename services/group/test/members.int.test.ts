// Members: who comes in how, who is told, who may no longer speak or be there.
import { ErrorCode } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import { waitFor } from '@parley/testkit';
import { admin, codeOf, GroupWorld, service, user } from './support/group-world.js';

const { Role, MemberResult, JoinOption, JoinStatus, ApplicationKind, ReceiveOption } = groupv1;
const NAMED_FIELDS = { inviteJoinOption: JoinOption.NEED_PERMISSION };

describe('members', () => {
  let world: GroupWorld;
  beforeAll(async () => {
    world = await GroupWorld.open();
  });
  afterAll(() => world.close());
  const people = { admins: ['adam'], members: ['mia', 'max'] };
  const reports = (name: string) => world.messages.notices(name).map((one) => one.content.ReportType);

  it('are added by a back end, each with an outcome', async () => {
    const groupId = await world.group('Public', people);
    const add = (names: string[], more: object = {}, as = admin) =>
      world.groups.addMembers({ groupId, members: names.map((userId) => ({ userId })), ...more }, as);
    const { members } = await add(['zoe', 'mia', 'nobody1', 'zoe']);
    expect(members.map((one) => one.result)).toEqual([
      MemberResult.ADDED,
      MemberResult.ALREADY_MEMBER,
      MemberResult.FAILED,
      MemberResult.ADDED,
    ]);
    await waitFor(() => reports('zoe').includes(7));
    await add(['quiet'], { silent: true });
    expect((await world.info(groupId)).memberNum).toBe(6);
    await waitFor(() => world.messages.tips(groupId).length === 1);
    expect(world.messages.tips(groupId)[0]!.content).toMatchObject({
      OpType: 1,
      JoinType: 2,
      MemberList: [{ Member_Account: 'zoe' }],
    });
    expect(reports('quiet')).toEqual([]);
    const many = (count: number) => Array.from({ length: count }, (_, at) => `n${at}`);
    expect(await codeOf(add(many(301)))).toBe(ErrorCode.GROUP_TOO_MANY_ACCOUNTS);
    expect(await codeOf(add(many(300), { silent: true }))).toBe(0);
    expect(await codeOf(add(many(21), {}, user('mia')))).toBe(ErrorCode.GROUP_TOO_MANY_ACCOUNTS);
  });

  it('are imported with their times and unread numbers, and nobody is told', async () => {
    const createTimeS = 1_700_000_000;
    const groupId = await world.group('Public', {}, { isImport: true, createTimeS });
    const asked = [
      { userId: 'ida', joinTimeS: createTimeS + 5, unreadCount: 3 },
      { userId: 'ivo', joinTimeS: createTimeS - 5 },
      { userId: 'ina', role: Role.ADMIN },
    ];
    const { members } = await world.groups.addMembers({ groupId, members: asked, isImport: true }, admin);
    expect(members.map((one) => one.result)).toEqual([
      MemberResult.ADDED,
      MemberResult.FAILED,
      MemberResult.ADDED,
    ]);
    const got = await world.groups.getMembers({ groupId, userIds: ['ida', 'ivo', 'ina'] }, admin);
    expect(got.members).toMatchObject([
      { userId: 'ida', joinTimeS: createTimeS + 5 },
      { userId: 'ina', role: Role.ADMIN },
    ]);
    expect(world.messages.open.get(`${groupId} ida`)).toEqual({ withHistory: true, unread: 3 });
    expect(reports('ida')).toEqual([]);
  });

  it('are removed; whoever is removed is told, also silently', async () => {
    const groupId = await world.group('Public', people);
    const removal = { groupId, userIds: ['max', 'stranger'], reason: 'spam' };
    await world.groups.removeMembers(removal, user('adam'));
    await world.groups.removeMembers({ groupId, userIds: ['mia'], silent: true }, admin);
    expect(await world.memberIds(groupId)).toEqual(['adam', 'olga']);
    await waitFor(() => world.messages.notices('mia').some((one) => one.content.GroupId === groupId));
    const tips = world.messages.tips(groupId).map((one) => one.content);
    expect(tips).toMatchObject([
      {
        OpType: 3,
        Operator_Account: 'adam',
        MemberList: [{ Member_Account: 'max' }],
        Reason: 'spam',
        MemberNum: 3,
      },
    ]);
    const told = world.messages.notices('max').at(-1)!.content;
    expect(told).toMatchObject({ ReportType: 4, Reason: 'spam', GroupId: groupId });
  });

  it('have roles, cards, wishes and fields of their own', async () => {
    const groupId = await world.group('Public', people);
    const modify = (userId: string, what: object, as = user('olga')) =>
      world.groups.modifyMember({ groupId, userId, ...what }, as);
    await modify('mia', { role: Role.ADMIN });
    await modify(
      '',
      { nameCard: 'Max', receiveOption: ReceiveOption.DISCARD, custom: { a: '1' } },
      user('max'),
    );
    const { members } = await world.groups.getMembers({ groupId, userIds: ['mia', 'max'] }, user('mia'));
    expect(members).toMatchObject([
      { role: Role.ADMIN },
      { role: Role.MEMBER, nameCard: 'Max', receiveOption: ReceiveOption.DISCARD, custom: { a: '1' } },
    ]);
    expect(await codeOf(modify('max', { receiveOption: ReceiveOption.NOTIFY }))).toBe(
      ErrorCode.GROUP_NO_PERMISSION,
    );
    expect(await codeOf(modify('max', { nameCard: 'x'.repeat(51) }))).toBe(ErrorCode.GROUP_BAD_PARAMETER);
    expect(await codeOf(modify('mia', { role: Role.OWNER }))).toBe(ErrorCode.GROUP_BAD_PARAMETER);
    await modify('mia', { role: Role.MEMBER });
    await waitFor(() => reports('mia').includes(10));
    const tips = world.messages.tips(groupId).map((one) => one.content.OpType);
    expect(tips).toEqual([4, 5]);
    const leaders = { groupId, roles: [Role.OWNER, Role.ADMIN] };
    const led = await world.groups.listMembers(leaders, user('mia'));
    expect(led.members.map((one) => one.userId)).toEqual(['olga', 'adam']);
  });

  it('are listed page by page, by cursor and by offset', async () => {
    const members = Array.from({ length: 23 }, (_, at) => `p${String(at).padStart(2, '0')}`);
    const groupId = await world.group('Community', { members });
    const all = [...members, 'olga'].sort();
    const found: string[] = [];
    let cursor = '';
    do {
      const page = await world.groups.listMembers({ groupId, cursor, limit: 7 }, user('p03'));
      expect(page.memberNum).toBe(24);
      found.push(...page.members.map((one) => one.userId));
      cursor = page.nextCursor;
    } while (cursor !== '');
    expect(found.sort()).toEqual(all);
    const some = await world.groups.listMembers({ groupId, offset: 5, limit: 4 }, admin);
    expect(some.members.map((one) => one.userId)).toEqual(['p04', 'p05', 'p06', 'p07']);
    await world.groups.removeMembers({ groupId, userIds: members.slice(0, 20) }, admin);
    const rest = await world.groups.listMembers({ groupId, limit: 4 }, admin);
    expect(rest.members.map((one) => one.userId)).toEqual(['olga', 'p20', 'p21', 'p22']);
  });

  it('are muted, members or not, for a while or for ever, through leaving and coming back', async () => {
    const groupId = await world.group('Meeting', people);
    const facts = (userId: string) => world.groups.getSendFacts({ groupId, userId }, service);
    const mute = (userIds: string[], seconds: number) =>
      world.groups.muteMembers({ groupId, userIds, seconds }, admin);
    await mute(['mia', 'gone'], 60);
    await mute(['max'], 0xffff_ffff);
    const nowS = Math.floor(world.clock.now() / 1_000);
    expect((await facts('mia')).mutedUntilS).toBe(nowS + 60);
    const { users } = await world.groups.listMuted({ groupId }, admin);
    expect(users.map((one) => [one.userId, one.untilS])).toEqual([
      ['gone', nowS + 60],
      ['max', 0xffff_ffff],
      ['mia', nowS + 60],
    ]);
    await world.groups.quitGroup({ groupId }, user('mia'));
    await world.groups.joinGroup({ groupId }, user('mia'));
    expect((await facts('mia')).mutedUntilS).toBe(nowS + 60);
    world.clock.advance(60_000);
    expect((await facts('mia')).mutedUntilS).toBe(0);
    await mute(['max'], 0);
    expect((await world.groups.listMuted({ groupId }, admin)).users).toEqual([]);
  });

  it('are banned: removed, and not let in again until it ends', async () => {
    const groupId = await world.group('Meeting', people);
    const join = () => codeOf(world.groups.joinGroup({ groupId }, user('max')));
    await world.groups.banMembers({ groupId, userIds: ['max', 'zoe'], seconds: 60 }, user('adam'));
    expect(await world.memberIds(groupId)).toEqual(['adam', 'mia', 'olga']);
    expect(await join()).toBe(ErrorCode.GROUP_NO_PERMISSION);
    const page = await world.groups.listBanned({ groupId, limit: 1 }, admin);
    expect(page.users.map((one) => one.userId)).toEqual(['max']);
    const next = await world.groups.listBanned({ groupId, cursor: page.nextCursor }, admin);
    expect(next.users.map((one) => one.userId)).toEqual(['zoe']);
    await waitFor(() => reports('max').includes(22));
    await world.groups.banMembers({ groupId, userIds: ['max'], seconds: 0 }, user('adam'));
    expect(await join()).toBe(0);
    world.clock.advance(60_000);
    expect((await world.groups.listBanned({ groupId }, admin)).users).toEqual([]);
    const many = Array.from({ length: 21 }, (_, at) => `b${at}`);
    const banMany = world.groups.banMembers({ groupId, userIds: many, seconds: 1 }, admin);
    expect(await codeOf(banMany)).toBe(ErrorCode.GROUP_TOO_MANY_ACCOUNTS);
  });

  describe('who apply', () => {
    const apply = (groupId: string, name: string) =>
      world.groups.joinGroup({ groupId, message: `it is ${name}` }, user(name));
    const waiting = async (name: string, groupId: string) => {
      const { applications } = await world.groups.listApplications({}, user(name));
      return applications.filter((one) => one.groupId === groupId);
    };

    it('wait for an admin; the first who decides wins', async () => {
      const groupId = await world.group('Public', people);
      expect((await apply(groupId, 'zoe')).status).toBe(JoinStatus.WAITING);
      expect((await apply(groupId, 'zoe')).status).toBe(JoinStatus.WAITING);
      expect(await waiting('mia', groupId)).toEqual([]);
      const [application] = await waiting('adam', groupId);
      expect(application).toMatchObject({ kind: ApplicationKind.JOIN, userId: 'zoe', message: 'it is zoe' });
      expect(await waiting('olga', groupId)).toHaveLength(1);
      await waitFor(() => world.messages.notices('adam').some((one) => one.content.ReportType === 1));
      const { applicationId } = application!;
      const decide = (name: string, accept: boolean, attempt = 0) =>
        codeOf(
          world.groups.handleApplication(
            { groupId, applicationId, accept, message: 'ok' },
            user(name, attempt),
          ),
        );
      expect(await decide('mia', true)).toBe(ErrorCode.GROUP_NO_PERMISSION);
      const codes = await Promise.all([decide('adam', true), decide('olga', true)]);
      expect([...codes].sort()).toEqual([0, ErrorCode.GROUP_APPLICATION_HANDLED]);
      expect(await decide('adam', true, 1)).toBe(0);
      expect(await waiting('olga', groupId)).toEqual([]);
      expect(await world.memberIds(groupId)).toContain('zoe');
      await waitFor(() => world.messages.notices('zoe').some((one) => one.content.HandleMessage === 'ok'));
      const tips = world.messages.tips(groupId).map((one) => one.content);
      expect(tips).toMatchObject([{ OpType: 1, JoinType: 1, MemberList: [{ Member_Account: 'zoe' }] }]);
    });

    it('are seen by whoever comes to lead the group, and not by whoever no longer does', async () => {
      const groupId = await world.group('Public', people);
      await apply(groupId, 'zoe');
      await world.groups.modifyMember({ groupId, userId: 'mia', role: Role.ADMIN }, user('olga'));
      await world.groups.modifyMember({ groupId, userId: 'adam', role: Role.MEMBER }, user('olga'));
      await world.groups.transferGroup({ groupId, newOwner: 'max' }, user('olga'));
      const seen = await Promise.all(['mia', 'max', 'adam', 'olga'].map((name) => waiting(name, groupId)));
      expect(seen.map((some) => some.length)).toEqual([1, 1, 0, 0]);
    });

    it('are refused, may apply again, and an old decision does not meet the new application', async () => {
      const groupId = await world.group('Public', people);
      await apply(groupId, 'zoe');
      const [old] = await waiting('adam', groupId);
      const decide = (applicationId: string, accept: boolean) =>
        codeOf(world.groups.handleApplication({ groupId, applicationId, accept }, user('adam')));
      expect(await decide(old!.applicationId, false)).toBe(0);
      world.clock.advance(1_000);
      await apply(groupId, 'zoe');
      expect(await decide(old!.applicationId, true)).toBe(ErrorCode.GROUP_APPLICATION_HANDLED);
      const [fresh] = await waiting('adam', groupId);
      expect(fresh!.applicationId).not.toBe(old!.applicationId);
      // It waits for a week.
      world.clock.advance(7 * 24 * 60 * 60 * 1_000 + 1_000);
      expect(await waiting('adam', groupId)).toEqual([]);
      expect(await decide(fresh!.applicationId, true)).toBe(ErrorCode.GROUP_APPLICATION_HANDLED);
    });

    it('are invited, and an admin decides', async () => {
      const groupId = await world.group('Public', people, { fields: NAMED_FIELDS });
      const invite = (as: string, userId: string) =>
        world.groups.addMembers({ groupId, members: [{ userId }] }, user(as));
      expect((await invite('mia', 'zoe')).members[0]!.result).toBe(MemberResult.WAITING);
      expect((await invite('adam', 'nina')).members[0]!.result).toBe(MemberResult.ADDED);
      const [application] = await waiting('olga', groupId);
      expect(application).toMatchObject({
        kind: ApplicationKind.INVITE_FOR_ADMIN,
        inviter: 'mia',
        userId: 'zoe',
      });
      const { applicationId } = application!;
      await world.groups.handleApplication({ groupId, applicationId, accept: true }, user('olga'));
      expect(await world.memberIds(groupId)).toEqual(['adam', 'max', 'mia', 'nina', 'olga', 'zoe']);
      await waitFor(() => world.messages.notices('mia').some((one) => one.content.ReportType === 13));
    });
  });
});

describe('invitations that need consent', () => {
  it('wait for whoever is invited', async () => {
    const world = await GroupWorld.open({ invitesNeedConsent: true });
    const groupId = await world.group('Work', { members: ['mia'] });
    const { members } = await world.groups.addMembers(
      { groupId, members: [{ userId: 'zoe' }, { userId: 'nina' }] },
      user('mia'),
    );
    expect(members.map((one) => one.result)).toEqual([MemberResult.WAITING, MemberResult.WAITING]);
    const { applications } = await world.groups.listApplications({}, user('zoe'));
    expect(applications).toMatchObject([{ kind: ApplicationKind.INVITE_FOR_INVITEE, inviter: 'mia' }]);
    const { applicationId } = applications[0]!;
    const decide = (name: string) =>
      codeOf(world.groups.handleApplication({ groupId, applicationId, accept: true }, user(name)));
    expect(await decide('olga')).toBe(ErrorCode.GROUP_NO_PERMISSION);
    expect(await decide('zoe')).toBe(0);
    expect(await world.memberIds(groupId)).toEqual(['mia', 'olga', 'zoe']);
    await waitFor(() => world.messages.notices('zoe').some((one) => one.content.ReportType === 12));
    await world.close();
  });
});
