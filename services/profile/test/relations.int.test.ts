// Relations over RPC, on the embedded engines.
import { create, toBinary } from '@bufbuild/protobuf';
import { ErrorCode } from '@parley/kernel';
import { authv1, relationv1 } from '@parley/proto';
import { accountEventsTopic } from '@parley/runtime';
import { waitFor } from '@parley/testkit';
import { APP, admin, codeOf, ProfileWorld, service, text, user } from './support/profile-world.js';

const { Direction, Relation, Sides } = relationv1;
const ALLOW = 'Tag_Profile_IM_AllowType';
const FORBID = 'Tag_Profile_IM_AdminForbidType';

describe('relations', () => {
  let world: ProfileWorld;
  beforeAll(async () => {
    world = await ProfileWorld.start({ friendCustomFields: JSON.stringify({ '*': ['Rank', 'Team'] }) });
  });
  afterAll(() => world.close());

  const relations = () => world.test.client(relationv1.RelationService);
  const allow = (userId: string, value: string) =>
    world.profiles.updateProfile({ userId, items: [text(ALLOW, value)] }, admin);
  type Item = { userId: string; remark?: string; group?: string; addSource?: string; addWording?: string };
  const add = async (from: string, to: string | Item, sides = Sides.BOTH, isForced = false) => {
    const item = typeof to === 'string' ? { userId: to } : to;
    const { results } = await relations().addFriends({ userId: from, items: [item], sides, isForced }, admin);
    return results[0]?.code;
  };
  const block = async (from: string, to: string) =>
    (await relations().addToBlocklist({ userIds: [to] }, user(from))).results[0]?.code;
  const friends = async (userId: string) =>
    (await relations().listFriends({ userId }, admin)).friends.map((friend) => friend.userId);
  const asked = async (userId: string) =>
    (await relations().listApplications({ userId }, admin)).applications.map((each) => [
      each.userId,
      each.direction,
    ]);
  const facts = (from: string, to: string) => world.profiles.getSendFacts({ from, to }, service);

  it('are made at once where anybody may, on both sides or one', async () => {
    const item = {
      userId: 'ben',
      remark: 'B.',
      group: 'Work',
      addSource: 'AddSource_Type_Web',
      addWording: 'hi',
    };
    expect(await add('ann', item)).toBe(0);
    const { friends: own } = await relations().listFriends({ userId: 'ann' }, admin);
    expect(own).toMatchObject([
      { userId: 'ben', remark: 'B.', groups: ['Work'], addSource: 'AddSource_Type_Web', addWording: 'hi' },
    ]);
    const { friends: other } = await relations().listFriends({ userId: 'ben' }, admin);
    expect(other).toMatchObject([{ userId: 'ann', remark: '', groups: [], addWording: 'hi' }]);
    expect(await add('ann', 'ben')).toBe(0);
    expect(await add('ann', 'cid', Sides.SINGLE)).toBe(0);
    expect(await friends('cid')).toEqual([]);
    const { results } = await relations().checkFriends(
      { userId: 'ann', userIds: ['ben', 'cid', 'dora', 'nobody'], sides: Sides.BOTH },
      admin,
    );
    expect(results.map(({ relation, code }) => [relation, code])).toEqual([
      [Relation.BOTH, 0],
      [Relation.A_WITH_B, 0],
      [Relation.NONE, 0],
      [Relation.NONE, ErrorCode.SNS_ACCOUNT_NOT_FOUND],
    ]);
    expect(await facts('cid', 'ann')).toMatchObject({ senderHasReceiver: false, receiverHasSender: true });
  });

  it('wait for an answer where the other one wants to be asked', async () => {
    await allow('eve', 'AllowType_Type_NeedConfirm');
    expect(await add('fay', { userId: 'eve', remark: 'my Eve', addWording: 'please' })).toBe(30539);
    expect(await asked('eve')).toEqual([['fay', Direction.RECEIVED]]);
    expect(await asked('fay')).toEqual([['eve', Direction.SENT]]);
    const { unreadCount } = await relations().listApplications({}, user('eve'));
    expect(unreadCount).toBe(1);
    await relations().markApplicationsRead({}, user('eve'));
    expect((await relations().listApplications({}, user('eve'))).unreadCount).toBe(0);
    await relations().acceptApplication({ from: 'fay', addsBack: false }, user('eve'));
    expect(await friends('eve')).toEqual([]);
    const { friends: own } = await relations().listFriends({}, user('fay'));
    expect(own).toMatchObject([{ userId: 'eve', remark: 'my Eve', addWording: 'please' }]);
    expect(await asked('eve')).toEqual([]);
    const again = relations().acceptApplication({ from: 'fay' }, user('eve'));
    expect(await codeOf(again)).toBe(ErrorCode.SNS_APPLICATION_NOT_FOUND);
  });

  it('are agreed on when both ask, refused, and withdrawn', async () => {
    await allow('gil', 'AllowType_Type_NeedConfirm');
    await allow('hal', 'AllowType_Type_NeedConfirm');
    expect(await add('gil', 'hal')).toBe(30539);
    expect(await add('hal', 'gil')).toBe(0);
    expect([await friends('gil'), await friends('hal'), await asked('gil')]).toEqual([['hal'], ['gil'], []]);
    await allow('ida', 'AllowType_Type_NeedConfirm');
    await add('gil', 'ida');
    await relations().refuseApplication({ from: 'gil' }, user('ida'));
    expect(await asked('gil')).toEqual([]);
    await add('gil', 'ida');
    const withdraw = () =>
      relations().deleteApplications({ userIds: ['ida'], direction: Direction.SENT }, user('gil'));
    expect((await withdraw()).results[0]?.code).toBe(0);
    expect((await withdraw()).results[0]?.code).toBe(31804);
    expect(await asked('ida')).toEqual([]);
  });

  it('are refused as the profiles of both say, unless an admin forces them', async () => {
    await allow('jon', 'AllowType_Type_DenyAny');
    expect(await add('kim', 'jon')).toBe(30516);
    await world.profiles.updateProfile(
      { userId: 'kim', items: [text(FORBID, 'AdminForbid_Type_SendOut')] },
      admin,
    );
    expect(await add('kim', 'lou')).toBe(30009);
    expect(await add('kim', 'jon', Sides.BOTH, true)).toBe(0);
    const forced = relations().addFriends({ items: [{ userId: 'lou' }], isForced: true }, user('kim'));
    expect(await codeOf(forced)).toBe(ErrorCode.SNS_ADMIN_REQUIRED);
  });

  it('end on one side or both, or all at once', async () => {
    for (const peer of ['p1', 'p2', 'p3']) await add('mia', peer);
    const end = async (userId: string, sides: relationv1.Sides) =>
      (await relations().deleteFriends({ userIds: [userId], sides }, user('mia'))).results[0]?.code;
    expect(await end('p1', Sides.SINGLE)).toBe(0);
    expect(await friends('p1')).toEqual(['mia']);
    expect(await end('p2', Sides.BOTH)).toBe(0);
    expect(await friends('p2')).toEqual([]);
    expect(await end('p2', Sides.BOTH)).toBe(31704);
    await relations().deleteAllFriends({ sides: Sides.BOTH }, user('mia'));
    expect([await friends('mia'), await friends('p3')]).toEqual([[], []]);
  });

  it('do not live beside a blocklist, which keeps messages off', async () => {
    await add('ned', 'oli');
    expect(await block('oli', 'ned')).toBe(0);
    expect(await block('oli', 'ned')).toBe(ErrorCode.SNS_BAD_PARAMETER);
    expect([await friends('ned'), await friends('oli')]).toEqual([[], []]);
    expect([await add('ned', 'oli'), await add('oli', 'ned')]).toEqual([30525, 30515]);
    expect((await facts('ned', 'oli')).blocked).toBe(true);
    expect((await facts('oli', 'ned')).blocked).toBe(false);
    const { results } = await relations().checkBlocklist(
      { userId: 'ned', userIds: ['oli'], sides: Sides.BOTH },
      admin,
    );
    expect(results[0]?.relation).toBe(Relation.B_WITH_A);
    const { blocked } = await relations().listBlocklist({}, user('oli'));
    expect(blocked.map((each) => each.userId)).toEqual(['ned']);
    await relations().removeFromBlocklist({ userIds: ['ned'] }, user('oli'));
    expect(await add('ned', 'oli')).toBe(0);
  });

  it('a repetition of what was done succeeds; of what never was, it is refused', async () => {
    const again = (userId: string) => ({ ...user(userId), attempt: 1 });
    await allow('rex', 'AllowType_Type_NeedConfirm');
    expect(await add('rob', 'rex')).toBe(30539);
    const accept = { from: 'rob', addsBack: true };
    await relations().acceptApplication(accept, user('rex'));
    await relations().acceptApplication(accept, again('rex'));
    expect(await codeOf(relations().acceptApplication(accept, user('rex')))).toBe(30614);
    expect(await codeOf(relations().acceptApplication({ from: 'sam' }, again('rex')))).toBe(30614);
    await relations().refuseApplication({ from: 'sam' }, again('rex'));
    const remove = { userIds: ['rex'] };
    const deleted = async (as: ReturnType<typeof user>) =>
      (await relations().deleteFriends(remove, as)).results[0]?.code;
    expect([await deleted(user('rob')), await deleted(again('rob')), await deleted(user('rob'))]).toEqual([
      0, 0, 31704,
    ]);
    const blocked = async (as: ReturnType<typeof user>) =>
      (await relations().addToBlocklist(remove, as)).results[0]?.code;
    expect([await blocked(user('rob')), await blocked(again('rob')), await blocked(user('rob'))]).toEqual([
      0, 0, 30001,
    ]);
    const withdraw = { userIds: ['rex'], direction: Direction.SENT };
    const withdrawn = async (as: ReturnType<typeof user>) =>
      (await relations().deleteApplications(withdraw, as)).results[0]?.code;
    expect([await withdrawn(again('rob')), await withdrawn(user('rob'))]).toEqual([0, 31804]);
  });

  it('have remarks, groups and declared fields, and versions say what changed', async () => {
    await add('pia', 'quin');
    const before = (await relations().getListVersions({}, user('pia'))).versions;
    await relations().updateFriends(
      {
        items: [
          {
            userId: 'quin',
            remark: 'Q',
            groups: { names: ['A', 'B'] },
            custom: [text('Tag_SNS_Custom_Rank', '1')],
          },
        ],
      },
      user('pia'),
    );
    const after = (await relations().getListVersions({}, user('pia'))).versions;
    expect(after!.friends).toBeGreaterThan(before!.friends);
    expect(after!.custom).toBeGreaterThan(before!.custom);
    const undeclared = { items: [{ userId: 'quin', custom: [text('Tag_SNS_Custom_No', '1')] }] };
    expect(await codeOf(relations().updateFriends(undeclared, user('pia')))).toBe(30001);
    const known = { friendsVersion: after!.friends, customVersion: after!.custom };
    expect((await relations().listFriends(known, user('pia'))).friends).toEqual([]);
    await relations().renameFriendGroup({ oldName: 'A', newName: 'Z' }, user('pia'));
    await relations().deleteFriendGroups({ names: ['B'] }, user('pia'));
    const { friends: own } = await relations().listFriends({}, user('pia'));
    expect(own).toMatchObject([{ remark: 'Q', groups: ['Z'], custom: [{ tag: 'Tag_SNS_Custom_Rank' }] }]);
    // A new group of an old name begins empty.
    await relations().createFriendGroups({ names: ['B'] }, user('pia'));
    const { groups } = await relations().listFriendGroups({ withFriends: true }, user('pia'));
    expect(groups.map(({ name, userIds }) => [name, userIds])).toEqual([
      ['Z', ['quin']],
      ['B', []],
    ]);
    const { results } = await relations().createFriendGroups(
      { names: ['C'], userIds: ['quin', 'rex'] },
      user('pia'),
    );
    expect(results.map(({ code }) => code)).toEqual([0, 32216]);
    const names = Array.from({ length: 30 }, (_, at) => `g${at}`);
    expect(await codeOf(relations().createFriendGroups({ names }, user('pia')))).toBe(30011);
  });

  it('are told to the devices of whom they concern', async () => {
    const one = await world.gateway.connect(APP, 'sam');
    const other = await world.gateway.connect(APP, 'tom');
    await add('sam', 'tom');
    const events = (connectionId: string): relationv1.RelationEvent[] =>
      world.gateway.pushes.flatMap(({ connectionId: to, push: { event } }) =>
        to === connectionId && event.case === 'relation' ? [event.value] : [],
      );
    await waitFor(() => events(one.connectionId).length > 0 && events(other.connectionId).length > 0);
    expect(events(one.connectionId)[0]?.friendsSet.map(({ userId }) => userId)).toEqual(['tom']);
    expect(events(other.connectionId)[0]?.friendsSet.map(({ userId }) => userId)).toEqual(['sam']);
    await block('tom', 'sam');
    await waitFor(() =>
      events(one.connectionId).some(({ friendsRemoved }) => friendsRemoved.includes('tom')),
    );
    await waitFor(() => events(other.connectionId).some(({ blockedAdded }) => blockedAdded.length === 1));
    expect(events(one.connectionId).some(({ blockedAdded }) => blockedAdded.length > 0)).toBe(false);
  });

  it('have numbers of their own, however many are made at once', async () => {
    const { connectionId } = await world.gateway.connect(APP, 'odo');
    const items = Array.from({ length: 20 }, (_, at) => ({ userId: `of-odo-${at}` }));
    await relations().addFriends({ items }, user('odo'));
    const told = () =>
      world.gateway.pushes.flatMap(({ connectionId: to, push: { event } }) =>
        to === connectionId && event.case === 'relation' ? [Number(event.value.versions?.friends)] : [],
      );
    await waitFor(() => told().length >= items.length);
    expect(told().sort((a, b) => a - b)).toEqual(items.map((_, at) => at + 1));
    const { versions } = await relations().getListVersions({}, user('odo'));
    expect(versions?.friends).toBe(20n);
  });

  it('carry news of a profile to whoever has its user as a friend', async () => {
    const { connectionId } = await world.gateway.connect(APP, 'uma');
    await add('uma', 'vic', Sides.SINGLE);
    await world.profiles.updateProfile({ userId: 'vic', items: [text('Tag_Profile_IM_Nick', 'V')] }, admin);
    await waitFor(() => world.eventsTo(connectionId).some(({ profile }) => profile?.userId === 'vic'));
  });

  it('end with the account of either side, whoever knew it', async () => {
    await add('wim', 'xan');
    await add('yin', 'xan', Sides.SINGLE);
    await block('zed', 'xan');
    world.clock.advance(1);
    const deleted = create(authv1.AccountEventSchema, {
      ...{ appId: APP, userId: 'xan', timeMs: BigInt(world.clock.now()), life: 1 },
      event: { case: 'deleted', value: {} },
    });
    const record = toBinary(authv1.AccountEventSchema, deleted);
    await world.test.platform.log.append(accountEventsTopic, `${APP}/xan`, record);
    await world.test.platform.log.append(accountEventsTopic, `${APP}/xan`, record);
    await waitFor(async () => (await friends('wim')).length === 0 && (await friends('yin')).length === 0);
    await waitFor(async () => (await relations().listBlocklist({}, user('zed'))).blocked.length === 0);
    // The next life begins anew.
    world.clock.advance(1);
    expect(await add('wim', 'xan')).toBe(0);
    await world.test.platform.log.append(accountEventsTopic, `${APP}/xan`, record);
    expect(await friends('wim')).toEqual(['xan']);
  });

  it('show fields of profiles with named friends', async () => {
    const { results } = await relations().getFriends(
      { userId: 'uma', userIds: ['vic', 'wim'], profileTags: ['Tag_Profile_IM_Nick'] },
      admin,
    );
    expect(results[0]?.friend?.profile).toMatchObject([{ tag: 'Tag_Profile_IM_Nick' }]);
    expect(results[1]?.code).toBe(30001);
  });
});
