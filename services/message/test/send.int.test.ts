// Sending: ack, delivery, history, order, limits, refusals.
import { ErrorCode } from '@parley/kernel';
import { waitFor } from '@parley/testkit';
import {
  ALICE,
  APP,
  asAdmin,
  asUser,
  BOB,
  C2C,
  MessageFlag,
  type MessageNode,
  MessageWorld,
  textBody,
  textOf,
} from './support/message-world.js';

describe('sending one-to-one', () => {
  let world: MessageWorld;
  let node: MessageNode;
  beforeEach(async () => {
    world = await MessageWorld.create();
    node = await world.startNode();
  });
  afterEach(() => world.close());

  const send = (text: string, more: object = {}, context = asUser(ALICE)) =>
    node.client.send(
      { to: BOB, type: C2C, clientMessageId: `id-${text}`, body: textBody(text), ...more },
      context,
    );

  it('numbers from 1, acks with seq and time, delivers to both sides, shows it in history at once', async () => {
    const here = await world.gateway.connect(ALICE, 'alice-here', APP);
    await world.gateway.connect(ALICE, 'alice-there', APP);
    await world.gateway.connect(BOB, 'bob', APP);
    const ack = await send('hi', { msgSeq: 7, random: 9 }, asUser(ALICE, { connectionId: here }));
    expect(ack).toMatchObject({ seq: 1n, msgSeq: 7, clientMessageId: 'id-hi', duplicate: false });
    const { messages, isComplete } = await node.client.listMessages({ peer: ALICE, type: C2C }, asUser(BOB));
    expect(isComplete).toBe(true);
    expect(messages.map(textOf)).toEqual(['hi']);
    expect(messages[0]).toMatchObject({ seq: 1n, from: ALICE, to: BOB, timeMs: ack.timeMs, random: 9 });
    await waitFor(() => world.gateway.messages('bob').length === 1);
    await waitFor(() => world.gateway.messages('alice-there').length === 1);
    expect(world.gateway.messages('alice-here')).toEqual([]);
    expect(world.gateway.messages('bob').map(textOf)).toEqual(['hi']);
  });
  it('flags', async () => {
    await send('x', { flags: MessageFlag.NO_UNREAD });
    expect((await node.client.countUnread({}, asUser(BOB))).total).toBe(0n);
    await expect(send('y', {}, asAdmin())).resolves.toMatchObject({ seq: 1n });
    expect(ErrorCode.UNAVAILABLE).toBe(90994);
  });
});
