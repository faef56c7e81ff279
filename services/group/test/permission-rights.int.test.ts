// What permission groups let a member do, asked of the running service: every right alone, beside everything that needs
// one; and who is bound by them, when.
import { ErrorCode, type GroupId } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import type { CallContext } from '@parley/rpc';
import { CommunityRight, TopicRightBit } from '../src/domain/member-rights.js';
import { admin, codeOf, GroupWorld, service, user } from './support/group-world.js';

const { ADD, SET } = groupv1.TopicPermissionMode;
const mia = user('mia');

interface Place {
  readonly world: GroupWorld;
  readonly groupId: GroupId;
  readonly topicId: string;
}

/** `c` and `t`: the rights in the community and in the topic that allow it. */
interface Deed {
  readonly c?: keyof typeof CommunityRight;
  readonly t?: keyof typeof TopicRightBit;
  readonly run: (place: Place) => Promise<unknown>;
}

const permissions = ({ world }: Place) => world.test.client(groupv1.PermissionGroupService);
const fails = async (isWrong: Promise<boolean>): Promise<void> => {
  if (await isWrong) throw { code: ErrorCode.GROUP_NO_PERMISSION };
};
const fact =
  (name: 'maySend' | 'mayAtAll' | 'mayReadPast' | 'mayRecallOthers', inTopic: boolean) =>
  ({ world, groupId, topicId }: Place) => {
    const asked = world.groups.getSendFacts({ groupId: inTopic ? topicId : groupId, userId: 'mia' }, service);
    return fails(asked.then((facts) => !(facts.byRights && facts[name])));
  };
const modify =
  (fields: object) =>
  ({ world, groupId }: Place) =>
    world.groups.modifyGroup({ groupId, fields }, mia);
const modifyTopic =
  (fields: object) =>
  ({ world, topicId }: Place) =>
    world.groups.modifyTopic({ topicId, fields }, mia);
const kick =
  (userId: string) =>
  ({ world, groupId }: Place) =>
    world.groups.removeMembers({ groupId, userIds: [userId] }, mia);
const own = { permissionGroupId: '@PMG#_own' };

