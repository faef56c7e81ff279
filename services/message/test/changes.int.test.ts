// Messages are recalled, modified and deleted; what becomes of it is decided by the history writer.
import { ErrorCode, type UserId } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import { waitFor } from '@parley/testkit';
import { ChangeWorld, isRecalled } from './support/change-world.js';
import { ORDINARY } from './support/fake-groups.js';
import { GroupWorld } from './support/group-world.js';
import {
  ALICE,
  APP,
  asAdmin,
  asUser,
  BOB,
  C2C,
  CAROL,
  GROUP,
  type MessageNode,
  MessageWorld,
  textBody,
  textOf,
} from './support/message-world.js';

describe('changes of messages between two users', () => {
  let world: MessageWorld;
  let node: MessageNode;
  let chat: ChangeWorld;
  beforeEach(async () => {
    world = await MessageWorld.create();
    node = await world.startNode();
    chat = new ChangeWorld(() => node);
  });
  afterEach(() => world.close());

  it('a recalled message keeps its place, loses its content, and is told to both', async () => {
    await world.gateway.connect(ALICE, 'alice', APP);
    const here = await world.gateway.connect(ALICE, 'alice-here', APP);
    await world.gateway.connect(BOB, 'bob', APP);
    const seq = await chat.send('oops');
    await chat.send('next');
    expect(await chat.unread()).toBe(2n);
    const { change } = await chat.recall(seq, asUser(ALICE, { connectionId: here }), BOB, { reason: 'typo' });
    expect(change).toMatchObject({ changeSeq: 1n, operator: ALICE });
    await waitFor(
      () => world.gateway.changes('bob').length === 1 && world.gateway.changes('alice').length === 1,
    );
    expect(world.gateway.changes('alice-here')).toEqual([]);
    expect(world.gateway.changes('bob')[0]?.change.value).toMatchObject({ seqs: [seq], reason: 'typo' });
    const [recalled] = await chat.history();
    expect(recalled).toMatchObject({
      seq,
      from: ALICE,
      recalledBy: ALICE,
      recallReason: 'typo',
      version: 1n,
    });
    expect(isRecalled(recalled as never)).toBe(true);
    expect(new TextDecoder().decode(recalled?.body)).toBe('[]');
    expect(await chat.unread()).toBe(1n);
  });

  it('what was read before it was recalled, and what is read after, is counted right', async () => {
    const one = await chat.send('1');
    const two = await chat.send('2');
    await node.client.markRead({ peer: ALICE, type: C2C, readSeq: one }, asUser(BOB));
    await chat.recall(one);
    expect(await chat.unread()).toBe(1n);
    await chat.recall(two);
    expect(await chat.unread()).toBe(0n);
    await chat.send('3');
    await chat.send('4', BOB, ALICE);
    expect(await chat.unread()).toBe(1n);
    expect(await chat.unread(ALICE)).toBe(1n);
  });

  it('refuses what is not the sender’s, too old, recalled already or not there; a back end may always', async () => {
    const seq = await chat.send('mine');
    await expect(chat.recall(seq, asUser(BOB), ALICE)).rejects.toMatchObject({
      code: ErrorCode.C2C_BAD_REQUEST,
    });
    await expect(chat.recall(99n)).rejects.toMatchObject({ code: ErrorCode.C2C_MESSAGE_NOT_FOUND });
    world.clock.advance(121_000);
    await expect(chat.recall(seq)).rejects.toMatchObject({ code: ErrorCode.C2C_RECALL_TOO_LATE });
    const [message] = await chat.history();
    const msgKey = `${message?.msgSeq}_${message?.random}_${(Number(message?.timeMs ?? 0n / 1n) / 1_000) | 0}`;
    const byKey = { type: C2C, user: ALICE, peer: BOB, msgKey };
    await expect(
      node.client.recallMessage({ ...byKey, user: BOB, peer: ALICE }, asAdmin()),
    ).rejects.toMatchObject({
      code: ErrorCode.C2C_MESSAGE_NOT_FOUND,
    });
    expect((await node.client.recallMessage(byKey, asAdmin())).change?.operator).toBe('');
    await expect(node.client.recallMessage(byKey, asAdmin())).rejects.toMatchObject({
      code: ErrorCode.C2C_ALREADY_RECALLED,
    });
    await expect(node.client.recallMessage({ ...byKey, msgKey: 'x' }, asAdmin())).rejects.toMatchObject({
      code: ErrorCode.MESSAGE_KEY_INVALID,
    });
  });

  it('a retry of a recall is the same change', async () => {
    const seq = await chat.send('once');
    const first = await chat.recall(seq, asUser(ALICE), BOB, { clientChangeId: 'c1' });
    const again = await chat.recall(seq, asUser(ALICE, { attempt: 1 }), BOB, { clientChangeId: 'c1' });
    expect(again.change).toEqual(first.change);
    expect((await chat.changes()).changes).toHaveLength(1);
  });

  it('of two modifications at once one is applied, and the other learns the newest message', async () => {
    const seq = await chat.send('draft');
    const answers = await Promise.all([
      chat.modify(seq, 'from alice', asUser(ALICE), { expectedVersion: 0n }),
      chat.modify(seq, 'from bob', asUser(BOB), { expectedVersion: 0n }),
    ]);
    expect(answers.map((one) => one.conflict).sort()).toEqual([false, true]);
    const [stands] = await chat.texts();
    for (const { message } of answers) expect(textOf(message as never)).toBe(stands);
    const last = await chat.modify(seq, 'again', asUser(BOB), { expectedVersion: 1n });
    expect(last.change?.changeSeq).toBe(2n);
    expect(await chat.texts()).toEqual(['again']);
    await chat.recall(seq);
    await expect(chat.modify(seq, 'late')).rejects.toMatchObject({ code: ErrorCode.C2C_ALREADY_RECALLED });
  });

  it('a client that was away asks for what it missed, page by page', async () => {
    const seq = await chat.send('0');
    for (const text of ['1', '2', '3']) await chat.modify(seq, text);
    const all = await chat.changes();
    expect(all).toMatchObject({ completeTo: 3n, hasMore: false, expired: false });
    expect(all.changes.map((one) => one.changeSeq)).toEqual([1n, 2n, 3n]);
    const request = { scope: 1, type: C2C, peer: ALICE, afterChangeSeq: 1n, limit: 1 };
    const page = await node.client.listChanges(request, asUser(BOB));
    expect(page).toMatchObject({ completeTo: 2n, hasMore: true });
    const { conversation } = await node.client.getConversation({ type: C2C, peer: ALICE }, asUser(BOB));
    expect(conversation?.changeSeq).toBe(3n);
  });

  it('a deleted message is gone for one side only, on all of its devices', async () => {
    await world.gateway.connect(BOB, 'bob', APP);
    await chat.send('1');
    const two = await chat.send('2');
    const { change } = await chat.hide([two]);
    expect(change?.changeSeq).toBe(1n);
    await waitFor(() => world.gateway.changes('bob').length === 1);
    expect(await chat.texts()).toEqual(['1']);
    expect(await chat.texts(ALICE, BOB)).toEqual(['1', '2']);
    const list = await node.client.listConversations({}, asUser(BOB));
    expect(list.userChangeSeq).toBe(1n);
    expect(list.conversations[0]?.lastMessage && textOf(list.conversations[0].lastMessage)).toBe('1');
    const mine = await node.client.listChanges({ scope: 2 }, asUser(BOB));
    expect(mine.changes[0]?.change.value).toMatchObject({ seqs: [two] });
    expect((await node.client.listChanges({ scope: 2 }, asUser(CAROL))).changes).toEqual([]);
  });

  it('a cleared history is gone for one side only, and not unread; what comes later is shown', async () => {
    await chat.send('1');
    await chat.send('2');
    await node.client.clearHistory({ type: C2C, peer: ALICE }, asUser(BOB));
    expect(await chat.texts()).toEqual([]);
    expect(await chat.unread()).toBe(0n);
    expect(await chat.texts(ALICE, BOB)).toEqual(['1', '2']);
    await chat.send('3');
    expect(await chat.texts()).toEqual(['3']);
    expect(await chat.unread()).toBe(1n);
    const sync = await node.client.syncMessages({ type: C2C, peer: ALICE }, asUser(BOB));
    expect(sync.messages.map(textOf)).toEqual(['3']);
  });
});

