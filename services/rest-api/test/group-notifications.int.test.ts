// send_group_system_notification: who is told, and how.
import { ErrorCode, SYSTEM_USER_ID } from '@parley/kernel';
import { messagev1 } from '@parley/proto';
import { CallerRole } from '@parley/rpc';
import { groupRefusal, many, OK, refusing, SVC } from './group-rows.js';
import { type RefusalRow, World } from './harness.js';

const { ConversationType, MessageFlag: Flag } = messagev1;
const PATH = `${SVC}/send_group_system_notification`;
const request = { GroupId: 'g1', Content: 'look' };

let world: World;
let group: { type: string; memberNum: number; live?: boolean };
beforeEach(async () => {
  world = new World();
  group = { type: 'Public', memberNum: 2 };
  world.groups.getGroups = async () => ({
    groups: [{ groupId: 'g1', group: { groupId: 'g1', name: 'n', ...group } }],
  });
  world.groups.listMembers = async () => ({ members: [{ userId: 'alice' }, { userId: 'bob' }] });
  world.messages.send = async () => ({});
  await world.start();
});
afterEach(() => world.stop());

const sends = () => world.callsOf('Send');
const notice = (body: unknown): unknown => JSON.parse(Buffer.from(body as Uint8Array).toString());

describe('send_group_system_notification', () => {
  it('tells each member of an ordinary group', async () => {
    expect((await world.call(PATH, request)).body).toEqual(OK);
    expect(sends().map((call) => call.request.to)).toEqual(['alice', 'bob']);
    const [first, second] = sends();
    expect(first?.request).toMatchObject({
      from: SYSTEM_USER_ID,
      type: ConversationType.C2C,
      flags: Flag.SYSTEM,
    });
    expect(first?.request.dedupKey).toBe(second?.request.dedupKey);
    expect(first?.context).toMatchObject({ role: CallerRole.SERVICE, deadlineMs: world.clock.now() + 3_000 });
    expect(notice(first?.request.body)).toEqual([
      {
        MsgType: 'TIMGroupSystemNoticeElem',
        MsgContent: {
          ReportType: 16,
          GroupId: 'g1',
          GroupName: 'n',
          GroupType: 'Public',
          Operator_Account: '',
          UserDefinedField: 'look',
        },
      },
    ]);
  });

  it('tells those named who are members', async () => {
    world.groups.getMembers = async () => ({ members: [{ userId: 'bob' }] });
    await world.call(PATH, { ...request, ToMembers_Account: ['bob', 'carol', 'bob'] });
    expect(world.callsOf('GetMembers')[0]?.request.userIds).toEqual(['bob', 'carol']);
    expect(sends().map((call) => call.request.to)).toEqual(['bob']);
  });

  it.each([
    { type: 'AVChatRoom', live: true, memberNum: 0 },
    { type: 'Community', memberNum: 501 },
  ])('tells whoever is connected of %p', async (large) => {
    group = large;
    const TopicId = 'g1@TOPIC#_t1';
    expect((await world.call(PATH, { ...request, TopicId })).body).toEqual(OK);
    expect(sends()).toHaveLength(1);
    expect(sends()[0]?.request).toMatchObject({
      from: SYSTEM_USER_ID,
      to: TopicId,
      type: ConversationType.GROUP,
      flags: Flag.SYSTEM | Flag.ONLINE_ONLY | Flag.NO_UNREAD | Flag.NO_LAST,
    });
    expect(notice(sends()[0]?.request.body)).toMatchObject([{ MsgContent: { GroupId: 'g1', TopicId } }]);
  });

  it('goes on without those who are gone', async () => {
    world.messages.send = refusing(ErrorCode.TO_ACCOUNT_UNKNOWN, 'no such account');
    expect((await world.call(PATH, request)).body).toEqual(OK);
    world.messages.send = refusing(ErrorCode.UNAVAILABLE, 'away');
    await groupRefusal(world, PATH, request, 10002);
  });

  it.each<RefusalRow>([
    ['no GroupId', { GroupId: undefined }, 10004],
    ['no Content', { Content: undefined }, 10004],
    ['a Content that is an object', { Content: {} }, 10004],
    ['a Content of 12 KiB', { Content: 'x'.repeat(12_288) }, 80002],
    ['a ToMembers_Account that is a string', { ToMembers_Account: 'bob' }, 10004],
    ['501 members', { ToMembers_Account: many(501, (index) => `u${index}`) }, 10005],
    ['a topic of another group', { TopicId: 'g2@TOPIC#_t1' }, 10015],
  ])('refuses %s', async (_what, change, code) => {
    await groupRefusal(world, PATH, { ...request, ...(change as object) }, code);
    expect(sends()).toEqual([]);
  });

  it('refuses names in a live group, and groups that do not exist', async () => {
    group = { type: 'AVChatRoom', live: true, memberNum: 0 };
    await groupRefusal(world, PATH, { ...request, ToMembers_Account: ['bob'] }, 10004);
    world.groups.getGroups = async () => ({
      groups: [{ groupId: 'g1', code: 10010, info: 'no such group' }],
    });
    await groupRefusal(world, PATH, request, 10010);
  });
});
