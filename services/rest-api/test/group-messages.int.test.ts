// The commands about messages of groups: every field, option, item result and refusal.
import { crc32 } from 'node:zlib';
import { ErrorCode } from '@parley/kernel';
import { messagev1 } from '@parley/proto';
import { groupRefusal, many, OK, refusing, SVC } from './group-rows.js';
import { ADMIN, type RefusalRow, World } from './harness.js';
import { BODY_JSON, bodyOf, MSG_BODY } from './message-rows.js';

const { ConversationType, MessageFlag: Flag, MessagePriority: Priority } = messagev1;
const TIME_MS = 1_700_000_123_456n;
const TOPIC = 'g1@TOPIC#_t1';

let world: World;
beforeEach(async () => {
  world = new World();
  await world.start();
});
afterEach(() => world.stop());

const expectRefusal = (command: string, body: unknown, code: number) =>
  groupRefusal(world, command, body, code);

const text = (bytes: unknown) => Buffer.from(bytes as Uint8Array).toString();

describe('send_group_msg', () => {
  const PATH = `${SVC}/send_group_msg`;
  const request = { GroupId: 'g1', Random: 42, MsgBody: MSG_BODY };
  beforeEach(() => {
    world.messages.send = async () => ({ seq: 9n, timeMs: TIME_MS });
  });
  const sent = () => world.callsOf('Send')[0]?.request ?? {};

  it('sends and answers MsgTime and MsgSeq', async () => {
    const body = {
      ...request,
      From_Account: 'alice',
      CloudCustomData: 'c',
      OfflinePushInfo: { PushFlag: 1 },
    };
    expect((await world.call(PATH, body)).body).toEqual({
      ...OK,
      MsgTime: 1_700_000_123,
      MsgSeq: 9,
      MsgDropReason: '',
    });
    expect(sent()).toMatchObject({
      from: 'alice',
      to: 'g1',
      type: ConversationType.GROUP,
      random: 42,
      cloudCustomData: 'c',
      flags: 0,
      priority: Priority.NORMAL,
      toAccounts: [],
      atAccounts: [],
      atAll: false,
      dedupKey: `rest:42:${crc32(`${BODY_JSON}c`)}`,
      dedupWindowS: 300,
    });
    expect(text(sent().body)).toBe(BODY_JSON);
    expect(text(sent().offlinePush)).toBe('{"PushFlag":1}');
  });

  it('says that a message above the rate was dropped', async () => {
    world.messages.send = async () => ({ timeMs: TIME_MS, shed: true });
    const { body } = await world.call(PATH, request);
    expect(body).toEqual({ ...OK, MsgTime: 1_700_000_123, MsgSeq: 0, MsgDropReason: 'MsgFreqCtrl' });
  });

  it('comes from the admin when nobody is named, and goes to a topic that is', async () => {
    await world.call(PATH, { ...request, From_Account: '', TopicId: TOPIC });
    expect(sent()).toMatchObject({ from: ADMIN, to: TOPIC });
  });

  it.each([
    ['OnlineOnlyFlag', { OnlineOnlyFlag: 1 }, Flag.ONLINE_ONLY],
    ['MsgOnlineOnlyFlag', { MsgOnlineOnlyFlag: 1 }, Flag.ONLINE_ONLY],
    ['the newer name of both', { OnlineOnlyFlag: 0, MsgOnlineOnlyFlag: 1 }, 0],
    ['NoUnread', { SendMsgControl: ['NoUnread'] }, Flag.NO_UNREAD],
    ['NoLastMsg', { SendMsgControl: ['NoLastMsg', 'Other'] }, Flag.NO_LAST],
    ['NeedReadReceipt', { NeedReadReceipt: 1 }, Flag.NEED_READ_RECEIPT],
    ['SupportMessageExtension', { SupportMessageExtension: 1 }, Flag.SUPPORT_EXTENSION],
    ['ForbidCallbackControl', { ForbidCallbackControl: ['ForbidBeforeSendMsgCallback'] }, 0],
  ])('takes %s', async (_what, change, flags) => {
    expect((await world.call(PATH, { ...request, ...change })).body).toMatchObject(OK);
    expect(sent().flags).toBe(flags);
  });

  it.each([
    ['High', Priority.HIGH],
    ['Normal', Priority.NORMAL],
    ['Low', Priority.LOW],
    ['Lowest', Priority.LOWEST],
  ])('takes the priority %s', async (MsgPriority, priority) => {
    await world.call(PATH, { ...request, MsgPriority });
    expect(sent().priority).toBe(priority);
  });

  it('names receivers, each once, and mentions in their order', async () => {
    const To_Account = ['bob', 'carol', 'bob'];
    const GroupAtInfo = [
      { GroupAtAllFlag: 0, GroupAt_Account: 'carol' },
      { GroupAtAllFlag: 1 },
      { GroupAt_Account: 'bob' },
    ];
    await world.call(PATH, { ...request, To_Account, GroupAtInfo });
    expect(sent()).toMatchObject({ toAccounts: ['bob', 'carol'], atAll: true, atAccounts: ['carol', 'bob'] });
  });

  it('takes 12 KiB, 50 receivers and 30 mentions', async () => {
    const body = {
      ...request,
      MsgBody: bodyOf(12_288),
      To_Account: many(50, (index) => `u${index}`),
      GroupAtInfo: many(30, (index) => ({ GroupAt_Account: `u${index}` })),
    };
    expect((await world.call(PATH, body)).body).toMatchObject(OK);
  });

  it.each<RefusalRow>([
    ['no GroupId', { GroupId: undefined }, 10004],
    ['a GroupId outside ASCII', { GroupId: 'zoë' }, 10015],
    ['a topic of another group', { TopicId: 'g2@TOPIC#_t1' }, 10015],
    ['no Random', { Random: undefined }, 10004],
    ['a Random above 32 bits', { Random: 4_294_967_296 }, 10004],
    ['no MsgBody', { MsgBody: undefined }, 10004],
    ['a MsgBody of 12 KiB and a byte', { MsgBody: bodyOf(12_289) }, 80002],
    ['a CloudCustomData that is an object', { CloudCustomData: {} }, 10004],
    ['a From_Account of 33 bytes', { From_Account: 'a'.repeat(33) }, 10004],
    ['a MsgPriority in lower case', { MsgPriority: 'high' }, 10004],
    ['a MsgPriority that is a number', { MsgPriority: 1 }, 10004],
    ['an OnlineOnlyFlag of 2', { OnlineOnlyFlag: 2 }, 10004],
    ['control of what leaves nothing', { OnlineOnlyFlag: 1, SendMsgControl: ['NoUnread'] }, 10004],
    ['a SendMsgControl that is a string', { SendMsgControl: 'NoUnread' }, 10004],
    ['a ForbidCallbackControl that is a string', { ForbidCallbackControl: 'x' }, 10004],
    ['a NeedReadReceipt that is a boolean', { NeedReadReceipt: true }, 10004],
    ['an OfflinePushInfo that is a string', { OfflinePushInfo: 'x' }, 90043],
    ['a To_Account that is a string', { To_Account: 'bob' }, 10004],
    ['51 receivers', { To_Account: many(51, (index) => `u${index}`) }, 10005],
    ['a GroupAtInfo that is an object', { GroupAtInfo: {} }, 10004],
    ['a mention of nobody', { GroupAtInfo: [{ GroupAtAllFlag: 0 }] }, 10004],
    ['31 mentions', { GroupAtInfo: many(31, (index) => ({ GroupAt_Account: `u${index}` })) }, 10053],
  ])('refuses %s', async (_what, change, code) => {
    await expectRefusal(PATH, { ...request, ...(change as object) }, code);
    expect(world.callsOf('Send')).toEqual([]);
  });

  it.each([10004, 10007, 10010, 10016, 10017, 10019, 10023, 10060, 80001, 80002])(
    'answers what the service says: %d',
    async (code) => {
      world.messages.send = refusing(code, 'says the service');
      await expectRefusal(PATH, request, code);
    },
  );
});

