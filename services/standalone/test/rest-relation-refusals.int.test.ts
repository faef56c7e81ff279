// What the sns commands refuse as a whole, over HTTP.
import { RestWorld } from './harness/rest-world.js';

let world: RestWorld;

beforeAll(async () => {
  world = await RestWorld.start({}, { friendCustomFields: JSON.stringify({ '*': ['Note'] }) });
});

afterAll(() => world.close());

type Json = Record<string, unknown>;
const call = (command: string, body: Json) => world.call(`sns/${command}`, body);

describe('sns refuses', () => {
  const REFUSED: readonly (readonly [string, string, Json, number])[] = [
    ['no user', 'friend_add', { AddFriendItem: [{ To_Account: 'x' }] }, 30001],
    [
      'an unknown user',
      'friend_add',
      { From_Account: 'nobody', AddFriendItem: [{ To_Account: 'x' }] },
      30003,
    ],
    ['no items', 'friend_add', { From_Account: 'U', AddFriendItem: [] }, 30001],
    [
      'an account that is a number',
      'friend_add',
      { From_Account: 'U', AddFriendItem: [{ To_Account: 1 }] },
      30001,
    ],
    [
      'an unknown way to add',
      'friend_add',
      { From_Account: 'U', AddFriendItem: [{ To_Account: 'x' }], AddType: 'x' },
      30001,
    ],
    [
      'a bad source',
      'friend_add',
      { From_Account: 'U', AddFriendItem: [{ To_Account: 'x', AddSource: 'Web' }] },
      30001,
    ],
    [
      'a long remark',
      'friend_add',
      { From_Account: 'U', AddFriendItem: [{ To_Account: 'x', Remark: 'r'.repeat(97) }] },
      30001,
    ],
    [
      'long words',
      'friend_add',
      { From_Account: 'U', AddFriendItem: [{ To_Account: 'x', AddWording: 'w'.repeat(257) }] },
      30001,
    ],
    [
      'a long group',
      'friend_add',
      { From_Account: 'U', AddFriendItem: [{ To_Account: 'x', GroupName: 'g'.repeat(31) }] },
      30001,
    ],
    [
      'too many to import',
      'friend_import',
      {
        From_Account: 'U',
        AddFriendItem: Array(1_001).fill({ To_Account: 'x', AddSource: 'AddSource_Type_X' }),
      },
      30001,
    ],
    [
      'an import without source',
      'friend_import',
      { From_Account: 'U', AddFriendItem: [{ To_Account: 'x' }] },
      30001,
    ],
    [
      'an undeclared field',
      'friend_update',
      {
        From_Account: 'U',
        UpdateItem: [{ To_Account: 'x', SnsItem: [{ Tag: 'Tag_SNS_Custom_No', Value: 'v' }] }],
      },
      30001,
    ],
    [
      'a long custom value',
      'friend_update',
      {
        From_Account: 'U',
        UpdateItem: [{ To_Account: 'x', SnsItem: [{ Tag: 'Tag_SNS_Custom_Note', Value: 'v'.repeat(501) }] }],
      },
      30001,
    ],
    [
      'a field of the platform',
      'friend_update',
      {
        From_Account: 'U',
        UpdateItem: [{ To_Account: 'x', SnsItem: [{ Tag: 'Tag_SNS_IM_AddTime', Value: 1 }] }],
      },
      30001,
    ],
    ['nobody to delete', 'friend_delete', { From_Account: 'U', To_Account: [] }, 30001],
    ['an unknown user whose friends go', 'friend_delete_all', { From_Account: 'nobody' }, 30003],
    ['a check without a type', 'friend_check', { From_Account: 'U', To_Account: ['x'] }, 30001],
    [
      'too many to check',
      'friend_check',
      { From_Account: 'U', To_Account: Array(1_001).fill('x'), CheckType: 'CheckResult_Type_Both' },
      30001,
    ],
    ['a page without a start', 'friend_get', { From_Account: 'U' }, 30001],
    ['no tags', 'friend_get_list', { From_Account: 'U', To_Account: ['x'] }, 30001],
    [
      'an unknown tag',
      'friend_get_list',
      { From_Account: 'U', To_Account: ['x'], TagList: ['Tag_X'] },
      30001,
    ],
    [
      'an undeclared tag of profiles',
      'friend_get_list',
      { From_Account: 'U', To_Account: ['x'], TagList: ['Tag_Profile_Custom_No'] },
      30001,
    ],
    ['nobody to block', 'black_list_add', { From_Account: 'U' }, 30001],
    ['nobody to unblock', 'black_list_delete', { From_Account: 'U', To_Account: 'x' }, 30001],
    [
      'a page of blocked without its size',
      'black_list_get',
      { From_Account: 'U', StartIndex: 0, LastSequence: 0 },
      30001,
    ],
    [
      'a type of another check',
      'black_list_check',
      { From_Account: 'U', To_Account: ['x'], CheckType: 'CheckResult_Type_Both' },
      30001,
    ],
    ['a group without name', 'group_add', { From_Account: 'U', GroupName: [''] }, 30001],
    ['no groups', 'group_delete', { From_Account: 'U' }, 30001],
    ['an unknown need', 'group_get', { From_Account: 'U', NeedFriend: 'x' }, 30001],
  ];

  it.each(REFUSED)('%s: %s', async (_, command, body, code) => {
    const [user = ''] = await world.newUsers(1);
    const given = body.From_Account === 'U' ? { ...body, From_Account: user } : body;
    expect(await call(command, given)).toMatchObject({ ActionStatus: 'FAIL', ErrorCode: code });
  });
});
