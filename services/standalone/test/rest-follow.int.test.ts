// Follow over HTTP, on the real services.
import { RestWorld } from './harness/rest-world.js';

let world: RestWorld;

beforeAll(async () => {
  world = await RestWorld.start({}, { followApps: '*' });
});

afterAll(() => world.close());

const OK = { ActionStatus: 'OK', ErrorInfo: '', ErrorCode: 0, ErrorDisplay: '' };
const call = (command: string, body: Record<string, unknown>) => world.call(`follow/${command}`, body);
const add = (From_Account: string, ...targets: string[]) =>
  call('follow_add', { From_Account, FollowItem: targets.map((To_Account) => ({ To_Account })) });
const done = (To_Account: string) => ({ To_Account, ResultCode: 0, ResultInfo: '' });
const missing = { To_Account: 'nobody', ResultCode: 30003, ResultInfo: expect.stringMatching(/./) };

describe('follow/* [parity: rest v4/follow/follow_add, rest v4/follow/follow_delete, rest v4/follow/follow_check, rest v4/follow/follow_get, rest v4/follow/follow_get_info]', () => {
  it('follow, list, count, check and unfollow', async () => {
    const [alice = '', bob = '', carol = ''] = await world.newUsers(3);
    expect(await add(alice, bob, carol, 'nobody')).toEqual({
      ...OK,
      ResultItem: [done(bob), done(carol), missing],
    });
    expect(await add(bob, alice)).toMatchObject(OK);
    const lists = [1, 2, 3].map((FollowType) =>
      call('follow_get', { From_Account: alice, FollowType, StartCursor: '' }),
    );
    const item = (To_Account: string) => ({
      To_Account,
      FollowTime: expect.any(Number),
      ProfileItem: [],
    });
    const [followers, following, mutual] = await Promise.all(lists);
    expect(followers).toEqual({ ...OK, FollowItem: [item(bob)], NextCursor: '' });
    expect(following).toMatchObject({ FollowItem: [bob, carol].sort().map(item) });
    expect(mutual).toMatchObject({ FollowItem: [item(bob)] });
    expect(await call('follow_check', { From_Account: alice, To_Account: [bob, carol, 'nobody'] })).toEqual({
      ...OK,
      ResultItem: [
        { ...done(bob), FollowType: 3 },
        { ...done(carol), FollowType: 2 },
        { ...missing, FollowType: 0 },
      ],
    });
    expect(await call('follow_check', { From_Account: carol, To_Account: [alice] })).toMatchObject({
      ResultItem: [{ FollowType: 1 }],
    });
    expect(await call('follow_get_info', { From_Account: carol, To_Account: [alice, bob] })).toEqual({
      ...OK,
      FollowInfo: [
        { ...done(alice), FollowerCount: 1, FollowingCount: 2, MutualFollowingCount: 1 },
        { ...done(bob), FollowerCount: 1, FollowingCount: 1, MutualFollowingCount: 1 },
      ],
    });
    expect(await call('follow_delete', { From_Account: alice, To_Account: [bob, carol] })).toEqual({
      ...OK,
      ResultItem: [done(bob), done(carol)],
    });
    expect(await call('follow_get_info', { From_Account: carol, To_Account: [alice] })).toMatchObject({
      FollowInfo: [{ FollowerCount: 1, FollowingCount: 0, MutualFollowingCount: 0 }],
    });
  });

  it('pages by cursor', async () => {
    const [alice = '', ...others] = await world.newUsers(4);
    await add(alice, ...others);
    const seen: string[] = [];
    let StartCursor = '';
    do {
      const page = await call('follow_get', { From_Account: alice, FollowType: 2, StartCursor, WantNum: 2 });
      seen.push(...(page.FollowItem as { To_Account: string }[]).map(({ To_Account }) => To_Account));
      StartCursor = page.NextCursor as string;
    } while (StartCursor !== '');
    expect(seen).toEqual([...others].sort());
  });

  it.each([
    ['follow_add', { FollowItem: [{ To_Account: 'x' }] }],
    ['follow_add', { From_Account: 'a', FollowItem: [] }],
    ['follow_add', { From_Account: 'a', FollowItem: Array(21).fill({ To_Account: 'x' }) }],
    ['follow_delete', { From_Account: 'a', To_Account: Array(21).fill('x') }],
    ['follow_check', { From_Account: 'a', To_Account: Array(101).fill('x') }],
    ['follow_get', { From_Account: 'a', FollowType: 4 }],
    ['follow_get', { From_Account: 'a', FollowType: 1, WantNum: 1_001 }],
    ['follow_get', { From_Account: 'a', FollowType: 1, StartCursor: 'x'.repeat(33) }],
    ['follow_get_info', { From_Account: 'a', To_Account: [] }],
  ])('%s refuses %j', async (command, body) => {
    expect(await call(command, body)).toMatchObject({ ActionStatus: 'FAIL', ErrorCode: 30001 });
  });
});

it('is refused where the app has it switched off', async () => {
  const off = await RestWorld.start({}, { followApps: '' });
  try {
    const answer = await off.call('follow/follow_get_info', { From_Account: 'a', To_Account: ['a'] });
    expect(answer).toMatchObject({ ActionStatus: 'FAIL', ErrorCode: 30005 });
  } finally {
    await off.close();
  }
});
