import { EVENT } from '../constants/event.js';
import type { Message } from '../model/message.js';
import { World } from '../testing/world.js';

const sends = (world: World) => world.server.calls.filter(({ method }) => method === 'send');
const storedTexts = (world: World): string[] =>
  world.server.model
    .stored('alice', 'bob')
    .map(({ body }) => JSON.parse(new TextDecoder().decode(body))[0].MsgContent.Text);

describe('sending', () => {
  it('resolves with the message, numbered and timed by the server [parity: sdk sendMessage, sdk createTextMessage]', async () => {
    const world = new World();
    const alice = await world.ready('alice');
    const message = alice.chat.createTextMessage({
      to: 'bob',
      conversationType: 'C2C',
      payload: { text: 'hi' },
    });
    const sent = alice.chat.sendMessage(message);
    expect(message.status).toBe('unSend');
    expect(alice.chat.findMessage(message.ID)).toBe(message);
    await world.clock.pass(100);
    expect(await sent).toEqual({ code: 0, data: { message } });
    expect(message).toMatchObject({ status: 'success', sequence: 1 });
    expect(Math.abs(message.time - world.clock.now() / 1000)).toBeLessThan(2);
    const [conversation] = (await alice.chat.getConversationList()).data.conversationList;
    expect(conversation).toMatchObject({
      conversationID: 'C2Cbob',
      unreadCount: 0,
      lastMessage: { messageForShow: 'hi', fromAccount: 'alice', isPeerRead: false, messageID: message.ID },
    });
  });

  it('sends every type that can be created, with what is beside the payload [parity: sdk createFaceMessage, sdk createLocationMessage, sdk createCustomMessage]', async () => {
    const world = new World();
    const [alice, bob] = [await world.ready('alice'), await world.ready('bob')];
    const to = 'bob';
    const conversationType = 'C2C';
    const messages = [
      alice.chat.createTextMessage({
        to,
        conversationType,
        payload: { text: 't' },
        cloudCustomData: 'cloud',
      }),
      alice.chat.createFaceMessage({ to, conversationType, payload: { index: 2, data: 'f' } }),
      alice.chat.createLocationMessage({
        ...{ to, conversationType },
        payload: { description: 'd', latitude: 1, longitude: 2 },
      }),
      alice.chat.createCustomMessage({ to, conversationType, payload: { data: 'c' }, needReadReceipt: true }),
    ];
    for (const message of messages) void alice.chat.sendMessage(message);
    await world.clock.pass(1_000);
    expect(bob.received.map(({ type, payload }) => [type, payload])).toEqual([
      ['TIMTextElem', { text: 't' }],
      ['TIMFaceElem', { index: 2, data: 'f' }],
      ['TIMLocationElem', { description: 'd', latitude: 1, longitude: 2 }],
      ['TIMCustomElem', { data: 'c', description: '', extension: '' }],
    ]);
    expect(bob.received[0]?.cloudCustomData).toBe('cloud');
    expect(bob.received[3]?.needReadReceipt).toBe(true);
    const list = (await bob.chat.getConversationList()).data.conversationList;
    expect(list[0]?.lastMessage.messageForShow).toBe('[Custom Message]');
  });

  it('keeps the order although the first of many is refused for a moment', async () => {
    const world = new World();
    const alice = await world.ready('alice');
    let refusals = 2;
    world.server.faults.onCall = () => (refusals-- > 0 ? { code: 60018, retryAfterMs: 500 } : 'answer');
    const sent = ['1', '2', '3', '4'].map((text) => alice.sendText('bob', text));
    await world.clock.pass(10_000);
    expect(sent.every(({ outcome }) => outcome === 'stored')).toBe(true);
    expect(storedTexts(world)).toEqual(['1', '2', '3', '4']);
    expect(sends(world).map(({ attempt }) => attempt)).toEqual([0, 1, 2, 0, 0, 0]);
  });

  it('says of repetitions how long ago the first attempt was', async () => {
    const world = new World();
    const alice = await world.ready('alice');
    let refusals = 2;
    world.server.faults.onCall = () => (refusals-- > 0 ? { code: 60018, retryAfterMs: 500 } : 'answer');
    alice.sendText('bob', '1');
    await world.clock.pass(10_000);
    const ages = sends(world).map(({ firstAttemptAgeMs }) => firstAttemptAgeMs);
    expect(ages).toEqual([0, expect.any(Number), expect.any(Number)]);
    expect(ages[1]).toBeGreaterThanOrEqual(500);
    expect(ages[2]).toBeGreaterThanOrEqual((ages[1] as number) + 500);
    expect(ages[2]).toBeLessThan(10_000);
  });

  it('has one send of a conversation in flight, and the conversations beside each other', async () => {
    const world = new World();
    const alice = await world.ready('alice');
    world.server.faults.onCall = () => ({ afterMs: 1_000 });
    for (const text of ['1', '2', '3']) alice.sendText('bob', text);
    for (const text of ['1', '2', '3']) alice.sendText('carol', text);
    await world.clock.pass(500);
    expect(sends(world)).toHaveLength(2);
    await world.clock.pass(5_000);
    expect(sends(world)).toHaveLength(6);
  });

  it('repeats after a lost answer and stores one message', async () => {
    const world = new World();
    const [alice, bob] = [await world.ready('alice'), await world.ready('bob')];
    let losses = 1;
    world.server.faults.onCall = ({ method }) => (method === 10 && losses-- > 0 ? 'lose answer' : 'answer');
    const sent = alice.sendText('bob', 'once');
    await world.clock.pass(15_000);
    expect(sent.outcome).toBe('stored');
    expect(sends(world).map(({ attempt }) => attempt)).toEqual([0, 1]);
    expect(storedTexts(world)).toEqual(['once']);
    expect(bob.textsFrom('alice')).toEqual(['once']);
  });

  it('repeats after the connection broke, in order, without showing its own message as received', async () => {
    const world = new World();
    const [alice, bob] = [await world.ready('alice'), await world.ready('bob')];
    let cuts = 1;
    world.server.faults.onCall = ({ method }) => (method === 10 && cuts-- > 0 ? 'cut' : 'answer');
    const sent = ['1', '2', '3'].map((text) => alice.sendText('bob', text));
    await world.clock.pass(10_000);
    expect(sent.map(({ outcome }) => outcome)).toEqual(['stored', 'stored', 'stored']);
    expect(bob.textsFrom('alice')).toEqual(['1', '2', '3']);
    expect(alice.received).toEqual([]);
  });

  it('learns from the history that a message was stored, when its answer never comes', async () => {
    const world = new World();
    const alice = await world.ready('alice');
    world.server.faults.onCall = ({ method }) => (method === 10 ? 'lose answer' : 'answer');
    const sent = alice.sendText('bob', 'mine');
    await world.clock.pass(100);
    world.server.sendText('bob', 'alice', 'answer');
    await world.clock.pass(1_000);
    expect(sent.outcome).toBe('stored');
    expect(sent.message.status).toBe('success');
    expect(alice.textsFrom('bob')).toEqual(['answer']);
    await world.clock.pass(120_000);
    expect(sent.message.status).toBe('success');
  });

  it('waits without a connection, and fails in the end', async () => {
    const world = new World();
    const alice = await world.ready('alice');
    world.isUp = false;
    world.server.connectionsOf('alice')[0]?.cut();
    const [kept, given] = [alice.sendText('bob', 'kept'), alice.sendText('carol', 'given up')];
    await world.clock.pass(50_000);
    expect([kept.outcome, given.outcome]).toEqual(['open', 'open']);
    await world.clock.pass(11_000);
    expect(given).toMatchObject({ outcome: 'failed', code: 2800 });
    expect(given.message.status).toBe('fail');
    expect(alice.chat.isReady()).toBe(true);
  });

  it('gives up in time when the server never answers', async () => {
    const world = new World();
    const alice = await world.ready('alice', { sendGiveUpMs: 5_000 });
    world.server.faults.onCall = () => 'ignore';
    const sent = alice.sendText('bob', 'x');
    await world.clock.pass(6_000);
    expect(sent).toMatchObject({ outcome: 'failed', code: 2801 });
  });

  it.each(['on its connection', 'over a connection that is lost'])(
    'lets nothing pass a message that was given up while it is still on its way %s',
    async (where) => {
      const world = new World();
      const alice = await world.ready('alice', { sendGiveUpMs: 5_000 });
      let calls = 0;
      world.server.faults.onCall = () => (calls++ === 0 ? { afterMs: 8_000 } : 'answer');
      const given = alice.sendText('bob', '1');
      await world.clock.pass(4_000);
      if (where !== 'on its connection') world.isUp = false;
      await world.clock.pass(2_000);
      world.isUp = true;
      expect(given.outcome).toBe('failed');
      const next = alice.sendText('bob', '2');
      await world.clock.pass(30_000);
      expect(next.outcome).toBe('stored');
      expect(storedTexts(world)).toEqual(['1', '2']);
    },
  );

  it('rejects with the code of the server and the message, and goes on with the next', async () => {
    const world = new World();
    const alice = await world.ready('alice');
    let first = true;
    world.server.faults.onCall = () => {
      const fate = first ? ({ code: 20007, info: 'blocked' } as const) : 'answer';
      first = false;
      return fate;
    };
    const refused = alice.chat.createTextMessage({
      to: 'bob',
      conversationType: 'C2C',
      payload: { text: 'no' },
    });
    const outcome = expect(alice.chat.sendMessage(refused)).rejects.toMatchObject({
      code: 20007,
      message: 'blocked',
      data: { message: refused },
    });
    const next = alice.sendText('bob', 'yes');
    await world.clock.pass(100);
    await outcome;
    expect(refused.status).toBe('fail');
    expect(next.outcome).toBe('stored');
  });

  it.each([
    [
      'a message to the platform',
      2106,
      { to: '@TIM#SYSTEM', conversationType: 'C2C', payload: { text: 'x' } },
    ],
    [
      'a message of more than 12 KiB',
      80002,
      { to: 'bob', conversationType: 'C2C', payload: { text: 'x'.repeat(12_300) } },
    ],
  ] as const)('refuses %s', async (_name, code, options) => {
    const world = new World();
    const alice = await world.ready('alice');
    await expect(alice.chat.sendMessage(alice.chat.createTextMessage(options))).rejects.toMatchObject({
      code,
    });
    expect(sends(world)).toEqual([]);
  });

  it('refuses what is no message, and sends without a login', async () => {
    const world = new World();
    const alice = await world.ready('alice');
    await expect(alice.chat.sendMessage({} as Message)).rejects.toMatchObject({ code: 2105 });
    const stranger = world.device('alice');
    const message = stranger.chat.createTextMessage({
      to: 'bob',
      conversationType: 'C2C',
      payload: { text: 'x' },
    });
    await expect(stranger.chat.sendMessage(message)).rejects.toMatchObject({ code: 2024 });
  });

  it('bounds what waits', async () => {
    const world = new World();
    const alice = await world.ready('alice');
    world.isUp = false;
    world.server.connectionsOf('alice')[0]?.cut();
    const sent = Array.from({ length: 1_001 }, (_, n) => alice.sendText(`friend-${n % 50}`, 'x'));
    await world.clock.pass(10);
    expect(sent[999]?.outcome).toBe('open');
    expect(sent[1_000]).toMatchObject({ outcome: 'failed', code: 9507 });
  });
});

