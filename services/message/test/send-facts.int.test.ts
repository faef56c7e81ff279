// What users may send depends on mutes, blocklists and friendship; none of it costs a question once it is known.
import { ChatError } from '@parley/kernel';
import { waitFor } from '@parley/testkit';
import { GroupWorld } from './support/group-world.js';
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
} from './support/message-world.js';

const FOR_EVER_S = 0xffff_ffff;

describe('what a message of a user depends on', () => {
  let world: MessageWorld;
  let node: MessageNode;
  beforeEach(async () => {
    world = await MessageWorld.create();
    node = await world.startNode();
  });
  afterEach(() => world.close());

  let count = 0;
  const requestTo = (to: string, id = `m${++count}`) => ({
    to,
    type: C2C,
    clientMessageId: id,
    body: textBody(id),
  });
  const codeOf = (call: Promise<unknown>) =>
    call.then(
      () => 0,
      (thrown: unknown) => ChatError.from(thrown).code,
    );
  const send = (more: object = {}, context = asUser(ALICE)) =>
    codeOf(node.client.send({ ...requestTo(BOB), ...more }, context));
  const asked = () => node.facts.count('getSendFacts');
  const friends = (senderHasReceiver: boolean, receiverHasSender: boolean) => ({
    ...{ requiresFriends: true, senderHasReceiver, receiverHasSender },
  });

  it.each([
    ['a mute for ever', { c2cMutedUntilS: FOR_EVER_S }, 20012],
    ['a block', { blocked: true }, 20007],
    ['no friendship', friends(false, false), 20009],
    ['friendship on the other side only', friends(false, true), 20010],
    ['friendship on this side only', friends(true, false), 20011],
    ['friendship', friends(true, true), 0],
    ['a mute in groups', { groupMutedUntilS: FOR_EVER_S }, 0],
    ['no friendship where none is needed', {}, 0],
  ])('%s', async (_what, facts, code) => {
    world.facts.set(ALICE, facts);
    expect(await send()).toBe(code);
    expect(await send({ flags: MessageFlag.ONLINE_ONLY })).toBe(code);
    expect(await send({ from: ALICE }, asAdmin())).toBe(0);
  });

  it('is asked once while it stands, by all who ask at once', async () => {
    expect(await Promise.all([send(), send(), send()])).toEqual([0, 0, 0]);
    expect(await send()).toBe(0);
    expect(asked()).toBe(1);
    world.clock.advance(31_000);
    expect(await send()).toBe(0);
    expect(asked()).toBe(2);
  });

  it('is asked anew after a notice, and before anybody is refused', async () => {
    expect(await send()).toBe(0);
    world.facts.set(ALICE, { blocked: true });
    expect(await send()).toBe(0);
    await node.announceSender(`${APP} ${ALICE}`);
    await waitFor(async () => (await send()) === 20007);
    world.facts.set(ALICE, {});
    expect(await send()).toBe(0);
  });

  it('is not remembered when a notice came while the answer was on its way', async () => {
    node.facts.before = async () => {
      node.facts.before = () => undefined;
      await node.announceSender(`${APP} ${ALICE}`);
    };
    expect(await send()).toBe(0);
    expect(await send()).toBe(0);
    expect(asked()).toBe(2);
  });

  it('ends with the time of the mute', async () => {
    world.facts.set(ALICE, { c2cMutedUntilS: Math.floor(world.clock.now() / 1_000) + 10 });
    expect(await send()).toBe(20012);
    world.clock.advance(11_000);
    expect(await send()).toBe(0);
    expect(asked()).toBe(1);
  });

  it('does not undo what was accepted', async () => {
    const request = requestTo(BOB, 'once');
    const first = await node.client.send(request, asUser(ALICE));
    world.facts.set(ALICE, { c2cMutedUntilS: FOR_EVER_S });
    await node.announceSender(`${APP} ${ALICE}`);
    await waitFor(async () => (await send()) === 20012);
    const again = await node.client.send(request, asUser(ALICE, { attempt: 1 }));
    expect(again).toMatchObject({ seq: first.seq, duplicate: true });
    expect(await codeOf(node.client.send(requestTo(BOB), asUser(ALICE, { attempt: 1 })))).toBe(20012);
  });

  it('lets a user who is blocked, or has no friends, write to itself', async () => {
    world.facts.set(ALICE, { ...friends(false, false), blocked: true });
    expect(await codeOf(node.client.send(requestTo(ALICE), asUser(ALICE)))).toBe(0);
  });

  it('holds for groups: only the mute there counts', async () => {
    const group = new GroupWorld(world, () => node);
    await group.found([ALICE, BOB]);
    const say = (text: string) => codeOf(node.client.send(group.request(text), asUser(ALICE)));
    world.facts.set(ALICE, { c2cMutedUntilS: FOR_EVER_S, blocked: true, requiresFriends: true });
    expect(await say('one')).toBe(0);
    expect(await say('two')).toBe(0);
    expect(asked()).toBe(1);
    world.facts.set(ALICE, { groupMutedUntilS: FOR_EVER_S });
    await node.announceSender(`${APP} ${ALICE}`);
    await waitFor(async () => (await say('three')) === 10017);
  });

  it('messages name their sender, also those that a back end sends, and learn of a change by its notice', async () => {
    world.facts.set(ALICE, { nick: 'Ålice', faceUrl: 'https://a' });
    await send();
    await node.client.send({ ...requestTo(BOB), from: ALICE, dedupKey: 'rest' }, asAdmin());
    const named = async () =>
      (await node.client.listMessages({ type: C2C, peer: ALICE }, asUser(BOB))).messages.map((message) => [
        message.fromNick,
        message.fromFaceUrl,
      ]);
    expect(await named()).toEqual([
      ['Ålice', 'https://a'],
      ['Ålice', 'https://a'],
    ]);
    world.facts.set(ALICE, { nick: 'A.' });
    await node.announceSender(`${APP} ${ALICE}`);
    await waitFor(async () => {
      await send();
      return (await named()).at(-1)?.[0] === 'A.';
    });
    await node.client.send(requestTo(ALICE), asUser(BOB));
    expect((await named()).at(-1)).toEqual(['', '']);
  });
});
