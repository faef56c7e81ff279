// Presence over RPC, on the embedded engines: sessions come and go as gateways register them.
import { fromBinary } from '@bufbuild/protobuf';
import { SessionChanges } from '@parley/delivery';
import { ErrorCode, type NodeId, type UserId } from '@parley/kernel';
import { presencev1, relationv1 } from '@parley/proto';
import { Platform } from '@parley/rpc';
import { type FakeConnection, waitFor } from '@parley/testkit';
import { decideTelling } from '../src/presence/domain/told-state.js';
import { PresenceStore } from '../src/presence/stores/presence-store.js';
import { presenceChangesTopic } from '../src/presence/topics.js';
import { APP, admin, codeOf, ProfileWorld, user } from './support/profile-world.js';

const { ChangeReason, StatusType } = presencev1;
const OTHER_NODE = 'other-node' as NodeId;
const LEASE_MS = 30_000;

describe('presence', () => {
  let world: ProfileWorld;
  const records: presencev1.PresenceChange[] = [];

  beforeAll(async () => {
    world = await ProfileWorld.start({ friendStatusApps: '*' });
    await world.test.platform.log.subscribe({
      topic: presenceChangesTopic,
      group: 'audit',
      handler: async (batch) => {
        for (const { value } of batch.records)
          records.push(fromBinary(presencev1.PresenceChangeSchema, value));
      },
    });
  });

  afterAll(() => world.close());

  const presence = () => world.test.client(presencev1.PresenceService);
  const connect = (userId: string, platform = Platform.WEB) =>
    world.gateway.connect(APP, userId, { platform });
  const statusOf = async (userId: string) => {
    const { results } = await presence().getUserStatuses({ userIds: [userId] }, user('reader'));
    return results[0]?.status;
  };
  const reasonsOf = (userId: string) =>
    records.filter(({ status }) => status?.userId === userId).map(({ reason }) => reason);
  const told = (userId: string, ...reasons: presencev1.ChangeReason[]) =>
    waitFor(() => reasonsOf(userId).length >= reasons.length).then(() =>
      expect(reasonsOf(userId)).toEqual(reasons),
    );
  const leave = async ({ userId, connectionId }: FakeConnection, isLogout = false) => {
    world.gateway.lose(connectionId);
    await world.test.platform.sessions.unregister(APP, userId, { connectionId, isLogout });
  };
  const statusesTo = ({ connectionId }: FakeConnection, of: string) =>
    world.gateway.pushes.flatMap(({ connectionId: to, push: { event } }) =>
      to === connectionId && event.case === 'presence'
        ? event.value.statuses.filter(({ userId }) => userId === of)
        : [],
    );

  it('says who is online, with what, and who never came', async () => {
    expect(await statusOf('nobody-1')).toMatchObject({ type: StatusType.UNSPECIFIED });
    expect(await statusOf('ann')).toMatchObject({ type: StatusType.UNLOGGED_IN, onlinePlatforms: [] });
    const web = await connect('ann');
    await connect('ann', Platform.IPHONE);
    expect(await statusOf('ann')).toMatchObject({
      type: StatusType.ONLINE,
      onlinePlatforms: [Platform.WEB, Platform.IPHONE],
    });
    await leave(web);
    expect(await statusOf('ann')).toMatchObject({ onlinePlatforms: [Platform.IPHONE] });
  });

  it('writes one record of each change with its reason', async () => {
    const first = await connect('bob', Platform.ANDROID);
    await told('bob', ChangeReason.LOGIN);
    expect(records.find(({ status }) => status?.userId === 'bob')).toMatchObject({
      ...{ appId: APP, platform: Platform.ANDROID },
      status: { type: StatusType.ONLINE, onlinePlatforms: [Platform.ANDROID] },
    });
    await leave(first);
    await told('bob', ChangeReason.LOGIN, ChangeReason.DISCONNECT);
    expect(await statusOf('bob')).toMatchObject({ type: StatusType.OFFLINE });
    const second = await connect('bob');
    await told('bob', ChangeReason.LOGIN, ChangeReason.DISCONNECT, ChangeReason.LOGIN);
    await leave(second, true);
    await told(
      'bob',
      ...[ChangeReason.LOGIN, ChangeReason.DISCONNECT, ChangeReason.LOGIN, ChangeReason.LOGOUT],
    );
    expect(await statusOf('bob')).toMatchObject({ type: StatusType.UNLOGGED_IN });
  });

  it('tells who subscribed, and nobody else; who comes back at once never left', async () => {
    const watcher = await connect('watcher');
    const stranger = await connect('stranger');
    expect(
      await presence().subscribeStatuses({ userIds: ['cat', 'nobody-2', 'watcher'] }, user('watcher')),
    ).toEqual(
      expect.objectContaining({
        failed: [
          expect.objectContaining({ code: ErrorCode.ACCOUNT_NOT_FOUND }),
          expect.objectContaining({ code: ErrorCode.ACCOUNT_BAD_PARAMETER }),
        ],
      }),
    );
    let cat = await connect('cat');
    await waitFor(() => statusesTo(watcher, 'cat').length > 0);
    for (let at = 0; at < 5; at++) {
      await leave(cat);
      cat = await connect('cat');
    }
    // What changed afterwards is told afterwards.
    const phone = await connect('cat', Platform.IPAD);
    await waitFor(() => statusesTo(watcher, 'cat').length > 1);
    expect(statusesTo(watcher, 'cat').map(({ type, onlinePlatforms }) => [type, onlinePlatforms])).toEqual([
      [StatusType.ONLINE, [Platform.WEB]],
      [StatusType.ONLINE, [Platform.WEB, Platform.IPAD]],
    ]);
    expect(reasonsOf('cat')).toEqual([ChangeReason.LOGIN]);
    await presence().unsubscribeStatuses({ userIds: [] }, user('watcher'));
    await leave(cat);
    await leave(phone);
    await told('cat', ChangeReason.LOGIN, ChangeReason.DISCONNECT);
    expect(statusesTo(watcher, 'cat')).toHaveLength(2);
    expect(statusesTo(stranger, 'cat')).toEqual([]);
  });

  it('keeps what a user says of itself until it is offline, and tells its other devices', async () => {
    const [here, there] = [await connect('dan'), await connect('dan', Platform.MAC)];
    const caller = { ...user('dan'), connectionId: here.connectionId };
    const { status } = await presence().setSelfStatus({ customStatus: 'at lunch' }, caller);
    expect(status).toMatchObject({ type: StatusType.ONLINE, customStatus: 'at lunch' });
    await waitFor(() => statusesTo(there, 'dan').some(({ customStatus }) => customStatus === 'at lunch'));
    expect(statusesTo(here, 'dan')).toEqual([]);
    expect(await statusOf('dan')).toMatchObject({ customStatus: 'at lunch' });
    await leave(here);
    await leave(there, true);
    await told('dan', ChangeReason.LOGIN, ChangeReason.LOGOUT);
    await connect('dan');
    expect(await statusOf('dan')).toMatchObject({ type: StatusType.ONLINE, customStatus: '' });
    expect(await codeOf(presence().setSelfStatus({ customStatus: 'é'.repeat(26) }, caller))).toBe(70402);
  });

  it('tells friends where the app wants it', async () => {
    const relations = world.test.client(relationv1.RelationService);
    const items = [{ userId: 'fay', addSource: 'AddSource_Type_Web' }];
    const sides = relationv1.Sides.BOTH;
    await relations.addFriends({ userId: 'eve', items, sides, isForced: true }, admin);
    const eve = await connect('eve');
    await connect('fay');
    await waitFor(() => statusesTo(eve, 'fay').length > 0);
  });

  it('notices whose gateway died, once', async () => {
    const { sessions } = world.test.platform;
    await sessions.renewLease(OTHER_NODE, LEASE_MS);
    const names = Array.from({ length: 30 }, (_, at) => `lost-${at}`);
    for (const name of names) {
      await sessions.register(APP, name as UserId, {
        connectionId: `connection-of-${name}` as FakeConnection['connectionId'],
        ...{ nodeId: OTHER_NODE, platform: Platform.WEB, instanceId: name, sinceMs: 1 },
      });
    }
    await waitFor(() => names.every((name) => reasonsOf(name).length === 1));
    await sessions.dropLease(OTHER_NODE);
    await waitFor(() => names.every((name) => reasonsOf(name).length === 2));
    for (const name of names) expect(reasonsOf(name)).toEqual([ChangeReason.LOGIN, ChangeReason.DISCONNECT]);
  });

  it('goes on where a teller died: what it had taken, and what it had decided but not told', async () => {
    const { coordination, sessions } = world.test.platform;
    const store = new PresenceStore(coordination);
    const platforms = [Platform.WEB];
    const seen = { platforms, customText: '' };
    const told = decideTelling(undefined, seen, {
      noticed: { came: Platform.WEB },
      nowMs: world.clock.now(),
    });
    if (told === undefined) throw new Error('a login is told');
    await store.tell(APP, 'zoe' as UserId, { expected: undefined, told });
    const changes = new SessionChanges(coordination);
    // Registered, but the only notice is in the hands of the dead one.
    const { connectionId } = await connect('zoe');
    await changes.take((await changes.waiting()).filter(({ userId }) => userId === 'zoe'));
    expect(reasonsOf('zoe')).toEqual([]);
    await coordination.set('presence-teller', 'another process', 1_000);
    world.clock.advance(2_000);
    await waitFor(() => reasonsOf('zoe').length > 0);
    expect(records.find(({ status }) => status?.userId === 'zoe')?.status?.changeSeq).toBe(BigInt(told.seq));
    await sessions.unregister(APP, 'zoe' as UserId, { connectionId });
    await waitFor(() => reasonsOf('zoe').length > 1);
    expect(reasonsOf('zoe')).toEqual([ChangeReason.LOGIN, ChangeReason.DISCONNECT]);
  });

  it('ends the oldest of more than 200 subscriptions', async () => {
    const fan = user('fan');
    for (let at = 0; at < 3; at++) {
      const userIds = Array.from({ length: 100 }, (_, of) => `star-${at}-${of}`);
      await presence().subscribeStatuses({ userIds }, fan);
      world.clock.advance(1_000);
    }
    const device = await connect('fan');
    await connect('star-0-7');
    await connect('star-1-7');
    await connect('star-2-7');
    await waitFor(() => statusesTo(device, 'star-2-7').length > 0);
    await waitFor(() => statusesTo(device, 'star-1-7').length > 0);
    await told('star-0-7', ChangeReason.LOGIN);
    expect(statusesTo(device, 'star-0-7')).toEqual([]);
  });

  it('refuses too many users, and none', async () => {
    const many = (count: number) => Array.from({ length: count }, (_, at) => `u${at}`);
    const codes = await Promise.all([
      codeOf(presence().getUserStatuses({ userIds: [] }, admin)),
      codeOf(presence().getUserStatuses({ userIds: many(501) }, admin)),
      codeOf(presence().subscribeStatuses({ userIds: many(101) }, user('fan'))),
      codeOf(presence().subscribeStatuses({ userIds: [] }, user('fan'))),
      codeOf(presence().unsubscribeStatuses({ userIds: many(101) }, user('fan'))),
    ]);
    expect(codes).toEqual(codes.map(() => ErrorCode.ACCOUNT_BAD_PARAMETER));
    const { results } = await presence().getUserStatuses({ userIds: many(500) }, admin);
    expect(results).toHaveLength(500);
  });
});

it('presence that is switched off refuses every call with 72001', async () => {
  const world = await ProfileWorld.start({ statusApps: '' });
  const presence = world.test.client(presencev1.PresenceService);
  const codes = await Promise.all([
    codeOf(presence.setSelfStatus({ customStatus: 'x' }, user('ann'))),
    codeOf(presence.getUserStatuses({ userIds: ['ann'] }, user('ann'))),
    codeOf(presence.subscribeStatuses({ userIds: ['bob'] }, user('ann'))),
    codeOf(presence.unsubscribeStatuses({ userIds: [] }, user('ann'))),
  ]);
  expect(codes).toEqual([72001, 72001, 72001, 72001]);
  await world.close();
});
