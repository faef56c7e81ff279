// No change of permission groups is half done: a process dies between any two of its steps, and another one ends what
// it began.
import { groupv1 } from '@parley/proto';
import { type GroupNode, GroupNodes, Life } from './support/group-nodes.js';
import { admin, codeOf, service } from './support/group-world.js';

const EFFECTS_MAX = 16;
const { ADD } = groupv1.TopicPermissionMode;

interface Change {
  readonly run: (node: GroupNode, groupId: string) => Promise<unknown>;
  readonly isDone: (node: GroupNode, groupId: string) => Promise<boolean>;
}

const OLD = '@PMG#_old';
const NEW = '@PMG#_new';
const topicOf = (groupId: string) => `${groupId}@TOPIC#_t`;
const named = (groupId: string) => ({ groupId, permissionGroupId: OLD });
const factsOf = (node: GroupNode, groupId: string, userId: string) =>
  node.groups.getSendFacts({ groupId, userId }, service);
const make = (node: GroupNode, groupId: string, permissionGroupId: string) => {
  const fields = { name: 'n', permission: 64n };
  return node.permissions.createPermissionGroup(
    { groupId, permissionGroupId, fields, creationId: 'c' },
    admin,
  );
};
const inOld = async (node: GroupNode, groupId: string) => {
  const { members } = await node.permissions.listPermissionMembers(named(groupId), admin);
  return members.map(({ userId }) => userId);
};
const countOf = async (node: GroupNode, groupId: string) => {
  const { permissionGroups } = await node.permissions.getPermissionGroups({ groupId }, admin);
  return permissionGroups[0]?.permissionGroup?.memberCount;
};

const CHANGES: Readonly<Record<string, Change>> = {
  create: {
    run: (node, groupId) => make(node, groupId, NEW),
    isDone: async (node, groupId) =>
      (await node.permissions.getPermissionGroups({ groupId }, admin)).permissionGroups.length === 2,
  },
  modify: {
    run: (node, groupId) =>
      node.permissions.modifyPermissionGroup({ ...named(groupId), fields: { permission: 0n } }, admin),
    isDone: async (node, groupId) => !(await factsOf(node, groupId, 'mia')).maySend,
  },
  add: {
    run: (node, groupId) =>
      node.permissions.changePermissionMembers({ ...named(groupId), userIds: ['max'], add: true }, admin),
    isDone: async (node, groupId) => (await factsOf(node, groupId, 'max')).maySend,
  },
  remove: {
    run: (node, groupId) =>
      node.permissions.changePermissionMembers({ ...named(groupId), userIds: ['mia'], add: false }, admin),
    isDone: async (node, groupId) => !(await factsOf(node, groupId, 'mia')).maySend,
  },
  leave: {
    run: (node, groupId) => node.groups.removeMembers({ groupId, userIds: ['mia'] }, admin),
    isDone: async (node, groupId) => (await countOf(node, groupId)) === 0,
  },
  permit: {
    run: (node, groupId) => {
      const topics = [{ topicId: topicOf(groupId), permission: 64n }];
      return node.permissions.changeTopicPermissions({ ...named(groupId), mode: ADD, topics }, admin);
    },
    isDone: async (node, groupId) => (await factsOf(node, topicOf(groupId), 'mia')).mayAtAll,
  },
  destroy: {
    run: (node, groupId) =>
      node.permissions.destroyPermissionGroups({ groupId, permissionGroupIds: [OLD] }, admin),
    isDone: async (node, groupId) => !(await factsOf(node, groupId, 'mia')).maySend,
  },
};

describe('a change of permission groups whose process dies', () => {
  let nodes: GroupNodes;
  let healthy: GroupNode;
  beforeAll(async () => {
    nodes = await GroupNodes.open();
    healthy = await nodes.start();
  });
  afterAll(() => nodes.close());

  async function communityFor(groupId: string): Promise<void> {
    await healthy.groups.createGroup(
      {
        ...{ type: 'Community', groupId, owner: 'olga', supportTopic: true },
        fields: { enablePermission: true },
        members: [{ userId: 'mia' }, { userId: 'max' }],
      },
      admin,
    );
    await healthy.groups.createTopic({ groupId, topicId: topicOf(groupId), fields: { name: 't' } }, admin);
    await make(healthy, groupId, OLD);
    await healthy.permissions.changePermissionMembers(
      { ...named(groupId), userIds: ['mia'], add: true },
      admin,
    );
  }

  it.each(Object.entries(CHANGES))(
    '%s: is whole or did not happen, after every step',
    async (name, change) => {
      let deaths = 0;
      for (let effects = 0; effects <= EFFECTS_MAX; effects += 1) {
        const groupId = `@TGS#_${name}-${effects}`;
        await communityFor(groupId);
        const victim = await nodes.start(new Life(effects));
        const isAlive = (await codeOf(change.run(victim, groupId))) === 0;
        const isDecided = await change.isDone(healthy, groupId);
        // Nothing that was decided is taken back, and nothing else is decided by looking.
        await codeOf(healthy.groups.modifyGroup({ groupId, fields: { name: 'settled' } }, admin));
        expect((await nodes.stored(groupId))?.intent).toBeUndefined();
        expect(await change.isDone(healthy, groupId)).toBe(isDecided);
        await codeOf(change.run(healthy, groupId));
        expect(await change.isDone(healthy, groupId)).toBe(true);
        if (name !== 'destroy') {
          expect(await inOld(healthy, groupId)).toHaveLength((await countOf(healthy, groupId)) ?? -1);
        }
        if (isAlive) break;
        deaths += 1;
      }
      expect(deaths).toBeGreaterThan(2);
      expect(deaths).toBeLessThan(EFFECTS_MAX);
    },
    60_000,
  );
});