describe('resending', () => {
  it('sends the same message again, marked as a repetition [parity: sdk resendMessage]', async () => {
    const world = new World();
    const alice = await world.ready('alice', { sendGiveUpMs: 1_000 });
    world.server.faults.onCall = () => 'lose answer';
    const { message } = alice.sendText('bob', 'once');
    await world.clock.pass(2_000);
    expect(message.status).toBe('fail');
    world.server.faults.onCall = () => 'answer';
    const again = alice.chat.resendMessage(message);
    await world.clock.pass(100);
    expect((await again).data.message).toBe(message);
    expect(message.status).toBe('success');
    expect(sends(world).map(({ attempt }) => attempt)).toEqual([0, 1]);
    expect(sends(world)[1]?.firstAttemptAgeMs).toBeGreaterThanOrEqual(2_000);
    expect(storedTexts(world)).toEqual(['once']);
  });

  it('is nothing for a message that was sent', async () => {
    const world = new World();
    const alice = await world.ready('alice');
    const { message } = alice.sendText('bob', 'x');
    await world.clock.pass(100);
    await alice.chat.resendMessage(message);
    expect(sends(world)).toHaveLength(1);
  });

  it('is not needed when the failed message turns out to be stored: the app is told', async () => {
    const world = new World();
    const alice = await world.ready('alice', { sendGiveUpMs: 1_000 });
    world.server.faults.onCall = ({ method }) => (method === 10 ? 'lose answer' : 'answer');
    const { message } = alice.sendText('bob', 'mine');
    await world.clock.pass(2_000);
    expect(message.status).toBe('fail');
    world.server.sendText('bob', 'alice', 'answer');
    await world.clock.pass(2_000);
    expect(message.status).toBe('success');
    expect(alice.told<Message[]>(EVENT.MESSAGE_MODIFIED)).toEqual([[message]]);
    expect(alice.textsFrom('bob')).toEqual(['answer']);
  });
});
