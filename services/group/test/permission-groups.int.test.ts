// Permission groups of communities: what they are, who is in them, and their rights in topics.
import { ErrorCode } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import { type FakeGateway, waitFor } from '@parley/testkit';
import { APP, admin, codeOf, GroupWorld, user } from './support/group-world.js';

const { ADD, SET, REMOVE } = groupv1.TopicPermissionMode;
const { ADDED, ALREADY_MEMBER, FAILED } = groupv1.MemberResult;

describe('permission groups', () => {
  let world: GroupWorld;
  let gateway: FakeGateway;
  let groupId: string;
  beforeEach(async () => {
    world = await GroupWorld.open({ permissionGroupMembersMax: 150 });
    gateway = await world.test.startGateway();
    const topical = { supportTopic: true };
    groupId = await world.group('Community', { admins: ['adam'], members: ['mia', 'max'] }, topical);
  });
  afterEach(() => world.close());

  const permissions = () => world.test.client(groupv1.PermissionGroupService);
  const create = (change: object = {}, as = admin) =>
    permissions().createPermissionGroup({ groupId, fields: { name: 'helpers' }, ...change }, as);
  const made = async (change: object = {}) => (await create(change)).permissionGroup?.permissionGroupId ?? '';
  const all = async () => (await permissions().getPermissionGroups({ groupId }, admin)).permissionGroups;
  const move = (permissionGroupId: string, userIds: string[], add = true, as = admin) =>
    permissions().changePermissionMembers({ groupId, permissionGroupId, userIds, add }, as);
  const inside = async (permissionGroupId: string) => {
    const { members } = await permissions().listPermissionMembers({ groupId, permissionGroupId }, admin);
    return members.map(({ userId }) => userId);
  };
  const topic = async () =>
    (await world.groups.createTopic({ groupId, fields: { name: 't' } }, admin)).topic?.topicId ?? '';
  const change = (
    permissionGroupId: string,
    mode: groupv1.TopicPermissionMode,
    topics: { topicId: string; permission?: bigint }[],
  ) => permissions().changeTopicPermissions({ groupId, permissionGroupId, mode, topics }, admin);
  const codes = (outcomes: readonly { readonly code: number }[]) => outcomes.map(({ code }) => code);

  it('are made, read, changed and ended', async () => {
    const first = await made({ fields: { name: 'one', custom: 'c', permission: 3n } });
    expect(first).toMatch(/^@PMG#_@PMG#/);
    const second = await made({ permissionGroupId: '@PMG#_own' });
    expect(second).toBe('@PMG#_own');
    expect(await all()).toMatchObject([
      { permissionGroup: { permissionGroupId: first, groupId, name: 'one', custom: 'c', permission: 3n } },
      { permissionGroup: { permissionGroupId: second, name: 'helpers', permission: 0n, memberCount: 0 } },
    ]);
    const fields = { name: 'uno', permission: 0n };
    await permissions().modifyPermissionGroup({ groupId, permissionGroupId: first, fields }, admin);
    expect((await all())[0]?.permissionGroup).toMatchObject({ name: 'uno', custom: 'c', permission: 0n });
    const named = { groupId, permissionGroupIds: [second, '@PMG#_no'] };
    expect(codes((await permissions().getPermissionGroups(named, user('mia'))).permissionGroups)).toEqual([
      0,
      ErrorCode.PERMISSION_GROUP_NOT_FOUND,
    ]);
    expect(codes((await permissions().destroyPermissionGroups(named, admin)).permissionGroups)).toEqual([
      0,
      ErrorCode.PERMISSION_GROUP_NOT_FOUND,
    ]);
    expect(codes((await permissions().destroyPermissionGroups(named, admin)).permissionGroups)).toEqual([
      ErrorCode.PERMISSION_GROUP_DELETED,
      ErrorCode.PERMISSION_GROUP_NOT_FOUND,
    ]);
    const gone = { groupId, permissionGroupId: second };
    expect(await codeOf(permissions().modifyPermissionGroup(gone, admin))).toBe(
      ErrorCode.PERMISSION_GROUP_DELETED,
    );
    expect(await codeOf(move('@PMG#_no', ['mia']))).toBe(ErrorCode.PERMISSION_GROUP_NOT_FOUND);
    expect(await codeOf(create({ permissionGroupId: second }))).toBe(ErrorCode.GROUP_ID_TAKEN);
    expect((await all()).map(({ permissionGroupId }) => permissionGroupId)).toEqual([first]);
  });

  it('have bounds, and an id that is theirs', async () => {
    const bad = ErrorCode.GROUP_BAD_PARAMETER;
    for (const permissionGroupId of ['x', '@PMG#_', '@PMG#_@PMG#x', '@PMG#_é', '@PMG#_'.padEnd(49, 'x')]) {
      expect(await codeOf(create({ permissionGroupId }))).toBe(bad);
    }
    expect(await codeOf(create({ permissionGroupId: '@PMG#_'.padEnd(48, 'x') }))).toBe(0);
    for (const [field, max] of Object.entries({ name: 150, custom: 3_000 })) {
      expect(await codeOf(create({ fields: { name: 'n', [field]: 'x'.repeat(max) } }))).toBe(0);
      expect(await codeOf(create({ fields: { name: 'n', [field]: 'x'.repeat(max + 1) } }))).toBe(bad);
    }
    expect(await codeOf(create({ fields: {} }))).toBe(bad);
    expect(await codeOf(create({ fields: { name: 'n', permission: -1n } }))).toBe(bad);
    const plain = await world.group('Public', {});
    expect(await codeOf(create({ groupId: plain }))).toBe(ErrorCode.GROUP_NO_PERMISSION);
    expect(await codeOf(create({ permissionGroupId: '@PMG#_a', creationId: 'c' }))).toBe(0);
    expect(await codeOf(create({ permissionGroupId: '@PMG#_a', creationId: 'c' }))).toBe(0);
    expect(await codeOf(create({ permissionGroupId: '@PMG#_a' }))).toBe(ErrorCode.GROUP_ID_TAKEN_BY_CALLER);
    expect(await codeOf(create({ permissionGroupId: '@PMG#_a' }, user('olga')))).toBe(
      ErrorCode.GROUP_ID_TAKEN,
    );
  });

  it('are at most 50 in a community, read 20 at a time', async () => {
    const again = await Promise.all([1, 2, 3].map(() => made({ creationId: 'once' })));
    expect(new Set(again).size).toBe(1);
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => codeOf(create())));
    expect(outcomes.filter((code) => code === 0)).toHaveLength(49);
    const pages: number[] = [];
    const seen = new Set<string>();
    let cursor = '';
    do {
      const page = await permissions().getPermissionGroups({ groupId, cursor }, admin);
      pages.push(page.permissionGroups.length);
      for (const { permissionGroupId } of page.permissionGroups) seen.add(permissionGroupId);
      cursor = page.nextCursor;
    } while (cursor !== '');
    expect([pages, seen.size]).toEqual([[20, 20, 10], 50]);
    const over = { groupId, permissionGroupIds: [...seen].slice(0, 21) };
    for (const call of [
      permissions().getPermissionGroups(over, admin),
      permissions().getPermissionGroups({ groupId, limit: 21 }, admin),
      permissions().getPermissionGroups({ groupId, cursor: 'x' }, admin),
      permissions().destroyPermissionGroups(over, admin),
    ]) {
      expect(await codeOf(call)).toBe(ErrorCode.GROUP_BAD_PARAMETER);
    }
  }, 30_000);

  it('have members of the community, who leave them with it', async () => {
    const [one, other] = [await made(), await made()];
    const results = async (call: ReturnType<typeof move>) => (await call).members.map(({ result }) => result);
    expect(await results(move(one, ['mia', 'zoe', 'olga']))).toEqual([ADDED, FAILED, ADDED]);
    expect(await results(move(one, ['mia', 'max']))).toEqual([ALREADY_MEMBER, ADDED]);
    expect(await results(move(other, ['mia']))).toEqual([ADDED]);
    expect([await inside(one), await inside(other)]).toEqual([['max', 'mia', 'olga'], ['mia']]);
    expect((await all()).map(({ permissionGroup }) => permissionGroup?.memberCount)).toEqual([3, 1]);
    expect(await results(move(one, ['max', 'zoe'], false))).toEqual([ADDED, ADDED]);
    expect(await inside(one)).toEqual(['mia', 'olga']);
    await world.groups.removeMembers({ groupId, userIds: ['mia'] }, admin);
    expect([await inside(one), await inside(other)]).toEqual([['olga'], []]);
    expect((await all()).map(({ permissionGroup }) => permissionGroup?.memberCount)).toEqual([1, 0]);
    await world.groups.addMembers({ groupId, members: [{ userId: 'mia' }] }, admin);
    expect(await inside(one)).toEqual(['olga']);
    await permissions().destroyPermissionGroups({ groupId, permissionGroupIds: [one] }, admin);
    expect(await codeOf(inside(one))).toBe(ErrorCode.PERMISSION_GROUP_DELETED);
    await world.groups.quitGroup({ groupId }, user('max'));
  });

  it('have as many members as are allowed, 100 at a time, listed 50 at a time', async () => {
    const permissionGroupId = await made();
    const people = Array.from({ length: 151 }, (_, at) => `p${String(at).padStart(3, '0')}`);
    await world.groups.addMembers({ groupId, members: people.map((userId) => ({ userId })) }, admin);
    expect(await codeOf(move(permissionGroupId, people.slice(0, 101)))).toBe(
      ErrorCode.GROUP_TOO_MANY_ACCOUNTS,
    );
    expect(await codeOf(move(permissionGroupId, []))).toBe(ErrorCode.GROUP_BAD_PARAMETER);
    await move(permissionGroupId, people.slice(0, 100));
    expect(await codeOf(move(permissionGroupId, people.slice(100)))).toBe(ErrorCode.PERMISSION_GROUP_FULL);
    await move(permissionGroupId, people.slice(100, 150));
    const listed: string[] = [];
    let cursor = '';
    do {
      const page = await permissions().listPermissionMembers({ groupId, permissionGroupId, cursor }, admin);
      expect(page.members.length).toBeLessThanOrEqual(50);
      listed.push(...page.members.map(({ userId }) => userId));
      cursor = page.nextCursor;
    } while (cursor !== '');
    expect(listed).toEqual(people.slice(0, 150));
    const over = { groupId, permissionGroupId, limit: 51 };
    expect(await codeOf(permissions().listPermissionMembers(over, admin))).toBe(
      ErrorCode.GROUP_BAD_PARAMETER,
    );
  });

  it('have rights in topics, each of which is there, was there or never was', async () => {
    const id = await made();
    const [one, other, ended] = [await topic(), await topic(), await topic()];
    const never = `${groupId}@TOPIC#_never`;
    await world.groups.destroyTopics({ groupId, topicIds: [ended] }, admin);
    const named = [one, other, ended, never, 'x'].map((topicId) => ({ topicId, permission: 8n }));
    const gone = [ErrorCode.TOPIC_PERMISSION_DELETED, ErrorCode.TOPIC_ID_INVALID, ErrorCode.TOPIC_ID_INVALID];
    expect(codes((await change(id, SET, [{ topicId: one, permission: 1n }])).topics)).toEqual([
      ErrorCode.TOPIC_PERMISSION_NOT_FOUND,
    ]);
    expect(codes((await change(id, ADD, named)).topics)).toEqual([0, 0, ...gone]);
    expect(codes((await change(id, ADD, named)).topics)).toEqual([
      ErrorCode.TOPIC_PERMISSION_EXISTS,
      ErrorCode.TOPIC_PERMISSION_EXISTS,
      ...gone,
    ]);
    expect(codes((await change(id, SET, [{ topicId: one, permission: 12n }])).topics)).toEqual([0]);
    const get = (topicIds: string[] = []) =>
      permissions().getTopicPermissions({ groupId, permissionGroupId: id, topicIds }, user('mia'));
    expect((await get()).topics).toMatchObject([
      { topicId: one, permission: 12n },
      { topicId: other, permission: 8n },
    ]);
    expect(codes((await get([other, ended, never])).topics)).toEqual([0, ...gone.slice(0, 2)]);
    expect(codes((await change(id, REMOVE, [{ topicId: one }, { topicId: one }])).topics)).toEqual([0]);
    expect(codes((await change(id, REMOVE, [{ topicId: one }])).topics)).toEqual([
      ErrorCode.TOPIC_PERMISSION_NOT_FOUND,
    ]);
    expect(codes((await get([one])).topics)).toEqual([ErrorCode.TOPIC_PERMISSION_NOT_FOUND]);
    const many = (length: number) => Array.from({ length }, (_, at) => ({ topicId: `${one}${at}` }));
    expect(await codeOf(change(id, ADD, many(51)))).toBe(ErrorCode.GROUP_BAD_PARAMETER);
    expect(await codeOf(change(id, ADD, many(50)))).toBe(0);
    expect(await codeOf(change('@PMG#_no', ADD, named))).toBe(ErrorCode.PERMISSION_GROUP_NOT_FOUND);
    groupId = await world.group('Community', {});
    expect(await codeOf(change(await made(), ADD, many(1)))).toBe(ErrorCode.COMMUNITY_OFF);
  });

  it('are told to the room of the community', async () => {
    const { connectionId } = await gateway.connect(APP, 'mia');
    groupId = await world.group('Community', { members: ['mia'] }, { supportTopic: true });
    await waitFor(() => gateway.roomsOf(connectionId).includes(groupId));
    const id = await made();
    await move(id, ['mia']);
    await permissions().modifyPermissionGroup(
      { groupId, permissionGroupId: id, fields: { name: 'x' } },
      admin,
    );
    await permissions().destroyPermissionGroups({ groupId, permissionGroupIds: [id] }, admin);
    const told = () =>
      gateway
        .pushesTo(connectionId)
        .flatMap(({ event }) => (event.case === 'group' ? [event.value.event] : []));
    await waitFor(() => told().length >= 4);
    expect(told()).toMatchObject([
      { case: 'permissionGroupCreated', value: { permissionGroup: { permissionGroupId: id } } },
      { case: 'permissionMembersChanged', value: { userIds: ['mia'], added: true } },
      { case: 'permissionGroupModified', value: { fields: { name: 'x' } } },
      { case: 'permissionGroupsDestroyed', value: { permissionGroupIds: [id] } },
    ]);
  });

  it('end with their community, and are not in the next one of its name', async () => {
    const named = { groupId: '@TGS#_again', owner: 'olga' };
    groupId = await world.group('Community', { members: ['mia'] }, named);
    const id = await made({ permissionGroupId: '@PMG#_a', fields: { name: 'n', permission: 1n } });
    await move(id, ['mia']);
    await world.groups.destroyGroup({ groupId }, admin);
    await world.group('Community', { members: ['mia'] }, named);
    expect(await all()).toEqual([]);
    expect(await made({ permissionGroupId: id })).toBe(id);
    expect(await inside(id)).toEqual([]);
  });
});
