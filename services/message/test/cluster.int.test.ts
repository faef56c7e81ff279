// Several processes that share engines and coordination.
import { ChatError, ErrorCode } from '@parley/kernel';
import { waitFor } from '@parley/testkit';
import { held } from './support/held.js';
import {
  ALICE,
  APP,
  asUser,
  BOB,
  C2C,
  type MessageNode,
  MessageWorld,
  textBody,
  textOf,
} from './support/message-world.js';

describe('several nodes', () => {
  let world: MessageWorld;
  let nodes: MessageNode[];
  beforeEach(async () => {
    world = await MessageWorld.create({ scope: 'cluster' });
    nodes = [await world.startNode(), await world.startNode()];
  });
  afterEach(() => world.close());

  const on = (index: number): MessageNode => nodes[index] as MessageNode;
  const send = (node: MessageNode, text: string, from = ALICE, to = BOB) =>
    node.client.send({ to, type: C2C, clientMessageId: text, body: textBody(text) }, asUser(from));
  const list = (node: MessageNode) =>
    node.client.listMessages({ peer: ALICE, type: C2C, limit: 100 }, asUser(BOB));

  it('who saw the ack on one sees the message on the other, whoever writes', async () => {
    for (let index = 0; index < 20; index++) {
      await send(on(index % 2), `${index}`);
      const { messages } = await list(on((index + 1) % 2));
      expect(messages.map(textOf).at(-1)).toBe(`${index}`);
    }
  });

  it('start with a log that does not know its groups yet', async () => {
    const ask = world.log.committedOffsets.bind(world.log);
    let refusals = 2;
    world.log.committedOffsets = async (topic, group) => {
      if (refusals-- > 0) throw new ChatError(ErrorCode.UNAVAILABLE, 'injected by the test');
      return ask(topic, group);
    };
    await expect(send(await world.startNode(), 'first')).resolves.toMatchObject({ seq: 1n });
    expect(refusals).toBeLessThan(0);
  });

  it('number one conversation together', async () => {
    const texts = Array.from({ length: 60 }, (_, index) => `${index}`);
    await Promise.all(
      texts.map((text, index) => (index % 2 === 0 ? send(on(0), text) : send(on(1), text, BOB, ALICE))),
    );
    const { messages } = await list(on(0));
    expect(messages).toHaveLength(60);
    expect(new Set(messages.map((one) => one.seq)).size).toBe(60);
    expect((await on(1).client.countUnread({}, asUser(BOB))).total).toBe(30n);
    expect((await on(0).client.countUnread({}, asUser(ALICE))).total).toBe(30n);
    const mine = messages.filter((one) => one.from === ALICE).map(textOf);
    expect(mine).toEqual(texts.filter((_, index) => index % 2 === 0));
  });

  it('count nothing twice while partitions change hands', async () => {
    const texts = Array.from({ length: 200 }, (_, index) => `${index}`);
    const sending = Promise.all(texts.map((text) => send(on(0), text)));
    nodes.push(await world.startNode());
    await on(1).stop();
    await sending;
    nodes.push(await world.startNode());
    await on(2).stop();
    await send(on(0), 'last');
    const { conversation } = await on(3).client.getConversation({ peer: ALICE }, asUser(BOB));
    expect(conversation).toMatchObject({ headSeq: 201n, unreadCount: 201n });
  });

  it('move no mark to another place while the writer is behind', async () => {
    const writing = held();
    for (const node of nodes) {
      node.tables.before = (method) => (method === 'writeAll' ? writing.until : undefined);
    }
    await send(on(0), 'pushed, but in no table');
    const mark = () => on(1).client.markRead({ peer: ALICE, type: C2C, readSeq: 1n }, asUser(BOB));
    await expect(mark()).rejects.toMatchObject({ isRetryable: true });
    writing.release();
    expect(await mark()).toMatchObject({ readSeq: 1n, unreadCount: 0n });
  });

  it('deliver for one that died, and not again what it delivered', async () => {
    await world.gateway.connect(BOB, 'bob', APP);
    const received = () => world.gateway.messages('bob').map(textOf);
    await send(on(0), 'delivered');
    await waitFor(() => received().length === 1);
    world.gateway.isAway = true;
    await send(on(0), 'missed');
    await waitFor(() => world.captured.at('warn').some((line) => line.event === 'delivery failed'));
    await on(0).stop();
    world.gateway.isAway = false;
    world.clock.advance(3_000);
    await waitFor(() => received().length > 1);
    expect(received()).toEqual(['delivered', 'missed']);
  });
});
