// Friends, blocklists and friend groups over HTTP, on the real services.
import { RestWorld } from './harness/rest-world.js';

let world: RestWorld;

beforeAll(async () => {
  world = await RestWorld.start({}, { friendCustomFields: JSON.stringify({ '*': ['Rank', 'Note'] }) });
});

afterAll(() => world.close());

type Json = Record<string, unknown>;
const OK = { ActionStatus: 'OK', ErrorInfo: '', ErrorCode: 0, ErrorDisplay: '' };
const call = (command: string, body: Json) => world.call(`sns/${command}`, body);
const done = (To_Account: string) => ({ To_Account, ResultCode: 0, ResultInfo: '' });
const failed = (To_Account: string, ResultCode: number) => ({
  To_Account,
  ResultCode,
  ResultInfo: expect.stringMatching(/./),
});
const add = (From_Account: string, To_Account: string, more: Json = {}) =>
  call('friend_add', {
    From_Account,
    AddFriendItem: [{ To_Account, AddSource: 'AddSource_Type_XX' }],
    ...more,
  });
const codeOfAdd = async (from: string, to: string, more: Json = {}) =>
  ((await add(from, to, more)).ResultItem as Json[])[0]?.ResultCode;
const relationOf = async (From_Account: string, To_Account: string, CheckType = 'CheckResult_Type_Both') =>
  ((await call('friend_check', { From_Account, To_Account: [To_Account], CheckType })).InfoItem as Json[])[0]
    ?.Relation;
const profile = (From_Account: string, Tag: string, Value: string) =>
  world.call('profile/portrait_set', { From_Account, ProfileItem: [{ Tag, Value }] });
const allow = (user: string, value: string) =>
  profile(user, 'Tag_Profile_IM_AllowType', `AllowType_Type_${value}`);

describe('friends [parity: rest v4/sns/friend_add, rest v4/sns/friend_check, rest v4/sns/friend_delete, rest v4/sns/friend_delete_all]', () => {
  it('are added on both sides or one, and say how they stand', async () => {
    const [a = '', b = '', c = ''] = await world.newUsers(3);
    expect(await add(a, b)).toEqual({ ...OK, ResultItem: [done(b)] });
    expect(await add(a, b)).toEqual({ ...OK, ResultItem: [done(b)] });
    expect(await add(a, c, { AddType: 'Add_Type_Single' })).toMatchObject({ ResultItem: [done(c)] });
    expect(await add(a, 'nobody')).toEqual({
      ...OK,
      ResultItem: [failed('nobody', 30003)],
      Fail_Account: ['nobody'],
    });
    expect([await relationOf(a, b), await relationOf(a, c), await relationOf(c, a)]).toEqual([
      'CheckResult_Type_BothWay',
      'CheckResult_Type_AWithB',
      'CheckResult_Type_BWithA',
    ]);
    const single = 'CheckResult_Type_Single';
    expect([await relationOf(a, b, single), await relationOf(c, a, single)]).toEqual([
      'CheckResult_Type_AWithB',
      'CheckResult_Type_NoRelation',
    ]);
    const unknown = { From_Account: a, To_Account: ['nobody'], CheckType: single };
    expect(await call('friend_check', unknown)).toMatchObject({
      InfoItem: [{ ...failed('nobody', 30003), Relation: 'CheckResult_Type_NoRelation' }],
      Fail_Account: ['nobody'],
    });
  });

  it('are asked, refused or forced, as the profiles say', async () => {
    const [a = '', asks = '', denies = '', muted = ''] = await world.newUsers(4);
    await allow(asks, 'NeedConfirm');
    await allow(denies, 'DenyAny');
    await profile(muted, 'Tag_Profile_IM_AdminForbidType', 'AdminForbid_Type_SendOut');
    expect(await codeOfAdd(a, asks)).toBe(30539);
    expect(await codeOfAdd(a, denies)).toBe(30516);
    expect(await codeOfAdd(muted, a)).toBe(30009);
    expect(await relationOf(a, asks)).toBe('CheckResult_Type_NoRelation');
    expect(await codeOfAdd(a, denies, { ForceAddFlags: 1 })).toBe(0);
    expect(await codeOfAdd(asks, a)).toBe(0);
    expect(await relationOf(a, asks)).toBe('CheckResult_Type_BothWay');
  });

  it('are deleted on one side, on both, and all at once', async () => {
    const [a = '', b = '', c = '', d = ''] = await world.newUsers(4);
    for (const friend of [b, c, d]) await add(a, friend);
    const remove = (To_Account: string[], DeleteType?: string) =>
      call('friend_delete', { From_Account: a, To_Account, ...(DeleteType ? { DeleteType } : {}) });
    expect(await remove([b])).toEqual({ ...OK, ResultItem: [done(b)] });
    expect(await relationOf(a, b)).toBe('CheckResult_Type_BWithA');
    expect(await remove([c, b], 'Delete_Type_Both')).toEqual({
      ...OK,
      ResultItem: [done(c), failed(b, 31704)],
      Fail_Account: [b],
    });
    expect(await relationOf(a, c)).toBe('CheckResult_Type_NoRelation');
    expect(await call('friend_delete_all', { From_Account: a, DeleteType: 'Delete_Type_Both' })).toEqual(OK);
    expect(await relationOf(a, d)).toBe('CheckResult_Type_NoRelation');
  });
});

