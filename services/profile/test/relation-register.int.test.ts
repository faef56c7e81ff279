// Nothing is one-sided: a process dies between any two steps of a change, and both sides act at once.

import { systemClock } from '@parley/kernel';
import { relationv1 } from '@parley/proto';
import type { TableStore } from '@parley/table-store';
import { createCassandraTableStore } from '@parley/table-store/cassandra';
import { silentLogger } from '@parley/telemetry';
import { describeWithEngine, engineAddress } from '@parley/test-engines';
import { codeOf, text, user } from './support/profile-world.js';
import { Life, type RelationNode, RelationNodes } from './support/relation-nodes.js';

const { Direction, Sides } = relationv1;

type Act = (node: RelationNode, me: string, peer: string) => Promise<unknown>;

const add: Act = ({ relations }, me, peer) => relations.addFriends({ items: [{ userId: peer }] }, user(me));
/** The peer is one who wants to be asked. */
const isAsked: Act = ({ profiles }, _, peer) =>
  profiles.updateProfile(
    { items: [text('Tag_Profile_IM_AllowType', 'AllowType_Type_NeedConfirm')] },
    user(peer),
  );

const ACTS: Readonly<Record<string, Act>> = {
  add,
  ask: add,
  addSingle: ({ relations }, me, peer) =>
    relations.addFriends({ items: [{ userId: peer }], sides: Sides.SINGLE }, user(me)),
  remark: ({ relations }, me, peer) =>
    relations.updateFriends({ items: [{ userId: peer, remark: 'r' }] }, user(me)),
  delete: ({ relations }, me, peer) =>
    relations.deleteFriends({ userIds: [peer], sides: Sides.BOTH }, user(me)),
  deleteSingle: ({ relations }, me, peer) => relations.deleteFriends({ userIds: [peer] }, user(me)),
  block: ({ relations }, me, peer) => relations.addToBlocklist({ userIds: [peer] }, user(me)),
  unblock: ({ relations }, me, peer) => relations.removeFromBlocklist({ userIds: [peer] }, user(me)),
  accept: ({ relations }, me, peer) => relations.acceptApplication({ from: peer, addsBack: true }, user(me)),
  withdraw: ({ relations }, me, peer) =>
    relations.deleteApplications({ userIds: [peer], direction: Direction.SENT }, user(me)),
};

/** What stands before an act, so that it changes something. */
const BEFORE: Readonly<Record<string, Act>> = {
  ask: isAsked,
  accept: async (node, me, peer) => {
    await isAsked(node, peer, me);
    await add(node, peer, me);
  },
  withdraw: async (node, me, peer) => {
    await isAsked(node, me, peer);
    await add(node, me, peer);
  },
  remark: add,
  delete: add,
  deleteSingle: add,
  block: add,
  unblock: ACTS.block as Act,
};

/** More effects than any change has. */
const EFFECTS_MAX = 24;

interface Rig {
  readonly nodes: RelationNodes;
  readonly run: string;
}

/** Whether a call and its one item, if it has items, did what they were to do. */
async function succeeds(call: Promise<unknown> | undefined): Promise<boolean> {
  try {
    const { results } = (await call) as { readonly results?: readonly relationv1.RelationResult[] };
    return results === undefined || results.every(({ code }) => code === 0 || code === 30539);
  } catch {
    return false;
  }
}

function describeRelations(open: () => Promise<Rig>, rounds: number): void {
  let rig: Rig;
  let healthy: RelationNode;
  beforeAll(async () => {
    rig = await open();
    healthy = await rig.nodes.start({ hasConsumers: true });
  }, 90_000);
  afterAll(() => rig?.nodes.close());

  for (const name of Object.keys(ACTS)) {
    it(`${name}: is whole or did not happen, after every step, though nobody touches the pair`, async () => {
      const { nodes, run } = rig;
      let deaths = 0;
      for (let effects = 0; effects <= EFFECTS_MAX; effects += 1) {
        const [me, peer] = [`${run}${name}${effects}a`, `${run}${name}${effects}b`];
        await BEFORE[name]?.(healthy, me, peer);
        const victim = await nodes.start({ life: new Life(effects) });
        const isAlive = await succeeds(ACTS[name]?.(victim, me, peer));
        await nodes.settled(me, peer);
        expect(await nodes.faultsOf(me, peer)).toEqual([]);
        if (isAlive) break;
        deaths += 1;
        // The retry of somebody who got no answer ends where an undisturbed change ends.
        await codeOf(ACTS[name]?.(healthy, me, peer) as Promise<unknown>);
        expect(await nodes.faultsOf(me, peer)).toEqual([]);
      }
      expect(deaths).toBeGreaterThan(3);
      expect(deaths).toBeLessThan(EFFECTS_MAX);
    }, 120_000);
  }

  it('comes late with an old intent, and changes nothing', async () => {
    const { nodes, run } = rig;
    const [me, peer] = [`${run}late1`, `${run}late2`];
    // Dies with the pair decided and no row written.
    const victim = await nodes.start({ life: new Life(2) });
    await codeOf(add(victim, me, peer));
    const old = await nodes.stored(me, peer);
    expect(old.intent?.rows).toHaveLength(4);
    await nodes.settled(me, peer);
    await ACTS.delete?.(healthy, me, peer);
    await nodes.writeLate(old);
    expect(await nodes.faultsOf(me, peer)).toEqual([]);
  });

  it('both sides act at once through two processes, some of which die', async () => {
    const { nodes, run } = rig;
    const other = await nodes.start();
    const pairs: readonly (readonly [string, string])[] = [
      ['add', 'add'],
      ['add', 'delete'],
      ['add', 'block'],
      ['block', 'block'],
      ['accept', 'withdraw'],
      ['delete', 'remark'],
      ['unblock', 'add'],
    ];
    for (let round = 0; round < rounds; round += 1) {
      for (const [one, two] of pairs) {
        const [me, peer] = [`${run}${one}${two}${round}x`, `${run}${one}${two}${round}y`];
        if (round % 2 === 1 && one !== 'accept') await add(healthy, me, peer);
        if (one === 'accept') await BEFORE.accept?.(healthy, me, peer);
        const mortal = await nodes.start({ life: new Life((round * 5) % 13) });
        await Promise.all([
          codeOf(ACTS[one]?.(healthy, me, peer) as Promise<unknown>),
          codeOf(ACTS[two]?.(other, peer, me) as Promise<unknown>),
          codeOf(ACTS[one]?.(mortal, peer, me) as Promise<unknown>),
        ]);
        await nodes.settled(me, peer);
        expect([one, two, await nodes.faultsOf(me, peer)]).toEqual([one, two, []]);
      }
    }
  }, 180_000);
}

describe('relations on the embedded engine', () => {
  describeRelations(async () => ({ nodes: await RelationNodes.open(), run: '' }), 6);
});

/** One keyspace for all runs: their users differ. */
const KEYSPACE = 'parley_test_relations';

await describeWithEngine('Cassandra', engineAddress('cassandra'), (address) => {
  let tables: TableStore;
  afterAll(() => tables?.close());
  describeRelations(async () => {
    tables = createCassandraTableStore({
      contactPoints: [address],
      keyspace: KEYSPACE,
      clock: systemClock,
      logger: silentLogger,
    });
    return { nodes: await RelationNodes.open(tables), run: Date.now().toString(36).slice(-6) };
  }, 1);
});
