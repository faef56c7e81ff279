// Live groups: a device is in one for as long as it is connected, whatever becomes of the connection.
import { create } from '@bufbuild/protobuf';
import { messagev1 } from '@parley/proto';
import { GROUP_METHOD } from '../calls/group-method.js';
import { EVENT } from '../constants/event.js';
import { TYPES } from '../constants/types.js';
import { LIVE_ROOMS_ID } from '../messages/conversation-kind.js';
import type { Group } from '../model/conversation.js';
import { type Device, World } from '../testing/world.js';

const groupIDs = (device: Device): string[] =>
  (device.told<Group[]>(EVENT.GROUP_LIST_UPDATED).at(-1) ?? []).map(({ groupID }) => groupID);

async function conversationsOf(device: Device): Promise<string[]> {
  const { data } = await device.chat.getConversationList();
  return data.conversationList.map(({ conversationID }) => conversationID);
}

describe('a live group', () => {
  it('is entered by the connection, and again after a reconnect', async () => {
    const world = new World();
    const [alice, bob] = [await world.ready('alice'), await world.ready('bob')];
    for (const groupID of ['show', 'next']) {
      await world.done(alice.chat.createGroup({ name: groupID, type: TYPES.GRP_AVCHATROOM, groupID }));
    }
    expect(groupIDs(alice)).toEqual([]);
    await world.done(bob.chat.joinGroup({ groupID: 'show' }));
    await world.done(alice.chat.joinGroup({ groupID: 'show' }));
    alice.sendToGroup('show', 'one');
    await world.clock.pass(200);
    world.server.connectionsOf('bob')[0]?.cut();
    await world.clock.pass(10_000);
    alice.sendToGroup('show', 'two');
    await world.clock.pass(500);
    expect(bob.textsIn('show')).toEqual(['one', 'two']);
    expect(bob.chat.getTotalUnreadMessageCount()).toBe(0);
    expect(await conversationsOf(bob)).toEqual([]);
    // One at a time.
    await world.done(bob.chat.joinGroup({ groupID: 'next' }));
    alice.sendToGroup('show', 'three');
    await world.clock.pass(500);
    expect([groupIDs(bob), bob.textsIn('show')]).toEqual([['next'], ['one', 'two']]);
  });
});

describe('a live group after a reconnect', () => {
  const JOIN_GROUP = GROUP_METHOD.joinGroup.number;

  /** bob is in a live group; `entered` says, for every `connected` that he is told, whether he is there. */
  async function visitor(world: World, type: TYPES = TYPES.GRP_AVCHATROOM) {
    const [alice, bob] = [await world.ready('alice'), await world.ready('bob')];
    await world.done(alice.chat.createGroup({ name: 'show', type, groupID: 'show' }));
    await world.done(bob.chat.joinGroup({ groupID: 'show' }));
    const isThere = () => world.server.connectionsOf('bob')[0]?.rooms.has('show') === true;
    const entered: boolean[] = [];
    bob.chat.on(EVENT.NET_STATE_CHANGE, ({ data }) => {
      if (data.state === TYPES.NET_STATE_CONNECTED) entered.push(isThere());
    });
    const cut = () => world.server.connectionsOf('bob')[0]?.cut();
    return { alice, bob, entered, cut, isThere };
  }

  it('is entered again before the connection is reported', async () => {
    const world = new World();
    const { alice, bob, entered, cut } = await visitor(world);
    for (const text of ['one', 'two']) {
      cut();
      await world.clock.pass(10_000);
      alice.sendToGroup('show', text);
      await world.clock.pass(500);
    }
    expect(entered).toEqual([true, true]);
    expect(bob.textsIn('show')).toEqual(['one', 'two']);
  });

  it('of a type of the app’s own is entered again as well, and left for another one', async () => {
    const world = new World();
    const { alice, bob, entered, cut } = await visitor(world, 'Stage' as TYPES);
    cut();
    await world.clock.pass(10_000);
    alice.sendToGroup('show', 'one');
    await world.clock.pass(500);
    expect([entered, bob.textsIn('show'), groupIDs(bob)]).toEqual([[true], ['one'], ['show']]);
    await world.done(alice.chat.createGroup({ name: 'next', type: TYPES.GRP_AVCHATROOM, groupID: 'next' }));
    await world.done(bob.chat.joinGroup({ groupID: 'next' }));
    expect(groupIDs(bob)).toEqual(['next']);
  });

  it('is entered in the end when the server does not let the device in for a while, which it is told of meanwhile', async () => {
    const world = new World();
    const { alice, bob, entered, cut, isThere } = await visitor(world);
    world.server.faults.onCall = ({ method }) => (method === JOIN_GROUP ? 'ignore' : 'answer');
    cut();
    await world.clock.pass(20_000);
    expect([entered, isThere(), groupIDs(bob)]).toEqual([[false], false, ['show']]);
    world.server.faults.onCall = () => 'answer';
    await world.clock.pass(10_000);
    alice.sendToGroup('show', 'one');
    await world.clock.pass(500);
    expect([isThere(), bob.textsIn('show')]).toEqual([true, ['one']]);
  });

  it('is not entered again by who has left it or logged out meanwhile', async () => {
    const world = new World();
    const { bob, cut } = await visitor(world);
    const joins = () => world.server.calls.filter(({ method }) => method === 'joinGroup').length;
    world.server.faults.onCall = ({ method }) => (method === JOIN_GROUP ? 'ignore' : 'answer');
    cut();
    await world.clock.pass(10_000);
    const logout = bob.chat.logout();
    await world.clock.pass(500);
    await logout;
    const before = joins();
    await world.clock.pass(60_000);
    expect(joins()).toBe(before);
  });

  it('has a number of visitors, asked anew every five seconds', async () => {
    const world = new World();
    const { alice, bob } = await visitor(world);
    const countOf = async (device: Device) =>
      (await world.done(device.chat.getGroupOnlineMemberCount('show'))).memberCount;
    expect([await countOf(bob), await countOf(alice)]).toEqual([1, 1]);
    await world.done(alice.chat.joinGroup({ groupID: 'show' }));
    expect([await countOf(bob), await countOf(alice)]).toEqual([1, 2]);
    await world.clock.pass(5_000);
    expect(await countOf(bob)).toBe(2);
  });
});

