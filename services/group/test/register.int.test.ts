// Nothing is half done: a process dies between any two steps of a change, and processes change one group at once.
import { ErrorCode } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import { type GroupNode, GroupNodes, Life } from './support/group-nodes.js';
import { admin, codeOf, user } from './support/group-world.js';

type Change = (node: GroupNode, groupId: string) => Promise<unknown>;

const USERS = ['olga', 'adam', 'mia', 'max', 'zoe', 'nina'];
const create: Change = (node, groupId) =>
  node.groups.createGroup(
    {
      type: 'Public',
      groupId,
      owner: 'olga',
      fields: { applyJoinOption: groupv1.JoinOption.FREE },
      members: [{ userId: 'adam', role: groupv1.Role.ADMIN }, { userId: 'mia' }, { userId: 'max' }],
    },
    admin,
  );

const CHANGES: Readonly<Record<string, Change>> = {
  create,
  modify: (node, groupId) => node.groups.modifyGroup({ groupId, fields: { name: 'new' } }, admin),
  transfer: (node, groupId) => node.groups.transferGroup({ groupId, newOwner: 'mia' }, admin),
  add: (node, groupId) =>
    node.groups.addMembers({ groupId, members: [{ userId: 'zoe' }, { userId: 'nina' }] }, admin),
  remove: (node, groupId) => node.groups.removeMembers({ groupId, userIds: ['mia', 'max'] }, admin),
  join: (node, groupId) => node.groups.joinGroup({ groupId }, user('zoe')),
  quit: (node, groupId) => node.groups.quitGroup({ groupId }, user('mia')),
  ban: (node, groupId) => node.groups.banMembers({ groupId, userIds: ['mia'], seconds: 60 }, admin),
  mute: (node, groupId) => node.groups.muteMembers({ groupId, userIds: ['mia'], seconds: 60 }, admin),
  counters: (node, groupId) =>
    node.groups.changeCounters(
      { groupId, mode: groupv1.CounterMode.INCREASE, counters: [{ key: 'k', value: 1n }], changeId: 'c' },
      admin,
    ),
  destroy: (node, groupId) => node.groups.destroyGroup({ groupId }, admin),
};

/** More effects than any change has. */
const EFFECTS_MAX = 16;

describe('a change whose process dies', () => {
  let nodes: GroupNodes;
  let healthy: GroupNode;
  beforeAll(async () => {
    nodes = await GroupNodes.open();
    healthy = await nodes.start();
  });
  afterAll(() => nodes.close());

  for (const [name, change] of Object.entries(CHANGES)) {
    it(`${name}: is whole or did not happen, after every step`, async () => {
      let deaths = 0;
      for (let effects = 0; effects <= EFFECTS_MAX; effects += 1) {
        const groupId = `${name}-${effects}`;
        if (name !== 'create') await create(healthy, groupId);
        const victim = await nodes.start(new Life(effects));
        const isAlive = (await codeOf(change(victim, groupId))) === 0;
        expect(await nodes.faultsOf(healthy, groupId, USERS)).toEqual([]);
        // The retry of somebody who got no answer ends where an undisturbed change ends.
        if (!isAlive) {
          deaths += 1;
          await codeOf(change(healthy, groupId));
          expect(await nodes.faultsOf(healthy, groupId, USERS)).toEqual([]);
        }
        if (isAlive) break;
        if (name === 'counters') {
          const { counters } = await healthy.groups.getCounters({ groupId }, admin);
          expect(counters).toMatchObject([{ key: 'k', value: 1n }]);
        }
      }
      expect(deaths).toBeGreaterThan(2);
      expect(deaths).toBeLessThan(EFFECTS_MAX);
    }, 60_000);
  }

  it('comes late with an old intent, and changes nothing', async () => {
    const groupId = 'late';
    await create(healthy, groupId);
    // Dies with the member row unwritten; another process completes it, and the member goes again.
    const victim = await nodes.start(new Life(1));
    await codeOf(victim.groups.joinGroup({ groupId }, user('zoe')));
    const old = await nodes.stored(groupId);
    expect(old?.intent?.members).toHaveLength(1);
    await healthy.groups.quitGroup({ groupId }, user('zoe'));
    // What the dead one would still have written, had it only been asleep.
    const { memberWrites } = await import('../src/stores/member-store.js');
    const { APP } = await import('./support/group-world.js');
    const key = { appId: APP, groupId: groupId as never };
    const writes = memberWrites(key, 'Public', old!.intent!.members[0]!, old!.state.changeSeq);
    await nodes.test.platform.tables.writeAll(writes);
    expect(await nodes.faultsOf(healthy, groupId, USERS)).toEqual([]);
  });
});

describe('several processes', () => {
  it('keep the cap and the number while many join and leave at once', async () => {
    const nodes = await GroupNodes.open();
    const two = [await nodes.start(), await nodes.start()] as const;
    const groupId = 'crowd';
    const cap = 12;
    await two[0].groups.createGroup(
      { type: 'Meeting', groupId, owner: 'olga', fields: { maxMemberNum: cap } },
      admin,
    );
    const users = Array.from({ length: 30 }, (_, at) => `u${at}`);
    const join = (name: string, at: number) =>
      codeOf(two[at % 2 === 0 ? 0 : 1].groups.joinGroup({ groupId }, user(name)));
    const codes = await Promise.all(users.map(join));
    expect(codes.filter((code) => code === 0)).toHaveLength(cap - 1);
    expect(codes.filter((code) => code === ErrorCode.GROUP_FULL)).toHaveLength(users.length - cap + 1);
    expect(await nodes.faultsOf(two[1], groupId, users)).toEqual([]);
    const inside = users.filter((_, at) => codes[at] === 0);
    await Promise.all([
      ...inside.map((name, at) =>
        codeOf(two[at % 2 === 0 ? 1 : 0].groups.quitGroup({ groupId }, user(name))),
      ),
      ...users.map((name, at) => join(name, at + 1)),
    ]);
    expect(await nodes.faultsOf(two[0], groupId, users)).toEqual([]);
    expect((await nodes.stored(groupId))!.state.group!.memberNum).toBeLessThanOrEqual(cap);
    await nodes.close();
  }, 60_000);

  it('converge although processes die in the midst', async () => {
    const nodes = await GroupNodes.open();
    const steady = await nodes.start();
    const groupId = 'storm';
    await create(steady, groupId);
    const names = Object.keys(CHANGES).filter((name) => name !== 'create' && name !== 'destroy');
    for (let round = 0; round < 12; round += 1) {
      const mortal = await nodes.start(new Life((round * 7) % 9));
      await Promise.all(
        names.map((name, at) => codeOf(CHANGES[name]!((round + at) % 2 === 0 ? mortal : steady, groupId))),
      );
      await codeOf(
        steady.groups.addMembers({ groupId, members: [{ userId: 'mia' }, { userId: 'max' }] }, admin),
      );
    }
    expect(await nodes.faultsOf(steady, groupId, USERS)).toEqual([]);
    await nodes.close();
  }, 60_000);
});