/** In this order in one community, so what ends things comes last. */
const DEEDS: Readonly<Record<string, Deed>> = {
  'send in the community': { c: 'SEND', run: fact('maySend', false) },
  'send in the topic': { c: 'SEND', t: 'SEND', run: fact('maySend', true) },
  'mention all in the community': { c: 'AT_ALL', run: fact('mayAtAll', false) },
  'mention all in the topic': { c: 'AT_ALL', t: 'AT_ALL', run: fact('mayAtAll', true) },
  'read the past of the community': { c: 'READ_PAST', run: fact('mayReadPast', false) },
  'read the past of the topic': { c: 'READ_PAST', t: 'READ_PAST', run: fact('mayReadPast', true) },
  'recall in the community': { c: 'RECALL_OTHERS', run: fact('mayRecallOthers', false) },
  'recall in the topic': { c: 'RECALL_OTHERS', t: 'RECALL_OTHERS', run: fact('mayRecallOthers', true) },
  'rename the community': { c: 'MANAGE_INFO', run: modify({ name: 'x' }) },
  'choose options': { c: 'MANAGE_INFO', run: modify({ inviteJoinOption: groupv1.JoinOption.DISABLED }) },
  'mute all': { c: 'MUTE', run: modify({ muteAll: true }) },
  'change default rights': { c: 'MANAGE_PERMISSION_GROUPS', run: modify({ defaultPermission: 0n }) },
  'end the reign of rights': { run: modify({ enablePermission: false }) },
  'rename a member': {
    c: 'MANAGE_MEMBERS',
    run: ({ world, groupId }) => world.groups.modifyMember({ groupId, userId: 'max', nameCard: 'him' }, mia),
  },
  'appoint an admin': {
    run: ({ world, groupId }) => world.groups.modifyMember({ groupId, userId: 'max', role: 2 }, mia),
  },
  'mute in the community': {
    c: 'MUTE',
    run: ({ world, groupId }) => world.groups.muteMembers({ groupId, userIds: ['max'], seconds: 9 }, mia),
  },
  'mute in the topic': {
    c: 'MUTE',
    t: 'MUTE',
    run: ({ world, topicId }) =>
      world.groups.muteMembers({ groupId: topicId, userIds: ['max'], seconds: 9 }, mia),
  },
  'mute the owner': {
    run: ({ world, groupId }) => world.groups.muteMembers({ groupId, userIds: ['olga'], seconds: 9 }, mia),
  },
  'rename the topic': { c: 'MANAGE_TOPICS', t: 'MANAGE_INFO', run: modifyTopic({ name: 'x' }) },
  'mute all of the topic': { c: 'MUTE', t: 'MUTE', run: modifyTopic({ muteAll: true }) },
  'change default rights of the topic': {
    c: 'MANAGE_PERMISSION_GROUPS',
    t: 'MANAGE_PERMISSIONS',
    run: modifyTopic({ defaultPermission: 0n }),
  },
  'permit in the topic': {
    c: 'MANAGE_PERMISSION_GROUPS',
    t: 'MANAGE_PERMISSIONS',
    run: async (place) => {
      const topics = [{ topicId: place.topicId, permission: 0n }];
      const request = { groupId: place.groupId, ...own, mode: ADD, topics };
      const answer = await permissions(place).changeTopicPermissions(request, mia);
      expect(answer.topics).toMatchObject([{ code: 0 }]);
    },
  },
  'pin in the topic': {
    run: ({ world, topicId }) => world.groups.pinMessage({ groupId: topicId, msgSeq: 1n }, mia),
  },
  'make a topic': {
    c: 'MANAGE_TOPICS',
    run: ({ world, groupId }) => world.groups.createTopic({ groupId, fields: { name: 't' } }, mia),
  },
  'make a permission group': {
    c: 'MANAGE_PERMISSION_GROUPS',
    run: (place) =>
      permissions(place).createPermissionGroup({ groupId: place.groupId, fields: { name: 'n' } }, mia),
  },
  'change a permission group': {
    c: 'MANAGE_PERMISSION_GROUPS',
    run: (place) =>
      permissions(place).modifyPermissionGroup(
        { groupId: place.groupId, ...own, fields: { name: 'm' } },
        mia,
      ),
  },
  'bring somebody into a permission group': {
    c: 'MANAGE_PERMISSION_MEMBERS',
    run: (place) => {
      const request = { groupId: place.groupId, ...own, userIds: ['max'], add: true };
      return permissions(place).changePermissionMembers(request, mia);
    },
  },
  'end a permission group': {
    c: 'MANAGE_PERMISSION_GROUPS',
    run: (place) => {
      const request = { groupId: place.groupId, permissionGroupIds: [own.permissionGroupId] };
      return permissions(place).destroyPermissionGroups(request, mia);
    },
  },
  'ban a member': {
    c: 'BAN',
    run: ({ world, groupId }) => world.groups.banMembers({ groupId, userIds: ['ben'], seconds: 9 }, mia),
  },
  'remove the owner': { run: kick('olga') },
  'remove a member': { c: 'MANAGE_MEMBERS', run: kick('max') },
  'remove an admin': { c: 'MANAGE_MEMBERS', run: kick('adam') },
  'end a topic': {
    c: 'MANAGE_TOPICS',
    run: ({ world, groupId, topicId }) => world.groups.destroyTopics({ groupId, topicIds: [topicId] }, mia),
  },
  'hand the community over': {
    run: ({ world, groupId }) => world.groups.transferGroup({ groupId, newOwner: 'mia' }, mia),
  },
  'end the community': { run: ({ world, groupId }) => world.groups.destroyGroup({ groupId }, mia) },
};

const RIGHTS = [
  ...Object.entries(CommunityRight).map(([name, bit]) => ({ kind: 'c' as const, name, bit })),
  ...Object.entries(TopicRightBit).map(([name, bit]) => ({ kind: 't' as const, name, bit })),
];

