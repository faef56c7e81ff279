// What the rights of a community's member decide about messages: to send, to mention all, to read the past, to recall.
import { ErrorCode, type UserId } from '@parley/kernel';
import { ORDINARY } from './support/fake-groups.js';
import { GroupWorld } from './support/group-world.js';
import {
  ALICE,
  asUser,
  BOB,
  CAROL,
  GROUP,
  type MessageNode,
  MessageWorld,
  textOf,
} from './support/message-world.js';

const NONE = {
  byRights: true,
  maySend: false,
  mayAtAll: false,
  mayReadPast: false,
  mayRecallOthers: false,
};

describe('rights of members', () => {
  let world: MessageWorld;
  let node: MessageNode;
  let group: GroupWorld;
  beforeEach(async () => {
    world = await MessageWorld.create();
    node = await world.startNode();
    group = new GroupWorld(world, () => node);
    await group.found([ALICE, BOB], { ...ORDINARY, takesRecall: true });
  });
  afterEach(() => world.close());

  const codeOf = (call: Promise<unknown>) =>
    call.then(
      () => 0,
      (error: { code: number }) => error.code,
    );
  const texts = async (user: UserId) => (await group.history(user)).map(textOf);

  it('let speak, and mention all, as soon as they are given, and no longer when they are taken', async () => {
    await group.changeMember(BOB, NONE);
    expect(await codeOf(group.send('1', BOB))).toBe(ErrorCode.GROUP_NO_PERMISSION);
    await group.changeMember(BOB, { maySend: true });
    expect(await codeOf(group.send('2', BOB))).toBe(0);
    expect(await codeOf(group.send('3', BOB, { atAll: true }))).toBe(ErrorCode.GROUP_NO_PERMISSION);
    expect(await codeOf(group.send('4', BOB, { atAccounts: [ALICE] }))).toBe(0);
    await group.changeMember(BOB, { mayAtAll: true });
    expect(await codeOf(group.send('5', BOB, { atAll: true }))).toBe(0);
    await group.changeMember(BOB, { maySend: false });
    expect(await codeOf(group.send('6', BOB))).toBe(ErrorCode.GROUP_NO_PERMISSION);
    expect(await codeOf(group.sendAsAdmin('7', BOB))).toBe(0);
    expect(await codeOf(group.send('8', ALICE, { atAll: true }))).toBe(0);
  });

  it('show what was said before a member came, or hide it, whatever its row says', async () => {
    await group.send('before', ALICE);
    await group.join(BOB);
    await group.join(CAROL, true);
    await group.send('after', ALICE);
    expect([await texts(CAROL), await texts(BOB)]).toEqual([
      ['before', 'after'],
      ['before', 'after'],
    ]);
    await group.changeMember(CAROL, NONE);
    expect(await texts(CAROL)).toEqual(['after']);
    await group.leave(CAROL);
    await group.join(CAROL);
    await group.send('later', ALICE);
    expect(await texts(CAROL)).toEqual(['later']);
    await group.changeMember(CAROL, { ...NONE, mayReadPast: true });
    expect(await texts(CAROL)).toEqual(['before', 'after', 'later']);
  });

  it('let recall what others said, where else the role would', async () => {
    const { seq } = await group.send('hers', ALICE);
    const recall = (user: UserId) =>
      codeOf(node.client.recallMessage({ type: GROUP, peer: group.id, seq }, asUser(user)));
    await group.changeMember(BOB, { ...NONE, role: 2 });
    expect(await recall(BOB)).toBe(ErrorCode.GROUP_NO_PERMISSION);
    await group.changeMember(BOB, { mayRecallOthers: true, role: 1 });
    expect(await recall(BOB)).toBe(0);
  });
});
