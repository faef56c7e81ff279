// Profiles and mutes of accounts over HTTP, on the real services.
import { RestWorld } from './harness/rest-world.js';

const NICK = 'Tag_Profile_IM_Nick';
const IMAGE = 'Tag_Profile_IM_Image';
const LEVEL = 'Tag_Profile_IM_Level';
const CUSTOM = {
  '*': [{ key: 'Hidden', read: ['App'], write: ['App'] }, { key: 'Score' }],
};

let world: RestWorld;

beforeAll(async () => {
  world = await RestWorld.start({}, { customFields: JSON.stringify(CUSTOM) });
});

afterAll(() => world.close());

const set = (From_Account: unknown, ...items: [Tag: unknown, Value: unknown][]) =>
  world.call('profile/portrait_set', {
    From_Account,
    ProfileItem: items.map(([Tag, Value]) => ({ Tag, Value })),
  });
const get = (To_Account: unknown, ...TagList: unknown[]) =>
  world.call('profile/portrait_get', { To_Account, TagList });

describe('profile/portrait_set and portrait_get [parity: rest v4/profile/portrait_set, rest v4/profile/portrait_get]', () => {
  it('set fields and tell those that are set', async () => {
    const [alice = '', bob = ''] = await world.newUsers(2);
    expect(await set(alice, [NICK, 'Alice'], [LEVEL, 7], ['Tag_Profile_Custom_Score', '9'])).toEqual({
      ActionStatus: 'OK',
      ErrorInfo: '',
      ErrorCode: 0,
      ErrorDisplay: '',
    });
    expect(await get([alice, bob, 'nobody'], NICK, LEVEL, IMAGE, 'Tag_Profile_Custom_Score')).toEqual({
      ActionStatus: 'OK',
      ErrorInfo: '',
      ErrorCode: 0,
      ErrorDisplay: '',
      UserProfileItem: [
        {
          To_Account: alice,
          ProfileItem: [
            { Tag: 'Tag_Profile_Custom_Score', Value: '9' },
            { Tag: LEVEL, Value: 7 },
            { Tag: NICK, Value: 'Alice' },
          ],
          ResultCode: 0,
          ResultInfo: '',
        },
        { To_Account: bob, ProfileItem: [], ResultCode: 0, ResultInfo: '' },
        { To_Account: 'nobody', ResultCode: 40003, ResultInfo: expect.stringMatching(/./) },
      ],
      Fail_Account: ['nobody'],
    });
  });

  it('show what an import of the account said', async () => {
    const [alice = ''] = await world.newUsers(1);
    const profile = async () => (await get([alice], NICK, IMAGE)).UserProfileItem;
    await world.call('im_open_login_svc/account_import', { UserID: alice, Nick: 'A', FaceUrl: 'https://a' });
    const items = [
      { Tag: IMAGE, Value: 'https://a' },
      { Tag: NICK, Value: 'A' },
    ];
    expect(await profile()).toMatchObject([{ ProfileItem: items }]);
    await world.call('im_open_login_svc/multiaccount_import', {
      AccountList: [{ UserID: alice, Nick: 'B' }],
    });
    expect(await profile()).toMatchObject([{ ProfileItem: [items[0], { Tag: NICK, Value: 'B' }] }]);
  });

  it.each([
    ['no account', undefined, [[NICK, 'x']], 40001],
    ['an account that is no text', 7, [[NICK, 'x']], 40001],
    ['an account that is not imported', 'nobody', [[NICK, 'x']], 40003],
    ['no field', 'user0', [], 40001],
    ['a tag that is no text', 'user0', [[1, 'x']], 40001],
    ['a tag that nobody declared', 'user0', [['Tag_Profile_Custom_None', 'x']], 40009],
    ['a field that only clients write', 'user0', [['Tag_Profile_Custom_Hidden', 'x']], 40008],
    ['a value of 501 bytes', 'user0', [[NICK, 'x'.repeat(501)]], 40601],
    ['a value that a standard field cannot have', 'user0', [['Tag_Profile_IM_Gender', 'x']], 40605],
    ['a number for a text', 'user0', [[NICK, 1]], 40610],
    ['a text for a number', 'user0', [[LEVEL, '1']], 40610],
    ['a value that is an object', 'user0', [[NICK, {}]], 40610],
    ['a number below 0', 'user0', [[LEVEL, -1]], 40610],
  ] as [string, unknown, [unknown, unknown][], number][])(
    'refuse to set %s',
    async (_what, account, items, code) => {
      await world.newUsers(1);
      expect(await set(account, ...items)).toMatchObject({ ActionStatus: 'FAIL', ErrorCode: code });
    },
  );

  it.each([
    ['no account', undefined, [NICK], 40002],
    ['an empty list of accounts', [], [NICK], 40002],
    ['101 accounts', Array.from({ length: 101 }, (_, at) => `u${at}`), [NICK], 40001],
    ['accounts that are no texts', [1], [NICK], 40001],
    ['no tag', ['user0'], [], 40001],
    ['a tag that nobody declared', ['user0'], ['Tag_Profile_Custom_None'], 40009],
    ['a tag that only clients read', ['user0'], ['Tag_Profile_Custom_Hidden'], 40007],
  ])('refuse to get %s', async (_what, accounts, tags, code) => {
    expect(await get(accounts, ...tags)).toMatchObject({ ActionStatus: 'FAIL', ErrorCode: code });
  });
});