describe('rights of permission groups', () => {
  let world: GroupWorld;
  beforeAll(async () => {
    world = await GroupWorld.open({ groupsPerDayMax: 0, joinedGroupsMax: 10_000 });
  });
  afterAll(() => world.close());

  /** mia is in a permission group with these rights; another one, `@PMG#_own`, is empty. */
  async function communityOf(bits: { c?: bigint; t?: bigint }, enablePermission = true): Promise<Place> {
    const people = { admins: ['adam'], members: ['mia', 'max', 'ben'] };
    const more = { supportTopic: true, fields: { enablePermission } };
    const groupId = await world.group('Community', people, more);
    const made = await world.groups.createTopic({ groupId, fields: { name: 't' } }, admin);
    const place = { world, groupId, topicId: made.topic?.topicId ?? '' };
    const client = permissions(place);
    const mine = { groupId, permissionGroupId: '@PMG#_mine' };
    await client.createPermissionGroup({ groupId, ...own, fields: { name: 'own' } }, admin);
    await client.createPermissionGroup(
      { ...mine, fields: { name: 'mine', permission: bits.c ?? 0n } },
      admin,
    );
    const topics = [{ topicId: place.topicId, permission: bits.t ?? 0n }];
    await client.changeTopicPermissions({ ...mine, mode: ADD, topics }, admin);
    await client.changePermissionMembers({ ...mine, userIds: ['mia'], add: true }, admin);
    return place;
  }

  const factsOf = (place: Place, userId: string, inTopic = false) =>
    world.groups.getSendFacts({ groupId: inTopic ? place.topicId : place.groupId, userId }, service);

  it(`each allows what it names, in all ${RIGHTS.length * Object.keys(DEEDS).length} cells`, async () => {
    const wrong: string[] = [];
    await Promise.all(
      RIGHTS.map(async ({ kind, name, bit }) => {
        const place = await communityOf({ [kind]: bit });
        for (const [what, deed] of Object.entries(DEEDS)) {
          const code = await codeOf(deed.run(place));
          const expected = deed[kind] === name ? 0 : ErrorCode.GROUP_NO_PERMISSION;
          if (code !== expected) wrong.push(`${kind}.${name}: ${what}: ${code}, not ${expected}`);
        }
      }),
    );
    console.info(`matrix of permission rights: ${RIGHTS.length * Object.keys(DEEDS).length} cells`);
    expect(wrong).toEqual([]);
  }, 100_000);

  it('mean nothing while they are not in force, and bind admins while they are', async () => {
    const place = await communityOf({ c: ~0n & 0xffffn, t: 0xffffn }, false);
    const { groupId } = place;
    const rename = (as: CallContext) =>
      codeOf(world.groups.modifyGroup({ groupId, fields: { name: `${Math.random()}` } }, as));
    const adam = user('adam');
    const NO = ErrorCode.GROUP_NO_PERMISSION;
    expect([await rename(mia), await rename(adam)]).toEqual([NO, 0]);
    expect(await factsOf(place, 'adam')).toMatchObject({ byRights: false, role: groupv1.Role.ADMIN });
    await world.groups.modifyGroup({ groupId, fields: { enablePermission: true } }, adam);
    expect([await rename(mia), await rename(adam), await rename(user('olga'))]).toEqual([0, NO, 0]);
    expect(await factsOf(place, 'adam')).toMatchObject({ byRights: true, role: groupv1.Role.MEMBER });
    expect(await factsOf(place, 'olga')).toMatchObject({ byRights: false, role: groupv1.Role.OWNER });
    expect((await world.groups.listMembers({ groupId, roles: [2] }, admin)).members).toHaveLength(1);
    await world.groups.modifyGroup({ groupId, fields: { enablePermission: false } }, user('olga'));
    expect([await rename(mia), await rename(adam)]).toEqual([NO, 0]);
  });

  it('are those by default and those of every permission group, as they stand', async () => {
    const place = await communityOf({ c: CommunityRight.AT_ALL, t: TopicRightBit.READ_PAST });
    const { groupId, topicId } = place;
    const may = async (userId: string, inTopic: boolean) => {
      const facts = await factsOf(place, userId, inTopic);
      return [facts.maySend, facts.mayAtAll, facts.mayReadPast, facts.mayRecallOthers];
    };
    expect(await may('mia', true)).toEqual([false, true, true, false]);
    await world.groups.modifyGroup({ groupId, fields: { defaultPermission: CommunityRight.SEND } }, admin);
    await world.groups.modifyTopic(
      { topicId, fields: { defaultPermission: TopicRightBit.RECALL_OTHERS } },
      admin,
    );
    expect(await may('mia', true)).toEqual([true, true, true, true]);
    expect(await may('mia', false)).toEqual([true, true, false, false]);
    expect(await may('max', true)).toEqual([true, false, false, true]);
    const mine = { groupId, permissionGroupId: '@PMG#_mine' };
    const topics = [{ topicId, permission: 0n }];
    await permissions(place).changeTopicPermissions({ ...mine, mode: SET, topics }, admin);
    expect(await may('mia', true)).toEqual([true, true, false, true]);
    const fields = { permission: 0n };
    await permissions(place).modifyPermissionGroup({ ...mine, fields }, admin);
    expect(await may('mia', true)).toEqual([true, false, false, true]);
  });

  it('tell the processes that remember them', async () => {
    const place = await communityOf({ c: CommunityRight.SEND });
    const { groupId, topicId } = place;
    const heard: string[] = [];
    const { coordination } = world.test.platform;
    const subscription = await coordination.subscribe('group:changed', (notice) => void heard.push(notice));
    const mine = { groupId, permissionGroupId: '@PMG#_mine' };
    const told = async (change: Promise<unknown>) => {
      heard.length = 0;
      await change;
      return heard.map((notice) => notice.slice(notice.indexOf(' ') + 1));
    };
    const client = permissions(place);
    const topics = [{ topicId, permission: 1n }];
    expect(
      await told(client.changePermissionMembers({ ...mine, userIds: ['max'], add: true }, admin)),
    ).toEqual([`${groupId} max`]);
    expect(await told(client.changeTopicPermissions({ ...mine, mode: SET, topics }, admin))).toEqual([
      topicId,
    ]);
    expect(await told(client.modifyPermissionGroup({ ...mine, fields: { permission: 0n } }, admin))).toEqual([
      groupId,
    ]);
    expect(await told(client.modifyPermissionGroup({ ...mine, fields: { name: 'x' } }, admin))).toEqual([]);
    const gone = { groupId, permissionGroupIds: [mine.permissionGroupId] };
    expect(await told(client.destroyPermissionGroups(gone, admin))).toEqual([groupId]);
    await subscription.close();
  });
});
