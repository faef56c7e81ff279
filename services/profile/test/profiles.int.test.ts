// Profiles over RPC, on the embedded engines.
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { ErrorCode } from '@parley/kernel';
import { authv1, profilev1 } from '@parley/proto';
import { accountEventsTopic } from '@parley/runtime';
import { waitFor } from '@parley/testkit';
import { profiles as profilesTable } from '../src/profiles/tables.js';
import { profileChangesTopic } from '../src/profiles/topics.js';
import { APP, admin, codeOf, number, ProfileWorld, service, text, user } from './support/profile-world.js';

const NICK = 'Tag_Profile_IM_Nick';
const LEVEL = 'Tag_Profile_IM_Level';
const FORBID = 'Tag_Profile_IM_AdminForbidType';

const CUSTOM = JSON.stringify({
  '*': [
    { key: 'Score', read: ['Admin'], write: ['Admin'] },
    { key: 'Motto' },
    { key: 'Sealed', read: [], write: ['App'] },
  ],
});

describe('profiles', () => {
  let world: ProfileWorld;
  const changes: profilev1.ProfileChange[] = [];

  beforeAll(async () => {
    world = await ProfileWorld.start({ customFields: CUSTOM });
    await world.test.platform.log.subscribe({
      topic: profileChangesTopic,
      group: 'audit',
      handler: async ({ records }) => {
        for (const { value } of records) changes.push(fromBinary(profilev1.ProfileChangeSchema, value));
      },
    });
  });

  afterAll(() => world.close());

  const set = (userId: string, ...items: ReturnType<typeof text | typeof number>[]) =>
    world.profiles.updateProfile({ userId, items }, admin);
  const changesOf = (userId: string) => changes.filter((change) => change.userId === userId);

  it('are empty at first, and an unknown account fails alone', async () => {
    const { results } = await world.profiles.getProfiles({ userIds: ['alice', 'nobody'] }, admin);
    expect(results.map(({ profile, code }) => [profile?.userId, profile?.items, code])).toEqual([
      ['alice', [], 0],
      ['nobody', [], ErrorCode.PROFILE_ACCOUNT_NOT_FOUND],
    ]);
    const own = await world.profiles.getProfiles({}, user('alice'));
    expect(own.results[0]?.profile?.userId).toBe('alice');
    const many = (count: number) => Array.from({ length: count }, (_, at) => `user${at}`);
    expect(await codeOf(world.profiles.getProfiles({ userIds: many(100) }, admin))).toBe(0);
    expect(await codeOf(world.profiles.getProfiles({ userIds: many(101) }, admin))).toBe(40001);
    expect(await codeOf(world.profiles.getProfiles({ userIds: [] }, admin))).toBe(40002);
  });

  it('keep what is set, field by field, and each change is told once', async () => {
    const { connectionId } = await world.gateway.connect(APP, 'bert');
    await set('bert', text(NICK, 'Bert'), number(LEVEL, 7));
    await world.profiles.updateProfile({ items: [text(NICK, 'B.')] }, user('bert'));
    expect(await world.stored('bert')).toEqual({ [LEVEL]: 7, [NICK]: 'B.' });
    const again = await world.profiles.updateProfile({ items: [text(NICK, 'B.')] }, user('bert'));
    expect(again.profile?.changeSeq).toBe(2n);
    await waitFor(() => changesOf('bert').length === 2);
    expect(
      changesOf('bert').map(({ changeSeq, operator, items }) => [changeSeq, operator, items.length]),
    ).toEqual([
      [1n, 'administrator', 2],
      [2n, 'bert', 1],
    ]);
    await waitFor(() => world.eventsTo(connectionId).at(-1)?.profile?.changeSeq === 2n);
    const last = world.eventsTo(connectionId).at(-1)?.profile;
    expect(last?.items.map(({ tag, value }) => [tag, value.value])).toEqual([
      [LEVEL, 7],
      [NICK, 'B.'],
    ]);
  });

  it.each([
    ['a number of 32 bits', number('Tag_Profile_IM_BirthDay', 0xffff_ffff), 0],
    ['a text of 500 bytes', text(NICK, 'ü'.repeat(250)), 0],
    ['a location of 16 bytes', text('Tag_Profile_IM_Location', 'x'.repeat(16)), 0],
    ['a declared field', text('Tag_Profile_Custom_Motto', 'm'.repeat(500)), 0],
    ['a declared field with a number', number('Tag_Profile_Custom_Score', 1), 0],
    ['a text of 501 bytes', text(NICK, 'x'.repeat(501)), 40601],
    ['a declared field of 501 bytes', text('Tag_Profile_Custom_Motto', 'm'.repeat(501)), 40601],
    ['a location of 17 bytes', text('Tag_Profile_IM_Location', 'x'.repeat(17)), 40605],
    ['a gender that is none', text('Tag_Profile_IM_Gender', 'Gender_Type_X'), 40605],
    ['a way to be added that is none', text('Tag_Profile_IM_AllowType', ''), 40605],
    ['a number for a text', number(NICK, 1), 40610],
    ['a text for a number', text(LEVEL, '7'), 40610],
    ['a field that nobody declared', text('Tag_Profile_Custom_Other', 'x'), 40009],
    ['a field that only clients write', text('Tag_Profile_Custom_Sealed', 'x'), 40008],
  ])('take or refuse %s', async (_what, item, code) => {
    expect(await codeOf(set('carl', item))).toBe(code);
  });

  it('refuse everything with one bad field, no field, and a field named twice', async () => {
    expect(await codeOf(set('dora', text(NICK, 'D'), number('Tag_Profile_IM_Nope', 1)))).toBe(40009);
    expect(await codeOf(set('dora'))).toBe(40001);
    expect(await codeOf(set('dora', text(NICK, 'D'), text(NICK, 'E')))).toBe(40001);
    expect(await codeOf(set('nobody1', text(NICK, 'D')))).toBe(40003);
    expect(await world.stored('dora')).toEqual({});
  });

  it('heed who may read and write what', async () => {
    const own = user('emil');
    const write = (...items: ReturnType<typeof text>[]) =>
      codeOf(world.profiles.updateProfile({ items }, own));
    expect(await write(text(FORBID, 'AdminForbid_Type_SendOut'))).toBe(40008);
    expect(await write(text('Tag_Profile_Custom_Score', '1'))).toBe(40008);
    expect(await write(text('Tag_Profile_Custom_Motto', 'm'), text('Tag_Profile_Custom_Sealed', 's'))).toBe(
      0,
    );
    await set('emil', text('Tag_Profile_Custom_Score', '9'), text(FORBID, 'AdminForbid_Type_SendOut'));
    const read = async (context: typeof admin, tags: string[] = []) => {
      const { results } = await world.profiles.getProfiles({ userIds: ['emil'], tags }, context);
      return results[0]?.profile?.items.map(({ tag }) => tag.replace(/^Tag_Profile_(Custom|IM)_/, ''));
    };
    expect(await read(own)).toEqual(['Motto', 'AdminForbidType']);
    expect(await read(admin)).toEqual(['Motto', 'Score', 'AdminForbidType']);
    expect(await read(admin, ['Tag_Profile_Custom_Score'])).toEqual(['Score']);
    const asked = (tag: string, context: typeof admin) =>
      codeOf(world.profiles.getProfiles({ userIds: ['emil'], tags: [tag] }, context));
    expect(await asked('Tag_Profile_Custom_Score', own)).toBe(40007);
    expect(await asked('Tag_Profile_Custom_Sealed', admin)).toBe(40007);
    expect(await asked('Tag_Profile_Custom_Other', admin)).toBe(40009);
    expect(
      await codeOf(world.profiles.updateProfile({ userId: 'bert', items: [text(NICK, 'x')] }, own)),
    ).toBe(60004);
  });

  it('tell a change that a dead process only put into the row', async () => {
    await set('fred', text(NICK, 'F'));
    await waitFor(() => changesOf('fred').length === 1);
    const { tables } = world.test.platform;
    const key = { app_id: APP, user_id: 'fred' };
    const row = await tables.get(profilesTable, key);
    if (row === undefined) throw new Error('no row');
    const lost = create(profilev1.ProfileChangeSchema, { appId: APP, userId: 'fred', changeSeq: 2n });
    const change = toBinary(profilev1.ProfileChangeSchema, lost);
    await tables.compareAndSet(profilesTable, key, row, { ...row, change_seq: 2n, change });
    await world.stored('fred');
    await waitFor(() => changesOf('fred').length === 2);
    expect((await tables.get(profilesTable, key))?.change).toHaveLength(0);
    // The same, found by the next change instead of a reader.
    const told = await tables.get(profilesTable, key);
    await tables.compareAndSet(profilesTable, key, told, { ...row, change_seq: 2n, change });
    await set('fred', text(NICK, 'G'));
    await waitFor(() => changesOf('fred').some(({ changeSeq }) => changeSeq === 3n));
    expect(changesOf('fred').map(({ changeSeq }) => changeSeq)).toEqual([1n, 2n, 2n, 3n]);
  });

  it('of concurrent writers keep every field', async () => {
    const tags = ['Tag_Profile_IM_Level', 'Tag_Profile_IM_Role', 'Tag_Profile_IM_Language'];
    await Promise.all(tags.map((tag, at) => set('gina', number(tag, at + 1))));
    expect(Object.values(await world.stored('gina')).sort()).toEqual([1, 2, 3]);
  });

  it('go with their account, except what a later life has set', async () => {
    const { connectionId } = await world.gateway.connect(APP, 'hans');
    await set('hans', text(NICK, 'H'));
    await world.profiles.setSpeakMutes({ userId: 'hans', c2cSeconds: 60 }, admin);
    const deletedAtMs = world.clock.now();
    world.clock.advance(1_000);
    await set('hans', number(LEVEL, 1));
    const record = create(authv1.AccountEventSchema, {
      ...{ appId: APP, userId: 'hans', timeMs: BigInt(deletedAtMs), life: 1 },
      event: { case: 'deleted', value: { operator: '' } },
    });
    const append = () =>
      world.test.platform.log.append(
        accountEventsTopic,
        `${APP}/hans`,
        toBinary(authv1.AccountEventSchema, record),
      );
    await append();
    await waitFor(async () => Object.keys(await world.stored('hans')).length === 1);
    expect(await world.stored('hans')).toEqual({ [LEVEL]: 1 });
    await append();
    await waitFor(() => world.eventsTo(connectionId).at(-1)?.profile?.items.length === 1);
    await waitFor(
      async () => (await world.profiles.getSendFacts({ from: 'hans' }, service)).c2cMutedUntilS === 0,
    );
    // A reader that came meanwhile may have told the removal once more.
    expect([...new Set(changesOf('hans').map(({ changeSeq }) => changeSeq))]).toEqual([1n, 2n, 3n]);
  });
});

