// Pinned messages over HTTP and the real services.
import { type Reply, RestWorld } from './harness/rest-world.js';

const OK = { ActionStatus: 'OK', ErrorCode: 0 };

let world: RestWorld;
beforeAll(async () => {
  world = await RestWorld.start();
});
afterAll(() => world.close());

const group = (command: string, body: object): Promise<Reply> =>
  world.call(`group_open_http_svc/${command}`, body);

async function say(GroupId: string, Text: string): Promise<number> {
  const MsgBody = [{ MsgType: 'TIMTextElem', MsgContent: { Text } }];
  const sent = await group('send_group_msg', { GroupId, Random: Text.length, MsgBody });
  expect(sent).toMatchObject(OK);
  return Number(sent.MsgSeq);
}

const pinned = async (GroupId: string) => (await group('get_pinned_messages', { GroupId })).PinnedMsgList;

describe('pinned messages over REST', () => {
  it.each(['Private', 'Public', 'ChatRoom', 'Community'])(
    'are pinned, listed and unpinned: %s [parity: rest v4/group_open_http_svc/pin_message, rest v4/group_open_http_svc/unpin_message, rest v4/group_open_http_svc/get_pinned_messages]',
    async (Type) => {
      const [alice = ''] = await world.newUsers(1);
      const { GroupId } = (await group('create_group', { Type, Name: 'n', Owner_Account: alice })) as {
        GroupId: string;
      };
      const [first, second] = [await say(GroupId, 'a'), await say(GroupId, 'bb')];
      const pin = { GroupId, MsgSeq: second, Pinner_Account: alice };
      expect(await group('pin_message', pin)).toMatchObject(OK);
      expect(await group('pin_message', pin)).toMatchObject(OK);
      expect(await group('pin_message', { GroupId, MsgSeq: first })).toMatchObject(OK);
      expect(await pinned(GroupId)).toEqual([
        { MsgSeq: second, Pinner_Account: alice },
        { MsgSeq: first, Pinner_Account: '' },
      ]);
      expect(await group('pin_message', { GroupId, MsgSeq: second + 1_000 })).toMatchObject({
        ErrorCode: 10004,
      });
      const unpin = { GroupId, MsgSeq: second, UnPinner_Account: alice };
      expect(await group('unpin_message', unpin)).toMatchObject(OK);
      expect(await pinned(GroupId)).toEqual([{ MsgSeq: first, Pinner_Account: '' }]);
    },
  );

  it('are pinned by who leads the group and sees the message', async () => {
    const [alice = '', bob = '', carol = ''] = await world.newUsers(3);
    const { GroupId } = (await group('create_group', {
      ...{ Type: 'Public', Name: 'n', Owner_Account: alice, MemberList: [{ Member_Account: bob }] },
    })) as { GroupId: string };
    const early = await say(GroupId, 'early');
    const newcomer = [{ Member_Account: carol }];
    expect(await group('add_group_member', { GroupId, MemberList: newcomer })).toMatchObject(OK);
    const role = { GroupId, Member_Account: carol, Role: 'Admin' };
    expect(await group('modify_group_member_info', role)).toMatchObject(OK);
    const late = await say(GroupId, 'late');
    expect(await world.pin(bob, GroupId, late)).toBe(10007);
    expect(await world.pin(carol, GroupId, early)).toBe(10004);
    expect(await world.pin(alice, GroupId, early)).toBe(0);
    expect(await world.pin(carol, GroupId, late)).toBe(0);
    expect(await world.pin(alice, GroupId, late)).toBe(10071);
    expect(await pinned(GroupId)).toEqual([
      { MsgSeq: early, Pinner_Account: alice },
      { MsgSeq: late, Pinner_Account: carol },
    ]);
  });

  it('are ten at most, and none in live groups', async () => {
    const { GroupId } = (await group('create_group', { Type: 'Public', Name: 'n' })) as { GroupId: string };
    const codes: unknown[] = [];
    for (let at = 1; at <= 11; at++) {
      const MsgSeq = await say(GroupId, 'x'.repeat(at));
      codes.push((await group('pin_message', { GroupId, MsgSeq })).ErrorCode);
    }
    expect(codes).toEqual([...Array.from({ length: 10 }, () => 0), 10070]);
    const live = await group('create_group', { Type: 'AVChatRoom', Name: 'n' });
    const there = { GroupId: live.GroupId, MsgSeq: 1 };
    expect(await group('pin_message', there)).toMatchObject({ ErrorCode: 10007 });
    expect(await group('get_pinned_messages', there)).toMatchObject({ ErrorCode: 10007 });
  });
});
