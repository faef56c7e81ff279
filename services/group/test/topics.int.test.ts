// Topics of communities: who makes them, what they are called, their mutes and pins, and what ends them.
import { ErrorCode } from '@parley/kernel';
import type { FakeGateway } from '@parley/testkit';
import { waitFor } from '@parley/testkit';
import { APP, admin, codeOf, GroupWorld, service, user } from './support/group-world.js';

describe('topics', () => {
  let world: GroupWorld;
  let gateway: FakeGateway;
  let groupId: string;
  beforeEach(async () => {
    world = await GroupWorld.open();
    gateway = await world.test.startGateway();
    const topical = { supportTopic: true };
    groupId = await world.group('Community', { admins: ['adam'], members: ['mia'] }, topical);
  });
  afterEach(() => world.close());

  const create = (change: object = {}, as = admin) =>
    world.groups.createTopic({ groupId, fields: { name: 'news' }, ...change }, as);
  const made = async (change: object = {}) => (await create(change)).topic?.topicId ?? '';
  const facts = (id: string, userId = 'mia') => world.groups.getSendFacts({ groupId: id, userId }, service);
  const list = async () => (await world.groups.getTopics({ groupId }, user('mia'))).topics;

  it('are made, read, changed and ended by who leads the community', async () => {
    const first = await made({ fields: { name: 'one', custom: 'c', introduction: 'i' } });
    expect(first).toMatch(/^@TGS#_.*@TOPIC#_@TOPIC#c/);
    const second = (await create({ topicId: `${groupId}@TOPIC#_own` }, user('adam'))).topic?.topicId ?? '';
    expect(second).toBe(`${groupId}@TOPIC#_own`);
    expect(await codeOf(create({}, user('mia')))).toBe(ErrorCode.GROUP_NO_PERMISSION);
    expect((await list()).map(({ topic }) => topic?.name)).toEqual(['one', 'news']);
    await world.groups.modifyTopic({ topicId: first, fields: { name: 'uno', muteAll: true } }, user('olga'));
    expect((await list())[0]).toMatchObject({
      topicId: first,
      topic: { name: 'uno', custom: 'c', muteAll: true },
      self: { mutedUntilS: 0 },
    });
    const ended = await world.groups.destroyTopics(
      { groupId, topicIds: [first, `${groupId}@TOPIC#_no`] },
      admin,
    );
    expect(ended.topics.map(({ code }) => code)).toEqual([0, ErrorCode.TOPIC_DELETED]);
    expect((await list()).map(({ topicId }) => topicId)).toEqual([second]);
    expect(await facts(first)).toMatchObject({ exists: false });
    expect(await codeOf(create({ topicId: first }))).toBe(ErrorCode.TOPIC_ID_INVALID);
    await world.groups.destroyTopics({ groupId, topicIds: [second] }, admin);
    expect(await codeOf(create({ topicId: second }))).toBe(ErrorCode.GROUP_ID_TAKEN);
  });

  it('are told to the room of the community', async () => {
    const { connectionId } = await gateway.connect(APP, 'mia');
    groupId = await world.group('Community', { members: ['mia'] }, { supportTopic: true });
    await waitFor(() => gateway.roomsOf(connectionId).includes(groupId));
    const told = () =>
      gateway.pushesTo(connectionId).flatMap(({ event }) => (event.case === 'group' ? [event.value] : []));
    const topicId = await made();
    await world.groups.modifyTopic({ topicId, fields: { name: 'new' } }, admin);
    await world.groups.destroyTopics({ groupId, topicIds: [topicId] }, admin);
    await waitFor(() => told().length >= 3);
    expect(told()).toMatchObject([
      { groupId, event: { case: 'topicCreated', value: { topic: { topicId, name: 'news' } } } },
      { groupId, event: { case: 'topicModified', value: { fields: { name: 'new' } } } },
      { groupId, event: { case: 'topicsDestroyed', value: { topicIds: [topicId] } } },
    ]);
  });

  it('need a community that has them, an id of it, and fields within their bounds', async () => {
    const plain = await world.group('Community', {});
    expect(await codeOf(create({ groupId: plain }))).toBe(ErrorCode.COMMUNITY_OFF);
    expect(await codeOf(world.groups.getTopics({ groupId: plain }, admin))).toBe(ErrorCode.COMMUNITY_OFF);
    for (const topicId of [
      'x',
      `${groupId}@TOPIC#_`,
      `${groupId}@TOPIC#_@TOPIC#x`,
      `${groupId}@TOPIC#_@TGS#_x`,
    ]) {
      expect(await codeOf(create({ topicId }))).toBe(ErrorCode.TOPIC_ID_INVALID);
    }
    const own = (length: number) => `${groupId}@TOPIC#_`.padEnd(length, 'x');
    expect(await codeOf(create({ topicId: own(97) }))).toBe(ErrorCode.TOPIC_ID_INVALID);
    expect(await codeOf(create({ topicId: own(96) }))).toBe(0);
    const bounds = { name: 100, introduction: 400, notification: 400, faceUrl: 500, custom: 3_000 };
    for (const [field, max] of Object.entries(bounds)) {
      expect(await codeOf(create({ fields: { name: 'n', [field]: 'x'.repeat(max) } }))).toBe(0);
      expect(await codeOf(create({ fields: { name: 'n', [field]: 'x'.repeat(max + 1) } }))).toBe(
        ErrorCode.GROUP_BAD_PARAMETER,
      );
    }
    expect(await codeOf(create({ fields: {} }))).toBe(ErrorCode.GROUP_BAD_PARAMETER);
  });

  it('are at most 200 in a community, and one for the retries of one creation', async () => {
    const again = await Promise.all([1, 2, 3].map(() => made({ creationId: 'once' })));
    expect(new Set(again).size).toBe(1);
    const codes: number[] = [];
    while (codes.length < 200) {
      codes.push(...(await Promise.all(Array.from({ length: 40 }, () => codeOf(create())))));
    }
    expect(codes.filter((code) => code === 0)).toHaveLength(199);
    expect(await list()).toHaveLength(200);
    expect(await made({ creationId: 'once' })).toBe(again[0]);
  }, 60_000);

  it('have mutes of their own, beside those of the community', async () => {
    const [one, other] = [await made(), await made()];
    await world.groups.muteMembers({ groupId: one, userIds: ['mia'], seconds: 60 }, admin);
    expect((await facts(one)).mutedUntilS).toBeGreaterThan(0);
    expect((await facts(other)).mutedUntilS).toBe(0);
    expect((await facts(groupId)).mutedUntilS).toBe(0);
    const { users } = await world.groups.listMuted({ groupId: one }, admin);
    expect(users.map(({ userId }) => userId)).toEqual(['mia']);
    expect((await world.groups.listMuted({ groupId }, admin)).users).toEqual([]);
    await world.groups.muteMembers({ groupId, userIds: ['mia'], seconds: 60 }, admin);
    expect((await facts(other)).mutedUntilS).toBeGreaterThan(0);
    const gone = `${groupId}@TOPIC#_no`;
    expect(
      await codeOf(world.groups.muteMembers({ groupId: gone, userIds: ['mia'], seconds: 1 }, admin)),
    ).toBe(ErrorCode.TOPIC_DELETED);
  });

  it('have pins and wishes of their own', async () => {
    const [one, other] = [await made(), await made()];
    await world.groups.pinMessage({ groupId: one, msgSeq: 3n }, user('adam'));
    expect((await world.groups.listPins({ groupId: one }, user('mia'))).pins).toMatchObject([{ msgSeq: 3n }]);
    for (const place of [other, groupId]) {
      expect((await world.groups.listPins({ groupId: place }, user('mia'))).pins).toEqual([]);
    }
    expect(await codeOf(world.groups.pinMessage({ groupId: one, msgSeq: 3n }, user('mia')))).toBe(
      ErrorCode.GROUP_NO_PERMISSION,
    );
    await world.groups.modifyMember({ groupId: one, receiveOption: 3 }, user('mia'));
    expect((await list()).map(({ self }) => self?.receiveOption)).toEqual([3, 1]);
    expect(await codeOf(world.groups.modifyMember({ groupId: one, nameCard: 'x' }, user('mia')))).toBe(
      ErrorCode.GROUP_BAD_PARAMETER,
    );
  });

  it('end with their community, and are not in the next one of its name', async () => {
    const named = { supportTopic: true, groupId: '@TGS#_again', type: 'Community', owner: 'olga' };
    groupId = await world.group('Community', { members: ['mia'] }, named);
    const topicId = await made({ topicId: `${groupId}@TOPIC#_t` });
    await world.groups.muteMembers({ groupId: topicId, userIds: ['mia'], seconds: 600 }, admin);
    await world.groups.destroyGroup({ groupId }, admin);
    expect(await facts(topicId)).toMatchObject({ exists: false });
    await world.group('Community', { members: ['mia'] }, named);
    expect(await list()).toEqual([]);
    expect(await made({ topicId })).toBe(topicId);
    expect(await facts(topicId)).toMatchObject({ exists: true, isMember: true, mutedUntilS: 0 });
  });
});
