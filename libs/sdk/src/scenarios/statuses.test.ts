// Statuses: own ones, those of others, and what changes.
import { EVENT } from '../constants/event.js';
import { TYPES } from '../constants/types.js';
import type { UserStatus } from '../model/status-sdk.js';
import { type Device, World } from '../testing/world.js';

const changesTo = (device: Device, userID: string) =>
  device
    .told<UserStatus[]>(EVENT.USER_STATUS_UPDATED)
    .flat()
    .filter((status) => status.userID === userID);

describe('statuses', () => {
  it('are set and read [parity: sdk setSelfStatus, sdk getUserStatus]', async () => {
    const world = new World();
    const [alice, bob] = [await world.ready('alice'), await world.ready('bob')];
    expect(await world.done(alice.chat.setSelfStatus({ customStatus: 'away' }))).toEqual({
      ...{ userID: 'alice', statusType: TYPES.USER_STATUS_ONLINE },
      ...{ customStatus: 'away', onlineDevices: ['web'] },
    });
    const userIDList = ['alice', 'carol', 'nobody', 'alice'];
    expect(await world.done(bob.chat.getUserStatus({ userIDList }))).toEqual({
      successUserList: [
        expect.objectContaining({
          userID: 'alice',
          statusType: TYPES.USER_STATUS_ONLINE,
          customStatus: 'away',
        }),
        expect.objectContaining({
          userID: 'carol',
          statusType: TYPES.USER_STATUS_OFFLINE,
          onlineDevices: [],
        }),
      ],
      failureUserList: [{ userID: 'nobody', code: 70107, message: 'nobody' }],
    });
  });

  it('are told to who subscribed, each change once [parity: sdk subscribeUserStatus, sdk unsubscribeUserStatus, event USER_STATUS_UPDATED]', async () => {
    const world = new World();
    const alice = await world.ready('alice');
    const [bob, other] = [await world.ready('bob'), await world.ready('bob')];
    const { failureUserList } = await world.done(
      alice.chat.subscribeUserStatus({ userIDList: ['bob', 'nobody'] }),
    );
    expect(failureUserList.map(({ userID, code }) => [userID, code])).toEqual([['nobody', 70107]]);
    await world.done(bob.chat.setSelfStatus({ customStatus: 'one' }));
    world.server.presence.tell('bob', true);
    await world.clock.pass(100);
    for (const device of [alice, other]) {
      expect(changesTo(device, 'bob').map(({ customStatus }) => customStatus)).toEqual(['one']);
    }
    await Promise.all([bob.chat.logout(), other.chat.logout(), world.clock.pass(100)]);
    world.server.presence.tell('bob');
    await world.clock.pass(100);
    expect(changesTo(alice, 'bob').map(({ statusType }) => statusType)).toEqual([
      TYPES.USER_STATUS_ONLINE,
      TYPES.USER_STATUS_OFFLINE,
    ]);
    await world.done(alice.chat.unsubscribeUserStatus({ userIDList: undefined }));
    world.server.presence.tell('bob');
    await world.clock.pass(100);
    expect(changesTo(alice, 'bob')).toHaveLength(2);
  });

  it('are compared after a reconnect, and now and then: what was missed is told', async () => {
    const world = new World();
    const [alice, bob] = [await world.ready('alice'), await world.ready('bob')];
    await world.done(alice.chat.subscribeUserStatus({ userIDList: ['bob'] }));
    world.server.faults.onPush = () => 'drop';
    await world.done(bob.chat.setSelfStatus({ customStatus: 'one' }));
    expect(changesTo(alice, 'bob')).toEqual([]);
    world.server.connectionsOf('alice')[0]?.cut();
    await world.clock.pass(5_000);
    expect(changesTo(alice, 'bob').map(({ customStatus }) => customStatus)).toEqual(['one']);
    await world.done(bob.chat.setSelfStatus({ customStatus: 'two' }));
    await world.clock.pass(10 * 60_000);
    expect(changesTo(alice, 'bob').map(({ customStatus }) => customStatus)).toEqual(['one', 'two']);
    world.server.connectionsOf('alice')[0]?.resync();
    await world.clock.pass(1_000);
    expect(changesTo(alice, 'bob')).toHaveLength(2);
  });

  it('refuse what is malformed here, and all where they are switched off', async () => {
    const world = new World();
    const { chat } = await world.ready('alice');
    const refused = (call: Promise<{ data: unknown }>, code: number) =>
      expect(world.done(call)).rejects.toMatchObject({ code });
    const many = (count: number) => Array.from({ length: count }, (_, at) => `u${at}`);
    await refused(chat.getUserStatus({ userIDList: [] }), 6017);
    await refused(chat.getUserStatus({ userIDList: many(501) }), 6017);
    await refused(chat.subscribeUserStatus({ userIDList: many(101) }), 6017);
    await refused(chat.unsubscribeUserStatus({ userIDList: many(101) }), 6017);
    world.server.presence.isOn = false;
    await refused(chat.setSelfStatus({ customStatus: 'x' }), 72001);
    await refused(chat.subscribeUserStatus({ userIDList: ['bob'] }), 72001);
  });
});