describe('openconfigsvr/setnospeaking and getnospeaking [parity: rest v4/openconfigsvr/setnospeaking, rest v4/openconfigsvr/getnospeaking]', () => {
  const mute = (body: object) => world.call('openconfigsvr/setnospeaking', body);
  const left = (Get_Account: unknown) => world.call('openconfigsvr/getnospeaking', { Get_Account });

  it('mute for a time or for ever, and tell what is left', async () => {
    const [alice = ''] = await world.newUsers(1);
    expect(await left(alice)).toMatchObject({ C2CmsgNospeakingTime: 0, GroupmsgNospeakingTime: 0 });
    const set = await mute({
      Set_Account: alice,
      C2CmsgNospeakingTime: 7_200,
      GroupmsgNospeakingTime: 4_294_967_295,
    });
    expect(set).toMatchObject({ ActionStatus: 'OK', ErrorCode: 0 });
    const told = await left(alice);
    expect(told.C2CmsgNospeakingTime).toBeGreaterThan(7_100);
    expect(told.C2CmsgNospeakingTime).toBeLessThanOrEqual(7_200);
    expect(told.GroupmsgNospeakingTime).toBe(4_294_967_295);
    await mute({ Set_Account: alice, C2CmsgNospeakingTime: 0 });
    expect(await left(alice)).toMatchObject({
      C2CmsgNospeakingTime: 0,
      GroupmsgNospeakingTime: 4_294_967_295,
    });
  });

  it('refuse what is malformed', async () => {
    expect(await world.call('openconfigsvr/setnospeaking', [])).toMatchObject({ ErrorCode: 130001 });
    expect(await left(undefined)).toMatchObject({ ErrorCode: 130002 });
    expect(await left('nobody')).toMatchObject({ ErrorCode: 130003 });
    expect(await left(7)).toMatchObject({ ErrorCode: 130003 });
    expect(await mute({ C2CmsgNospeakingTime: 1 })).toMatchObject({ ErrorCode: 130004 });
    expect(await mute({ Set_Account: 'nobody', C2CmsgNospeakingTime: 1 })).toMatchObject({
      ErrorCode: 130005,
    });
    expect(await mute({ Set_Account: 'user0' })).toMatchObject({ ErrorCode: 130008 });
    expect(await mute({ Set_Account: 'user0', C2CmsgNospeakingTime: '1' })).toMatchObject({
      ErrorCode: 130008,
    });
  });
});