describe('entries [parity: rest v4/sns/friend_import, rest v4/sns/friend_update, rest v4/sns/friend_get, rest v4/sns/friend_get_list]', () => {
  it('are imported, changed and read, in pages and by version', async () => {
    const [a = '', b = '', c = ''] = await world.newUsers(3);
    const imported = {
      To_Account: b,
      Remark: 'R',
      RemarkTime: 1_400_000_000,
      GroupName: ['G1', 'G2'],
      AddSource: 'AddSource_Type_XX',
      AddWording: 'W',
      AddTime: 1_500_000_000,
      CustomItem: [{ Tag: 'Tag_SNS_Custom_Rank', Value: 7 }],
    };
    const AddFriendItem = [imported, { To_Account: c, AddSource: 'AddSource_Type_XX' }];
    expect(await call('friend_import', { From_Account: a, AddFriendItem })).toEqual({
      ...OK,
      ResultItem: [done(b), done(c)],
    });
    const fieldsOf = (Remark: string, Group: string[], custom: Json[]) => [
      { Tag: 'Tag_SNS_IM_AddSource', Value: 'AddSource_Type_XX' },
      { Tag: 'Tag_SNS_IM_Remark', Value: Remark },
      { Tag: 'Tag_SNS_IM_Group', Value: Group },
      { Tag: 'Tag_SNS_IM_AddWording', Value: 'W' },
      { Tag: 'Tag_SNS_IM_AddTime', Value: 1_500_000_000 },
      ...custom,
    ];
    const first = await call('friend_get', { From_Account: a, StartIndex: 0 });
    expect(first).toMatchObject({ ...OK, FriendNum: 2, CompleteFlag: 1, NextStartIndex: 0 });
    const rank = { Tag: 'Tag_SNS_Custom_Rank', Value: 7 };
    const itemOf = (answer: Json) =>
      (answer.UserDataItem as Json[]).find(({ To_Account }) => To_Account === b);
    expect(itemOf(first)).toEqual({ To_Account: b, ValueItem: fieldsOf('R', ['G1', 'G2'], [rank]) });
    const { StandardSequence, CustomSequence } = first;
    const same = await call('friend_get', {
      From_Account: a,
      StartIndex: 0,
      StandardSequence,
      CustomSequence,
    });
    expect(same).toMatchObject({ UserDataItem: [], StandardSequence, CustomSequence });
    const SnsItem = [
      { Tag: 'Tag_SNS_IM_Remark', Value: 'R2' },
      { Tag: 'Tag_SNS_IM_Group', Value: ['G2'] },
    ];
    const UpdateItem = [b, 'nobody'].map((To_Account) => ({ To_Account, SnsItem }));
    expect(await call('friend_update', { From_Account: a, UpdateItem })).toEqual({
      ...OK,
      ResultItem: [done(b), failed('nobody', 30003)],
      Fail_Account: ['nobody'],
    });
    const newer = await call('friend_get', {
      From_Account: a,
      StartIndex: 0,
      StandardSequence,
      CustomSequence,
    });
    expect(newer.StandardSequence).toBeGreaterThan(StandardSequence as number);
    expect(newer.CustomSequence).toBe(CustomSequence);
    expect(itemOf(newer)).toEqual({ To_Account: b, ValueItem: fieldsOf('R2', ['G2'], []) });
    await profile(b, 'Tag_Profile_IM_Nick', 'Nick of B');
    const TagList = ['Tag_Profile_IM_Nick', 'Tag_SNS_IM_Remark', 'Tag_SNS_Custom_Rank'];
    expect(await call('friend_get_list', { From_Account: a, To_Account: [b, 'nobody'], TagList })).toEqual({
      ...OK,
      InfoItem: [
        {
          ...done(b),
          SnsProfileItem: [
            { Tag: 'Tag_Profile_IM_Nick', Value: 'Nick of B' },
            { Tag: 'Tag_SNS_IM_Remark', Value: 'R2' },
            rank,
          ],
        },
        { To_Account: 'nobody', ResultCode: 30001, ResultInfo: 'Err_SNS_FriendGetList_Friend_Not_Exist' },
      ],
      Fail_Account: ['nobody'],
    });
  });

  it('come a hundred a page', async () => {
    const [a = '', ...first100] = await world.newUsers(100);
    const others = [...first100, ...(await world.newUsers(21))];
    const AddFriendItem = others.map((To_Account) => ({ To_Account, AddSource: 'AddSource_Type_XX' }));
    await call('friend_import', { From_Account: a, AddFriendItem });
    const first = await call('friend_get', { From_Account: a, StartIndex: 0 });
    expect(first).toMatchObject({ FriendNum: 120, CompleteFlag: 0, NextStartIndex: 100 });
    const second = await call('friend_get', { From_Account: a, StartIndex: 100 });
    expect(second).toMatchObject({ CompleteFlag: 1, NextStartIndex: 0 });
    const seen = [first, second].flatMap(({ UserDataItem }) =>
      (UserDataItem as Json[]).map(({ To_Account }) => To_Account as string),
    );
    expect(seen).toEqual([...others].sort());
  });
});

