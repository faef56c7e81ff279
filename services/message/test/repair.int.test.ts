// What was not delivered is delivered again.
import { waitFor } from '@parley/testkit';
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

describe('delivery repair', () => {
  let world: MessageWorld;
  let node: MessageNode;
  beforeEach(async () => {
    world = await MessageWorld.create();
    await world.gateway.connect(BOB, 'bob', APP);
    node = await world.startNode();
  });
  afterEach(() => world.close());

  const send = (text: string) =>
    node.client.send({ to: BOB, type: C2C, clientMessageId: text, body: textBody(text) }, asUser(ALICE));
  const received = () => world.gateway.messages('bob').map(textOf);

  const failures = () => world.captured.at('warn').filter((line) => line.event === 'delivery failed').length;

  it('brings what a hanging node did not take', async () => {
    world.gateway.isAway = true;
    await send('1');
    await waitFor(() => failures() === 1);
    expect(received()).toEqual([]);
    world.gateway.isAway = false;
    world.clock.advance(3_000);
    await waitFor(() => received().length > 0);
    expect(received()).toEqual(['1']);
  });

  it('goes on trying while the node hangs', async () => {
    world.gateway.isAway = true;
    await send('1');
    world.clock.advance(3_000);
    await waitFor(() =>
      world.captured
        .at('warn')
        .some((line) => line.event === 'batch failed' && line.fields.group === 'delivery-repair'),
    );
    world.gateway.isAway = false;
    await waitFor(() => received().length > 0);
    expect(received()).toEqual(['1']);
  });

  it('leaves alone what was delivered, and what is too old', async () => {
    await send('1');
    await waitFor(() => received().length === 1);
    world.gateway.isAway = true;
    await send('2');
    await waitFor(() => failures() === 1);
    world.clock.advance(61_000);
    await send('3');
    await waitFor(() => failures() === 2);
    world.gateway.isAway = false;
    world.clock.advance(3_000);
    await waitFor(() => received().includes('3'));
    expect(received()).toEqual(['1', '3']);
  });

  it('delivers after a restart what the dead process had acked', async () => {
    world.gateway.isAway = true;
    await send('1');
    await world.restart();
    world.gateway.isAway = false;
    node = await world.startNode();
    world.clock.advance(3_000);
    await waitFor(() => received().includes('1'));
  });
});
