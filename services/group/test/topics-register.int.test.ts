// No change of topics is half done: a process dies between any two of its steps, and another one ends what it began.
import { type GroupNode, GroupNodes, Life } from './support/group-nodes.js';
import { admin, codeOf, service } from './support/group-world.js';

const EFFECTS_MAX = 16;

interface Change {
  readonly run: (node: GroupNode, groupId: string) => Promise<unknown>;
  readonly isDone: (node: GroupNode, groupId: string) => Promise<boolean>;
}

const oldOf = (groupId: string) => `${groupId}@TOPIC#_old`;
const newOf = (groupId: string) => `${groupId}@TOPIC#_new`;
const factsOf = (node: GroupNode, topicId: string) =>
  node.groups.getSendFacts({ groupId: topicId, userId: 'mia' }, service);
const makeTopic = (node: GroupNode, groupId: string, topicId: string) =>
  node.groups.createTopic({ groupId, topicId, fields: { name: 't' }, creationId: 'c' }, admin);

const CHANGES: Readonly<Record<string, Change>> = {
  create: {
    run: (node, groupId) => makeTopic(node, groupId, newOf(groupId)),
    isDone: async (node, groupId) => (await factsOf(node, newOf(groupId))).exists,
  },
  modify: {
    run: (node, groupId) =>
      node.groups.modifyTopic({ topicId: oldOf(groupId), fields: { muteAll: true } }, admin),
    isDone: async (node, groupId) => (await factsOf(node, oldOf(groupId))).muteAll,
  },
  mute: {
    run: (node, groupId) =>
      node.groups.muteMembers({ groupId: oldOf(groupId), userIds: ['mia'], seconds: 60 }, admin),
    isDone: async (node, groupId) => (await factsOf(node, oldOf(groupId))).mutedUntilS > 0,
  },
  pin: {
    run: (node, groupId) => node.groups.pinMessage({ groupId: oldOf(groupId), msgSeq: 1n }, admin),
    isDone: async (node, groupId) =>
      (await node.groups.listPins({ groupId: oldOf(groupId) }, admin)).pins.length === 1,
  },
  destroy: {
    run: (node, groupId) => node.groups.destroyTopics({ groupId, topicIds: [oldOf(groupId)] }, admin),
    isDone: async (node, groupId) => !(await factsOf(node, oldOf(groupId))).exists,
  },
};

describe('a change of topics whose process dies', () => {
  let nodes: GroupNodes;
  let healthy: GroupNode;
  beforeAll(async () => {
    nodes = await GroupNodes.open();
    healthy = await nodes.start();
  });
  afterAll(() => nodes.close());

  it.each(Object.entries(CHANGES))(
    '%s: is whole or did not happen, after every step',
    async (name, change) => {
      let deaths = 0;
      for (let effects = 0; effects <= EFFECTS_MAX; effects += 1) {
        const groupId = `@TGS#_${name}-${effects}`;
        await healthy.groups.createGroup(
          { type: 'Community', groupId, owner: 'olga', members: [{ userId: 'mia' }], supportTopic: true },
          admin,
        );
        await makeTopic(healthy, groupId, oldOf(groupId));
        const victim = await nodes.start(new Life(effects));
        const isAlive = (await codeOf(change.run(victim, groupId))) === 0;
        const isDecided = await change.isDone(healthy, groupId);
        // Nothing that was decided is taken back, and nothing else is decided by looking.
        await codeOf(healthy.groups.modifyGroup({ groupId, fields: { name: 'settled' } }, admin));
        expect((await nodes.stored(groupId))?.intent).toBeUndefined();
        expect(await change.isDone(healthy, groupId)).toBe(isDecided);
        await codeOf(change.run(healthy, groupId));
        expect(await change.isDone(healthy, groupId)).toBe(true);
        if (isAlive) break;
        deaths += 1;
      }
      expect(deaths).toBeGreaterThan(2);
      expect(deaths).toBeLessThan(EFFECTS_MAX);
    },
    60_000,
  );
});