describe('import_group_msg', () => {
  const PATH = `${SVC}/import_group_msg`;
  const item = { From_Account: 'alice', SendTime: 1_600_000_000, Random: 7, MsgBody: MSG_BODY };
  let seq: bigint;
  beforeEach(() => {
    seq = 0n;
    world.groups.getGroups = async () => ({
      groups: [{ groupId: 'g1', group: { groupId: 'g1', createTimeS: 1_600_000_000 } }],
    });
    world.messages.import = async () => ({ seq: ++seq });
  });
  const imported = () => world.callsOf('Import').map(({ request }) => request);

  it('brings messages in, one after the other', async () => {
    const MsgList = [item, { ...item, SendTime: 1_600_000_001, Random: undefined, CloudCustomData: 'c' }];
    expect((await world.call(PATH, { GroupId: 'g1', RecentContactFlag: 1, MsgList })).body).toEqual({
      ...OK,
      ImportMsgResult: [
        { MsgSeq: 1, MsgTime: 1_600_000_000, Result: 0 },
        { MsgSeq: 2, MsgTime: 1_600_000_001, Result: 0 },
      ],
    });
    expect(imported()).toMatchObject([
      {
        from: 'alice',
        to: 'g1',
        type: ConversationType.GROUP,
        timeS: 1_600_000_000,
        random: 7,
        msgSeq: crc32(BODY_JSON),
        live: false,
      },
      { random: 0, cloudCustomData: 'c', timeS: 1_600_000_001 },
    ]);
    expect(text(imported()[0]?.body)).toBe(BODY_JSON);
  });

  it('gives each message its own result', async () => {
    const refusals = new Map([
      ['late', ErrorCode.GROUP_BAD_PARAMETER],
      ['nobody', ErrorCode.GROUP_ACCOUNT_NOT_FOUND],
      ['long', ErrorCode.GROUP_IMPORT_TOO_LONG],
    ]);
    world.messages.import = async ({ from }) => {
      const code = refusals.get(from);
      return code === undefined ? { seq: 5n } : refusing(code, 'says the service')();
    };
    const MsgList = [
      { ...item, SendTime: 1_599_999_999 },
      { ...item, SendTime: 4_000_000_000 },
      { ...item, MsgBody: bodyOf(12_289) },
      ...['late', 'nobody', 'long', 'alice'].map((From_Account) => ({ ...item, From_Account })),
    ];
    const { body } = await world.call(PATH, { GroupId: 'g1', MsgList });
    const results = body.ImportMsgResult as { Result: number; MsgSeq: number }[];
    expect(results.map(({ Result }) => Result)).toEqual([10004, 10004, 80002, 10004, 10019, 80002, 0]);
    expect(results.map(({ MsgSeq }) => MsgSeq)).toEqual([0, 0, 0, 0, 0, 0, 5]);
  });

  it('goes to a topic that is named', async () => {
    await world.call(PATH, { GroupId: 'g1', TopicId: TOPIC, MsgList: [item] });
    expect(imported()).toMatchObject([{ to: TOPIC }]);
  });

  it.each([
    [ErrorCode.GROUP_TYPE_WITHOUT_HISTORY, 10007],
    [ErrorCode.GROUP_NOT_FOUND, 10010],
    [ErrorCode.UNAVAILABLE, 10002],
  ])('ends when the service says %d', async (inner, code) => {
    world.messages.import = refusing(inner, 'says the service');
    await expectRefusal(PATH, { GroupId: 'g1', MsgList: [item, item] }, code);
    expect(imported()).toHaveLength(1);
  });

  it('does not go with live groups', async () => {
    world.groups.getGroups = async () => ({
      groups: [{ groupId: 'g1', group: { type: 'Stage', live: true } }],
    });
    await expectRefusal(PATH, { GroupId: 'g1', MsgList: [item] }, 10007);
    expect(imported()).toEqual([]);
  });

  it('asks for a group that exists', async () => {
    world.groups.getGroups = async () => ({
      groups: [{ groupId: 'g1', code: 10010, info: 'no such group' }],
    });
    await expectRefusal(PATH, { GroupId: 'g1', MsgList: [item] }, 10010);
    expect(imported()).toEqual([]);
  });

  it.each<RefusalRow>([
    ['no GroupId', { GroupId: undefined }, 10004],
    ['no MsgList', { MsgList: undefined }, 10004],
    ['an empty MsgList', { MsgList: [] }, 10004],
    ['21 messages', { MsgList: many(21, () => item) }, 10004],
    ['a message without sender', { MsgList: [{ ...item, From_Account: undefined }] }, 10004],
    ['a message without time', { MsgList: [{ ...item, SendTime: undefined }] }, 10004],
    ['a message without body', { MsgList: [{ ...item, MsgBody: undefined }] }, 10004],
    ['a RecentContactFlag of 2', { RecentContactFlag: 2 }, 10004],
  ])('refuses %s', async (_what, change, code) => {
    await expectRefusal(PATH, { GroupId: 'g1', MsgList: [item], ...(change as object) }, code);
    expect(imported()).toEqual([]);
  });
});