describe('who is out of a live group', () => {
  it('learns it by a notice', async () => {
    const world = new World();
    const [alice, bob] = [await world.ready('alice'), await world.ready('bob')];
    const { group } = await world.done(
      alice.chat.createGroup({ name: 'show', type: TYPES.GRP_AVCHATROOM, groupID: 'show' }),
    );
    await world.done(bob.chat.joinGroup({ groupID: 'show' }));
    expect(groupIDs(bob)).toEqual(['show']);
    const live = world.server.groups.require(group.groupID).group;
    world.server.groups.voice.notify('bob', live, { ReportType: 22 });
    await world.clock.pass(500);
    expect(groupIDs(bob)).toEqual([]);
  });
});

describe('visitors of a live group', () => {
  it('are listed and marked [parity: sdk markGroupMemberList]', async () => {
    const world = new World();
    const [alice, bob] = [await world.ready('alice'), await world.ready('bob')];
    const groupID = 'show';
    await world.done(alice.chat.createGroup({ name: 'show', type: TYPES.GRP_AVCHATROOM, groupID }));
    for (const device of [alice, bob]) await world.done(device.chat.joinGroup({ groupID }));
    const list = async (filter?: number) => {
      const { memberList, offset } = await world.done(bob.chat.getGroupMemberList({ groupID, filter }));
      return [memberList.map(({ userID, role }) => `${userID} ${role}`), offset];
    };
    expect(await list()).toEqual([['bob Member', 'alice Owner'], 0]);
    const asked = { groupID, userIDList: ['bob', 'carol'], markType: 1_000, enableMark: true };
    expect(await world.done(alice.chat.markGroupMemberList(asked))).toEqual({
      successUserIDList: ['bob'],
      failureUserIDList: ['carol'],
    });
    expect(await list(1_000)).toEqual([['bob Member'], 0]);
    await world.done(alice.chat.markGroupMemberList({ ...asked, enableMark: false }));
    expect(await list(1_000)).toEqual([[], 0]);
    const wrong = [{ markType: 999 }, { userIDList: [] }, { enableMark: 'yes' }];
    for (const change of wrong) {
      const call = alice.chat.markGroupMemberList({ ...asked, ...change } as typeof asked);
      await expect(call).rejects.toMatchObject({ code: expect.any(Number) });
    }
  });
});

describe('what is said in all live groups', () => {
  it('is told in each that the device is in, once', async () => {
    const world = new World();
    const [alice, bob, carol] = [
      await world.ready('alice'),
      await world.ready('bob'),
      await world.ready('carol'),
    ];
    await world.done(alice.chat.createGroup({ name: 'show', type: TYPES.GRP_AVCHATROOM, groupID: 'show' }));
    await world.done(bob.chat.joinGroup({ groupID: 'show' }));
    const body = new TextEncoder().encode('[{"MsgType":"TIMTextElem","MsgContent":{"Text":"to all"}}]');
    const type = messagev1.ConversationType.GROUP;
    const said = { type, from: 'alice', to: LIVE_ROOMS_ID, clientMessageId: 'rest:7', body };
    const value = create(messagev1.MessageSchema, said);
    for (let times = 0; times < 2; times++) world.server.push(['bob', 'carol'], { case: 'message', value });
    await world.clock.pass(500);
    expect([bob.textsIn('show'), carol.received.length]).toEqual([['to all'], 0]);
    const [message] = bob.received;
    expect([message?.isBroadcastMessage, message?.conversationID, message?.to]).toEqual([
      true,
      'GROUPshow',
      'show',
    ]);
    expect(bob.chat.getTotalUnreadMessageCount()).toBe(0);
  });
});
