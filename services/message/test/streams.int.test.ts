// Messages of a group that grow while they are written.
import { type AppId, ErrorCode, type UserId } from '@parley/kernel';
import { waitFor } from '@parley/testkit';
import { LIVE, ORDINARY } from './support/fake-groups.js';
import { GroupWorld } from './support/group-world.js';
import {
  ALICE,
  APP,
  asAdmin,
  asUser,
  BOB,
  GROUP,
  type MessageNode,
  MessageWorld,
  OTHER_APP,
  textBody,
} from './support/message-world.js';

interface Piece {
  readonly index: number;
  readonly markdown: string;
  readonly isLast?: boolean;
}

const piece = (index: number, markdown = `${index}`, isLast = false): Piece => ({ index, markdown, isLast });
const last = (index: number, markdown = `${index}`): Piece => piece(index, markdown, true);
const contentOf = ({ body }: { body: Uint8Array }) =>
  JSON.parse(new TextDecoder().decode(body))[0].MsgContent;
const dataOf = (message: { body: Uint8Array }) => JSON.parse(contentOf(message).Data);

const BAD = { code: ErrorCode.GROUP_BAD_PARAMETER };
const CLOSED = { code: ErrorCode.GROUP_NO_PERMISSION };

describe.each(['process', 'cluster'] as const)('messages that grow, in a %s', (scope) => {
  let world: MessageWorld;
  let nodes: MessageNode[];
  let group: GroupWorld;
  beforeEach(async () => {
    world = await MessageWorld.create({ scope });
    nodes = [await world.startNode()];
    if (scope === 'cluster') nodes.push(await world.startNode());
    group = new GroupWorld(world, () => nodes[0] as MessageNode);
    await group.found([ALICE, BOB], { ...ORDINARY, takesRecall: true });
  });
  afterEach(() => world.close());

  /** Each call may meet another process. */
  let calls = 0;
  const anyNode = (): MessageNode => nodes[calls++ % nodes.length] as MessageNode;
  const say = (chunks: Piece[], more: object = {}, appId: AppId = APP) =>
    anyNode().client.streamMessage(
      { from: ALICE, groupId: group.id, random: 1, chunks, ...more },
      asAdmin({ appId }),
    );
  const begin = async (chunks: Piece[] = [piece(0)], more: object = {}) =>
    (await say(chunks, { compatibleText: 'update the app', ...more })).streamId;
  const go = (streamId: string, ...chunks: Piece[]) => say(chunks, { streamId });
  const shown = async () => (await group.history(BOB)).map(dataOf);

  it('begin as a message, go on as changes of it, and end', async () => {
    await world.gateway.connect(BOB, 'bob', APP);
    await world.gateway.enterRoom(APP, group.id, BOB);
    const begun = await say([piece(0, 'Hel')], { compatibleText: 'update', dedupKey: 'a', dedupWindowS: 60 });
    const again = await say([piece(0, 'Hel')], { compatibleText: 'update', dedupKey: 'a', dedupWindowS: 60 });
    expect(again).toEqual(begun);
    expect(await shown()).toEqual([{ chatbotPlugin: 2, src: 2, chunks: ['Hel'], isFinished: 0 }]);
    expect(await go(begun.streamId, piece(1, 'lo'), piece(2, ' '))).toEqual(begun);
    await go(begun.streamId, last(3, 'you'));
    const [message, ...others] = await group.history(BOB);
    expect(others).toEqual([]);
    expect(message).toMatchObject({ seq: begun.seq, from: ALICE, version: 2n });
    expect(contentOf(message as never).Desc).toBe('update');
    const whole = { chatbotPlugin: 2, src: 2, chunks: ['Hel', 'lo', ' ', 'you'], isFinished: 1 };
    expect(dataOf(message as never)).toEqual(whole);
    await waitFor(() => world.gateway.changes('bob').length === 2);
    const told = world.gateway.changes('bob').map(({ change }) => {
      if (change.case !== 'modify' || change.value.message === undefined) throw new Error('no modification');
      return dataOf(change.value.message).chunks.join('');
    });
    expect(told).toEqual(['Hello ', 'Hello you']);
    expect(await group.unread(BOB)).toBe(1n);
  });

  it('take a repeat for what it is, and refuse a gap, another text and what comes after the end', async () => {
    const id = await begin([piece(1, 'a')]);
    await go(id, piece(2, 'b'));
    await go(id, piece(2, 'b'));
    await go(id, piece(2, 'b'), piece(3, 'c'));
    await expect(go(id, piece(5))).rejects.toMatchObject(BAD);
    await expect(go(id, piece(2, 'B'))).rejects.toMatchObject(BAD);
    await expect(go(id, piece(0, 'b'))).rejects.toMatchObject(BAD);
    await expect(go(id, piece(4), piece(6))).rejects.toMatchObject(BAD);
    await expect(go(id, last(4), piece(5))).rejects.toMatchObject(BAD);
    await go(id, last(4, 'd'));
    await go(id, last(4, 'd'));
    await expect(go(id, piece(4, 'd'))).rejects.toMatchObject(BAD);
    await expect(go(id, piece(5))).rejects.toMatchObject(CLOSED);
    expect(await shown()).toMatchObject([{ chunks: ['a', 'b', 'c', 'd'], isFinished: 1 }]);
    await expect(begin([piece(2)])).rejects.toMatchObject(BAD);
    await expect(begin([])).rejects.toMatchObject(BAD);
  });

  it('are closed 15 s after the last piece, but for repeats', async () => {
    const id = await begin();
    world.clock.advance(14_000);
    await go(id, piece(1));
    world.clock.advance(14_000);
    await go(id, piece(2));
    world.clock.advance(15_100);
    await expect(go(id, piece(3))).rejects.toMatchObject(CLOSED);
    await go(id, piece(2));
    expect(await shown()).toMatchObject([{ chunks: ['0', '1', '2'], isFinished: 0 }]);
  });

  it('outgrow the bound of other messages, not their own', async () => {
    await expect(begin([piece(0, 'x'.repeat(13_000))])).rejects.toMatchObject({
      code: ErrorCode.MESSAGE_TOO_LONG,
    });
    const id = await begin();
    const long = 'x'.repeat(60_000);
    await go(id, piece(1, long));
    await go(id, piece(2, long));
    await expect(go(id, last(3, 'x'.repeat(11_000)))).rejects.toMatchObject({
      code: ErrorCode.MESSAGE_TOO_LONG,
    });
    await go(id, last(3, 'x'.repeat(10_000)));
    expect((await shown())[0].chunks.join('')).toHaveLength(130_001);
    const asked = { scope: 1, type: GROUP, peer: group.id };
    const page = await anyNode().client.listChanges(asked, asUser(BOB));
    expect(page).toMatchObject({ completeTo: 2n, hasMore: true });
    const rest = await anyNode().client.listChanges({ ...asked, afterChangeSeq: 2n }, asUser(BOB));
    expect(rest).toMatchObject({ completeTo: 3n, hasMore: false });
    const [message] = await group.history(BOB);
    const large = {
      type: GROUP,
      peer: group.id,
      seq: message?.seq ?? 0n,
      body: message?.body ?? textBody(''),
    };
    const modify = anyNode().client.modifyMessage(large, asAdmin());
    await expect(modify).rejects.toMatchObject({ code: ErrorCode.MESSAGE_TOO_LONG });
  });

  it('are continued five times a second', async () => {
    const id = await begin();
    const begunAtMs = Date.now();
    const soon = async () => {
      for (let index = 1; ; index += 1) await go(id, piece(index));
    };
    await expect(soon()).rejects.toMatchObject({ code: ErrorCode.GROUP_RATE_EXCEEDED });
    const [{ chunks }] = await shown();
    expect(chunks.length - 1).toBeLessThanOrEqual(5 * (1 + Math.ceil((Date.now() - begunAtMs) / 1_000)));
    await go(id, piece(chunks.length - 1));
    world.clock.advance(1_100);
    await go(id, piece(chunks.length));
    expect((await shown())[0].chunks).toHaveLength(chunks.length + 1);
  });

  it('of two who continue at once both are answered, and each piece is there once', async () => {
    const id = await begin();
    await Promise.all([go(id, piece(1)), go(id, piece(1))]);
    const [one, other] = await Promise.allSettled([go(id, piece(2, 'this')), go(id, piece(2, 'that'))]);
    expect([one?.status, other?.status].sort()).toEqual(['fulfilled', 'rejected']);
    const won = one?.status === 'fulfilled' ? 'this' : 'that';
    expect(await shown()).toMatchObject([{ chunks: ['0', '1', won] }]);
  });

  it('are continued by their sender, in their group and app, and only if they grow', async () => {
    const id = await begin();
    await expect(say([piece(1)], { streamId: id, from: BOB })).rejects.toMatchObject(BAD);
    await expect(go(`${id}x`, piece(1))).rejects.toMatchObject(BAD);
    await expect(go('nonsense', piece(1))).rejects.toMatchObject(BAD);
    const elsewhere = new GroupWorld(world, () => nodes[0] as MessageNode, '@TGS#2');
    await elsewhere.found([ALICE, BOB]);
    await elsewhere.send('text', ALICE);
    await expect(say([piece(1)], { streamId: id, groupId: elsewhere.id })).rejects.toMatchObject(BAD);
    const forged = Buffer.from(`1 1 0 ${elsewhere.id}`).toString('base64url');
    await expect(say([piece(1)], { streamId: forged, groupId: elsewhere.id })).rejects.toMatchObject(BAD);
    world.groups.set(OTHER_APP, group.id, ORDINARY, []);
    await expect(say([piece(1)], { streamId: id }, OTHER_APP)).rejects.toMatchObject(BAD);
    const { seq } = (await group.history(BOB))[0] ?? { seq: 0n };
    await anyNode().client.recallMessage({ type: GROUP, peer: group.id, seq }, asAdmin());
    await expect(go(id, piece(1))).rejects.toMatchObject(BAD);
  });

  it('mind no mutes, and need a group that keeps messages and a sender that exists', async () => {
    await group.changeGroup({ muteAll: true });
    await go(await begin(), piece(1));
    await expect(begin([piece(0)], { from: 'nobody' as UserId })).rejects.toMatchObject({
      code: ErrorCode.GROUP_ACCOUNT_NOT_FOUND,
    });
    await group.changeGroup(LIVE);
    await expect(begin()).rejects.toMatchObject({ code: ErrorCode.GROUP_TYPE_WITHOUT_HISTORY });
    const asked = { from: ALICE, groupId: group.id, chunks: [piece(0)] };
    await expect(anyNode().client.streamMessage(asked, asUser(ALICE))).rejects.toMatchObject({
      code: expect.any(Number),
    });
  });

  it('are continued after every process died', async () => {
    const id = await begin();
    await go(id, piece(1));
    await world.restart();
    nodes = [await world.startNode()];
    await go(id, piece(1));
    await go(id, last(2));
    expect(await shown()).toMatchObject([{ chunks: ['0', '1', '2'], isFinished: 1 }]);
  });
});
