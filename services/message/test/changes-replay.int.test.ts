// The history writer fails between its writes, and decides the same the second time.
import { ChatError, ErrorCode } from '@parley/kernel';
import { waitFor } from '@parley/testkit';
import { ChangeWorld } from './support/change-world.js';
import { ALICE, APP, asUser, BOB, type MessageNode, MessageWorld, textOf } from './support/message-world.js';

type Writes = readonly { readonly table: { readonly name: string } }[];

describe.each([
  ['before the outcomes', 'change_outcomes'],
  ['between the outcomes and the messages', 'messages'],
  ['between the messages and the heads', 'conversation_heads'],
])('a writer that fails %s', (_when, table) => {
  let world: MessageWorld;
  let node: MessageNode;
  let chat: ChangeWorld;
  beforeEach(async () => {
    world = await MessageWorld.create();
    node = await world.startNode();
    chat = new ChangeWorld(() => node);
  });
  afterEach(() => world.close());

  /** The next write of rows of the table fails, once. */
  function failOnce(): () => boolean {
    let hasFailed = false;
    node.tables.before = (method, args) => {
      const isHit = method === 'writeAll' && (args[0] as Writes).some((write) => write.table.name === table);
      if (hasFailed || !isHit) return;
      hasFailed = true;
      throw new ChatError(ErrorCode.UNAVAILABLE, 'injected by the test');
    };
    return () => hasFailed;
  }

  it('applies a modification once, and lets one of two win', async () => {
    await world.gateway.connect(BOB, 'bob', APP);
    const seq = await chat.send('draft');
    expect(await chat.texts()).toEqual(['draft']);
    const hasFailed = failOnce();
    const answers = await Promise.all([
      chat.modify(seq, 'from alice', asUser(ALICE), { expectedVersion: 0n }),
      chat.modify(seq, 'from bob', asUser(BOB), { expectedVersion: 0n }),
    ]);
    expect(hasFailed()).toBe(true);
    expect(answers.map((one) => one.conflict).sort()).toEqual([false, true]);
    const won = answers.find((one) => !one.conflict);
    expect(await chat.texts()).toEqual([textOf(won?.message as never)]);
    expect((await chat.changes()).changes.map((one) => one.changeSeq)).toEqual([1n]);
    await waitFor(() => world.gateway.changes('bob').length > 0);
    expect(world.gateway.changes('bob').map((one) => one.changeSeq)).toEqual([1n]);
  });

  it('recalls once, and counts right', async () => {
    const seq = await chat.send('oops');
    await chat.send('next');
    expect(await chat.unread()).toBe(2n);
    failOnce();
    const { change } = await chat.recall(seq);
    expect(change?.changeSeq).toBe(1n);
    expect(await chat.texts()).toEqual(['-', 'next']);
    expect(await chat.unread()).toBe(1n);
    expect((await chat.changes()).changes).toHaveLength(1);
  });
});

describe('a restart', () => {
  it('keeps what was recalled, modified, deleted and cleared', async () => {
    const world = await MessageWorld.create();
    let node = await world.startNode();
    const chat = new ChangeWorld(() => node);
    const [one, two, three] = [await chat.send('1'), await chat.send('2'), await chat.send('3')];
    await chat.recall(one);
    await chat.modify(two, 'two');
    await chat.hide([three]);
    await world.restart();
    node = await world.startNode();
    expect(await chat.texts()).toEqual(['-', 'two']);
    expect(await chat.unread()).toBe(2n);
    expect((await chat.recall(two)).change?.changeSeq).toBe(3n);
    await world.close();
  });
});

describe('two replicas', () => {
  it('answer a change that the other one decided', async () => {
    const world = await MessageWorld.create({ scope: 'cluster' });
    const nodes = [await world.startNode(), await world.startNode()];
    let at = 0;
    const chat = new ChangeWorld(() => nodes[at++ % 2] as MessageNode);
    const seq = await chat.send('draft');
    for (let version = 0n; version < 4n; version++) {
      const { change } = await chat.modify(seq, `v${version}`, asUser(ALICE), { expectedVersion: version });
      expect(change?.changeSeq).toBe(version + 1n);
    }
    expect(await chat.texts()).toEqual(['v3']);
    await world.close();
  });
});