describe('changes of messages in a group', () => {
  let world: MessageWorld;
  let node: MessageNode;
  let group: GroupWorld;
  beforeEach(async () => {
    world = await MessageWorld.create();
    node = await world.startNode();
    group = new GroupWorld(world, () => node);
    await group.found([ALICE, BOB, CAROL], { ...ORDINARY, takesRecall: true });
  });
  afterEach(() => world.close());

  const named = (seq: bigint) => ({ type: GROUP, peer: group.id, seq });
  const recall = (seq: bigint, as = asUser(ALICE)) => node.client.recallMessage(named(seq), as);
  const modify = (seq: bigint, text: string, user: UserId) =>
    node.client.modifyMessage({ ...named(seq), body: textBody(text) }, asUser(user));
  const changesFor = async (user: UserId) => {
    const asked = { scope: 1, type: GROUP, peer: group.id };
    return (await node.client.listChanges(asked, asUser(user))).changes;
  };
  const shown = async (user: UserId) =>
    (await group.history(user)).map((message) => (isRecalled(message) ? '-' : textOf(message)));

  it('authors recall, the owner and admins recall what others said, members do not', async () => {
    await world.gateway.connect(CAROL, 'carol', APP);
    await world.gateway.enterRoom(APP, group.id, CAROL);
    const [one, two, three] = [
      await group.send('1', ALICE),
      await group.send('2', BOB),
      await group.send('3', BOB),
    ];
    await expect(recall(one.seq, asUser(BOB))).rejects.toMatchObject({ code: ErrorCode.GROUP_NO_PERMISSION });
    await group.changeMember(ALICE, { role: groupv1.Role.OWNER });
    await group.changeMember(CAROL, { role: groupv1.Role.ADMIN });
    expect((await recall(two.seq)).change).toMatchObject({ changeSeq: 1n, operator: ALICE, to: group.id });
    expect((await recall(three.seq, asUser(CAROL))).change).toMatchObject({ operator: CAROL });
    await recall(one.seq, asAdmin());
    await expect(recall(one.seq)).rejects.toMatchObject({ code: ErrorCode.GROUP_MESSAGE_NOT_RECALLABLE });
    expect(await shown(BOB)).toEqual(['-', '-', '-']);
    await waitFor(() => world.gateway.changes('carol').length === 3);
    expect((await changesFor(BOB)).map(({ operator }) => operator)).toEqual([ALICE, CAROL, '']);
  });

  it('too late is too late, and who is not in the group is told so', async () => {
    const { seq } = await group.send('1', ALICE);
    await group.leave(CAROL);
    const stranger = { code: ErrorCode.GROUP_NO_PERMISSION };
    await expect(recall(seq, asUser(CAROL))).rejects.toMatchObject(stranger);
    await expect(modify(seq, 'x', CAROL)).rejects.toMatchObject(stranger);
    await expect(changesFor(CAROL)).rejects.toMatchObject(stranger);
    world.clock.advance(121_000);
    await expect(recall(seq)).rejects.toMatchObject({ code: ErrorCode.GROUP_RECALL_TOO_LATE });
    expect((await recall(seq, asAdmin())).change?.changeSeq).toBe(1n);
  });

  it('a message for named members is changed, told and listed among them alone', async () => {
    for (const user of [ALICE, BOB, CAROL]) {
      await world.gateway.connect(user, user, APP);
      await world.gateway.enterRoom(APP, group.id, user);
    }
    const { seq } = await group.send('for bob', ALICE, { toAccounts: [BOB] });
    await expect(modify(seq, 'hm', CAROL)).rejects.toMatchObject({ code: ErrorCode.GROUP_MESSAGE_NOT_FOUND });
    expect((await modify(seq, 'bob knows', BOB)).change?.audience.sort()).toEqual([ALICE, BOB]);
    const open = await group.send('for all', ALICE);
    await modify(open.seq, 'all know', ALICE);
    await waitFor(() => world.gateway.changes(CAROL).length === 1 && world.gateway.changes(BOB).length === 2);
    const seqsOf = async (user: UserId) => (await changesFor(user)).map(({ changeSeq }) => changeSeq);
    expect([await seqsOf(BOB), await seqsOf(CAROL)]).toEqual([[1n, 2n], [2n]]);
    expect(await shown(CAROL)).toEqual(['all know']);
  });

  it('who joined later sees changes of what he sees, and none of what was before', async () => {
    const dave = 'dave' as UserId;
    const before = await group.send('before', ALICE);
    await group.join(dave);
    const after = await group.send('after', ALICE);
    await modify(before.seq, 'before, edited', ALICE);
    await modify(after.seq, 'after, edited', ALICE);
    await recall(before.seq);
    expect((await changesFor(dave)).map(({ changeSeq }) => changeSeq)).toEqual([2n]);
    expect((await changesFor(BOB)).map(({ changeSeq }) => changeSeq)).toEqual([1n, 2n, 3n]);
    expect(await shown(dave)).toEqual(['after, edited']);
    expect(await group.unread(dave)).toBe(1n);
  });
});