describe('mutes of accounts', () => {
  let world: ProfileWorld;

  beforeAll(async () => {
    world = await ProfileWorld.start({ friendsOnlyApps: String(APP) });
  });

  afterAll(() => world.close());

  it('last as long as they are set for, each kind by itself', async () => {
    const { profiles, clock } = world;
    const left = () => profiles.getSpeakMutes({ userId: 'alice' }, admin);
    expect(await left()).toMatchObject({ c2cSeconds: 0, groupSeconds: 0 });
    await profiles.setSpeakMutes({ userId: 'alice', c2cSeconds: 100 }, admin);
    await profiles.setSpeakMutes({ userId: 'alice', groupSeconds: 0xffff_ffff }, admin);
    clock.advance(40_000);
    expect(await left()).toMatchObject({ c2cSeconds: 60, groupSeconds: 0xffff_ffff });
    const facts = await profiles.getSendFacts({ from: 'alice', to: 'bob' }, service);
    expect(facts).toMatchObject({
      c2cMutedUntilS: Math.floor(clock.now() / 1_000) + 60,
      groupMutedUntilS: 0xffff_ffff,
      requiresFriends: true,
    });
    clock.advance(60_000);
    await profiles.setSpeakMutes({ userId: 'alice', groupSeconds: 0 }, admin);
    expect(await left()).toMatchObject({ c2cSeconds: 0, groupSeconds: 0 });
  });

  it('are announced to whoever remembers, and refused to others', async () => {
    const heard: string[] = [];
    const { coordination } = world.test.platform;
    await coordination.subscribe('send-facts:changed', (notice) => heard.push(notice));
    await world.profiles.setSpeakMutes({ userId: 'a b', c2cSeconds: 1 }, admin);
    await waitFor(() => heard.length === 1);
    expect(heard).toEqual([`${APP} a b`]);
    expect(await codeOf(world.profiles.setSpeakMutes({ userId: 'alice' }, admin))).toBe(130008);
    expect(await codeOf(world.profiles.setSpeakMutes({ userId: 'nobody', c2cSeconds: 1 }, admin))).toBe(
      130005,
    );
    expect(await codeOf(world.profiles.getSpeakMutes({ userId: 'nobody' }, admin))).toBe(130003);
    expect(
      await codeOf(world.profiles.setSpeakMutes({ userId: 'alice', c2cSeconds: 1 }, user('alice'))),
    ).toBe(60004);
  });
});