describe('the blocklist [parity: rest v4/sns/black_list_add, rest v4/sns/black_list_delete, rest v4/sns/black_list_get, rest v4/sns/black_list_check]', () => {
  it('ends friendship, keeps requests and messages off, and can be read', async () => {
    const [a = '', b = '', c = ''] = await world.newUsers(3);
    await add(a, b);
    const body = { From_Account: a, To_Account: [b, c, 'nobody'] };
    expect(await call('black_list_add', body)).toEqual({
      ...OK,
      ResultItem: [done(b), done(c), failed('nobody', 30003)],
      Fail_Account: ['nobody'],
    });
    expect(await call('black_list_add', { From_Account: a, To_Account: [b] })).toMatchObject({
      ResultItem: [{ ResultCode: 30001, ResultInfo: 'Err_SNS_BlackListAdd_Already_Exist' }],
    });
    expect(await relationOf(a, b)).toBe('CheckResult_Type_NoRelation');
    expect([await codeOfAdd(a, b), await codeOfAdd(b, a)]).toEqual([30515, 30525]);
    expect(await codeOfAdd(b, a, { ForceAddFlags: 1 })).toBe(30525);
    const check = async (From_Account: string, To_Account: string, kind: string) =>
      (
        (
          await call('black_list_check', {
            From_Account,
            To_Account: [To_Account],
            CheckType: `BlackCheckResult_Type_${kind}`,
          })
        ).BlackListCheckItem as Json[]
      )[0]?.Relation;
    expect([await check(a, b, 'Both'), await check(b, a, 'Both'), await check(b, a, 'Single')]).toEqual([
      'BlackCheckResult_Type_AWithB',
      'BlackCheckResult_Type_BWithA',
      'BlackCheckResult_Type_NO',
    ]);
    const list = (StartIndex: number) =>
      call('black_list_get', { From_Account: a, StartIndex, MaxLimited: 1, LastSequence: 0 });
    const pages = [await list(0), await list(1)];
    expect(pages).toMatchObject([{ StartIndex: 1 }, { StartIndex: 0 }]);
    expect(pages[0]?.CurruentSequence).toEqual(expect.any(Number));
    const items = pages.flatMap(({ BlackListItem }) => BlackListItem as Json[]);
    expect(items).toEqual(
      [b, c].sort().map((To_Account) => ({ To_Account, AddBlackTimeStamp: expect.any(Number) })),
    );
    expect(await call('black_list_delete', { From_Account: a, To_Account: [b] })).toEqual({
      ...OK,
      ResultItem: [done(b)],
    });
    expect(await codeOfAdd(b, a)).toBe(0);
  });
});

describe('friend groups [parity: rest v4/sns/group_add, rest v4/sns/group_delete, rest v4/sns/group_get]', () => {
  it('are made with friends, listed and deleted', async () => {
    const [a = '', b = '', c = ''] = await world.newUsers(3);
    await add(a, b);
    expect(await call('group_add', { From_Account: a, GroupName: ['One', 'Two'] })).toEqual({
      ...OK,
      CurrentSequence: expect.any(Number),
    });
    expect(await call('group_add', { From_Account: a, GroupName: ['Two'], To_Account: [b, c] })).toEqual({
      ...OK,
      ResultItem: [
        done(b),
        { To_Account: c, ResultCode: 32216, ResultInfo: 'Err_SNS_GroupAdd_ToTinyId_Not_Friend' },
      ],
      Fail_Account: [c],
      CurrentSequence: expect.any(Number),
    });
    const all = await call('group_get', { From_Account: a });
    expect(all.ResultItem).toEqual([
      { GroupName: 'One', FriendNumber: 0 },
      { GroupName: 'Two', FriendNumber: 1 },
    ]);
    const two = { From_Account: a, GroupName: ['Two'], NeedFriend: 'Need_Friend_Type_Yes' };
    expect((await call('group_get', two)).ResultItem).toEqual([
      { GroupName: 'Two', FriendNumber: 1, To_Account: [b] },
    ]);
    const { CurrentSequence } = await call('group_delete', { From_Account: a, GroupName: ['Two'] });
    expect(CurrentSequence).toBeGreaterThan(all.CurrentSequence as number);
    expect(await relationOf(a, b)).toBe('CheckResult_Type_BothWay');
    const GroupName = Array.from({ length: 32 }, (_, at) => `g${at}`);
    expect(await call('group_add', { From_Account: a, GroupName })).toMatchObject({ ErrorCode: 30011 });
  });
});
