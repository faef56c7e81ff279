// Whether a user is told of what somebody writes.
import { ErrorCode, type UserId } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import { waitFor } from '@parley/testkit';
import {
  ALICE,
  APP,
  asAdmin,
  asUser,
  BOB,
  C2C,
  CAROL,
  type MessageNode,
  MessageWorld,
  textBody,
} from './support/message-world.js';

const { NOTIFY, NOT_NOTIFY, DISCARD, UNSPECIFIED } = groupv1.ReceiveOption;

describe('the option of a conversation with a user', () => {
  let world: MessageWorld;
  let node: MessageNode;
  beforeEach(async () => {
    world = await MessageWorld.create();
    node = await world.startNode();
  });
  afterEach(() => world.close());

  const send = (text: string, from: UserId, to: UserId) =>
    node.client.send({ to, type: C2C, clientMessageId: text, body: textBody(text) }, asUser(from));
  const set = (peers: string[], option: groupv1.ReceiveOption, user = BOB) =>
    node.client.setReceiveOption({ peers, option }, asUser(user));
  const list = async (user: UserId, changedAfterMs = 0n) => {
    const { conversations } = await node.client.listConversations({ changedAfterMs }, asUser(user));
    return Object.fromEntries(conversations.map(({ peer, receiveOption }) => [peer, receiveOption]));
  };

  it('is kept for the user alone, also from before the conversation begins, and the last one stands', async () => {
    await set([ALICE, CAROL], DISCARD);
    await send('1', ALICE, BOB);
    await waitFor(async () => (await list(BOB))[ALICE] === DISCARD);
    expect(await list(ALICE)).toEqual({ [BOB]: UNSPECIFIED });
    await set([ALICE], NOT_NOTIFY);
    const { conversation } = await node.client.getConversation({ peer: ALICE, type: C2C }, asUser(BOB));
    expect(conversation?.receiveOption).toBe(NOT_NOTIFY);
    await node.client.setReceiveOption({ user: BOB, peers: [ALICE], option: NOTIFY }, asAdmin());
    expect(await list(BOB)).toEqual({ [ALICE]: NOTIFY });
    await send('2', CAROL, BOB);
    await waitFor(async () => (await list(BOB))[CAROL] === DISCARD);
  });

  it('is a change that other devices find', async () => {
    await send('1', ALICE, BOB);
    await waitFor(async () => (await list(BOB))[ALICE] === UNSPECIFIED);
    world.clock.advance(10_000);
    const after = BigInt(world.clock.now());
    expect(await list(BOB, after)).toEqual({});
    await set([ALICE], NOT_NOTIFY);
    expect(await list(BOB, after)).toEqual({ [ALICE]: NOT_NOTIFY });
  });

  it('is told to the devices that are there, but not to the one that set it', async () => {
    for (const device of ['bob-1', 'bob-2']) await world.gateway.connect(BOB, device, APP);
    await world.gateway.connect(ALICE, 'alice', APP);
    const context = asUser(BOB, { connectionId: 'bob-1' as never });
    await node.client.setReceiveOption({ peers: [ALICE, CAROL], option: DISCARD }, context);
    await waitFor(() => world.gateway.options('bob-2').length === 1);
    expect(world.gateway.options('bob-2')).toEqual([[ALICE, CAROL]]);
    expect([world.gateway.options('bob-1'), world.gateway.options('alice')]).toEqual([[], []]);
  });

  it('is refused for nobody, for more than 30, and when it is none', async () => {
    const crowd = Array.from({ length: 31 }, (_, at) => `u${at}`);
    const refused: [string[], number][] = [
      [[], DISCARD],
      [crowd, DISCARD],
      [[ALICE], UNSPECIFIED],
      [[ALICE], 99],
    ];
    for (const [peers, option] of refused) {
      await expect(set(peers, option)).rejects.toMatchObject({ code: ErrorCode.C2C_BAD_REQUEST });
    }
    await expect(set([''], DISCARD)).rejects.toMatchObject({ code: ErrorCode.C2C_ACCOUNT_INVALID });
    await set(crowd.slice(1), DISCARD);
  });
});