describe('group_msg_get_simple', () => {
  const PATH = `${SVC}/group_msg_get_simple`;
  const message = (seq: bigint, change: object = {}) => ({
    seq,
    from: 'alice',
    timeMs: TIME_MS,
    random: 42,
    body: Buffer.from(BODY_JSON),
    cloudCustomData: 'c',
    ...change,
  });
  const json = (MsgSeq: number, change: object = {}) => ({
    From_Account: 'alice',
    IsPlaceMsg: 0,
    MsgBody: MSG_BODY,
    MsgPriority: 2,
    MsgRandom: 42,
    MsgSeq,
    MsgTimeStamp: 1_700_000_123,
    IsSystemMsg: 0,
    CloudCustomData: 'c',
    ...change,
  });
  const asked = () => world.callsOf('ListMessages').map(({ request }) => request);

  it('answers a page, newest first', async () => {
    world.messages.listMessages = async () => ({
      messages: [message(7n, { flags: Flag.SYSTEM }), message(8n, { priority: Priority.HIGH })],
      isComplete: true,
    });
    expect((await world.call(PATH, { GroupId: 'g1', ReqMsgNumber: 20, ReqMsgSeq: 8 })).body).toEqual({
      ...OK,
      GroupId: 'g1',
      IsFinished: 1,
      RspMsgList: [json(8, { MsgPriority: 1 }), json(7, { IsSystemMsg: 1 })],
    });
    // Nobody is named: an admin sees everything.
    expect(asked()).toEqual([
      { user: '', type: ConversationType.GROUP, peer: 'g1', limit: 20, beforeSeq: 9n },
    ]);
  });

  it('begins at the newest, and reads topics', async () => {
    world.messages.listMessages = async () => ({ messages: [message(1n)] });
    const body = { GroupId: 'g1', ReqMsgNumber: 1, WithRecalledMsg: 1, TopicId: TOPIC };
    expect((await world.call(PATH, body)).body).toEqual({
      ...OK,
      GroupId: 'g1',
      IsFinished: 0,
      RspMsgList: [json(1, { TopicId: TOPIC })],
    });
    expect(asked()).toMatchObject([{ peer: TOPIC, beforeSeq: 0n }]);
  });

  it.each<RefusalRow>([
    ['no GroupId', { GroupId: undefined }, 10004],
    ['no ReqMsgNumber', { ReqMsgNumber: undefined }, 10004],
    ['a ReqMsgNumber of 0', { ReqMsgNumber: 0 }, 10004],
    ['a ReqMsgNumber of 21', { ReqMsgNumber: 21 }, 10004],
    ['a ReqMsgSeq that is a string', { ReqMsgSeq: '1' }, 10004],
    ['a WithRecalledMsg of 2', { WithRecalledMsg: 2 }, 10004],
  ])('refuses %s', (_what, change, code) =>
    expectRefusal(PATH, { GroupId: 'g1', ReqMsgNumber: 1, ...(change as object) }, code),
  );

  it('answers 10044 for a type without history', async () => {
    world.messages.listMessages = refusing(10044, 'says the service');
    await expectRefusal(PATH, { GroupId: 'g1', ReqMsgNumber: 1 }, 10044);
  });
});
