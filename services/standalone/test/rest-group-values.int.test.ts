// The commands about attributes and counters of groups, over HTTP and the real services.
import { type Reply, RestWorld } from './harness/rest-world.js';

const OK = { ActionStatus: 'OK', ErrorCode: 0 };

let world: RestWorld;
beforeAll(async () => {
  world = await RestWorld.start();
});
afterAll(() => world.close());

const group = (command: string, body: object): Promise<Reply> =>
  world.call(`group_open_http_svc/${command}`, body);

async function newGroup(change: object = {}): Promise<string> {
  const answer = await group('create_group', { Type: 'Public', Name: 'n', ...change });
  expect(answer).toMatchObject(OK);
  return String(answer.GroupId);
}

describe('attributes and counters over REST', () => {
  it('attributes are set, changed and removed [parity: rest v4/group_open_attr_http_svc/get_group_attr, rest v4/group_open_http_svc/set_group_attr, rest v4/group_open_http_svc/modify_group_attr, rest v4/group_open_http_svc/delete_group_attr, rest v4/group_open_http_svc/clear_group_attr]', async () => {
    const GroupId = await newGroup();
    const attributes = async () =>
      ((await world.call('group_open_attr_http_svc/get_group_attr', { GroupId })).GroupAttrAry as Reply[])
        .map(({ key, value }) => `${key}=${value}`)
        .sort();
    const pairs = (...texts: string[]) =>
      texts.map((text) => ({ key: text.split('=')[0], value: text.split('=')[1] }));
    expect(await group('set_group_attr', { GroupId, GroupAttr: pairs('a=1', 'b=2') })).toMatchObject(OK);
    expect(await group('modify_group_attr', { GroupId, GroupAttr: pairs('b=3', 'c=4') })).toMatchObject(OK);
    expect(await attributes()).toEqual(['a=1', 'b=3', 'c=4']);
    expect(await group('delete_group_attr', { GroupId, GroupAttr: [{ key: 'a' }] })).toMatchObject(OK);
    const missing = { GroupId, GroupAttr: [{ key: 'a' }] };
    expect(await group('delete_group_attr', missing)).toMatchObject({ ErrorCode: 10050 });
    expect(await attributes()).toEqual(['b=3', 'c=4']);
    expect(await group('clear_group_attr', { GroupId })).toMatchObject(OK);
    expect(await attributes()).toEqual([]);
  });

  it('counters are set, raised, lowered and removed [parity: rest v4/group_open_http_svc/get_group_counter, rest v4/group_open_http_svc/update_group_counter, rest v4/group_open_http_svc/delete_group_counter]', async () => {
    const GroupId = await newGroup();
    const update = (Mode: string | undefined, Key: string, Value: number) =>
      group('update_group_counter', { GroupId, Mode, GroupCounter: [{ Key, Value }] });
    expect(await update(undefined, 'a', 5)).toMatchObject({ ...OK, GroupCounter: [{ Key: 'a', Value: 5 }] });
    expect(await update('Increase', 'a', 2)).toMatchObject({ GroupCounter: [{ Key: 'a', Value: 7 }] });
    expect(await update('Decrease', 'b', 3)).toMatchObject({ GroupCounter: [{ Key: 'b', Value: -3 }] });
    const some = await group('get_group_counter', { GroupId, GroupCounterKeys: ['b'] });
    expect(some.GroupCounter).toEqual([{ Key: 'b', Value: -3 }]);
    expect(await group('delete_group_counter', { GroupId, GroupCounterKeys: ['b'] })).toMatchObject(OK);
    expect((await group('get_group_counter', { GroupId })).GroupCounter).toEqual([{ Key: 'a', Value: 7 }]);
    expect(await group('delete_group_counter', { GroupId })).toMatchObject(OK);
    expect((await group('get_group_counter', { GroupId })).GroupCounter).toEqual([]);
    const community = await newGroup({ Type: 'Community' });
    const there = { GroupId: community, GroupCounter: [{ Key: 'a', Value: 1 }] };
    expect(await group('update_group_counter', there)).toMatchObject({ ErrorCode: 10007 });
  });
});
