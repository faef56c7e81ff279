// sendmsg and batchsendmsg: every field, limit and refusal.
import { crc32 } from 'node:zlib';
import { ChatError, ErrorCode } from '@parley/kernel';
import { messagev1 } from '@parley/proto';
import { ADMIN, type RefusalRow, World } from './harness.js';
import { BODY_JSON, bodyOf, COMMON_REFUSALS, MSG_BODY } from './message-rows.js';

const { MessageFlag: Flag } = messagev1;
const OK = { ActionStatus: 'OK', ErrorInfo: '', ErrorCode: 0 };
const TIME_MS = 1_700_000_123_456n;
const TIME_S = 1_700_000_123;

let world: World;
beforeEach(async () => {
  world = new World();
  world.messages.send = async ({ msgSeq }) => ({ seq: 9n, timeMs: TIME_MS, msgSeq });
  await world.start();
});
afterEach(() => world.stop());

const text = (bytes: unknown) => Buffer.from(bytes as Uint8Array).toString();
const sentRequest = () => world.callsOf('Send')[0]?.request ?? {};

const expectRefusal = async (command: string, body: unknown, code: number) => {
  const answer = await world.call(command, body);
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({ ActionStatus: 'FAIL', ErrorCode: code });
  expect(answer.body.ErrorInfo).not.toBe('');
  expect(world.callsOf('Send')).toEqual([]);
};

const OPTION_REFUSALS: RefusalRow[] = [
  ['a SyncOtherMachine that is a string', { SyncOtherMachine: '1' }, 90031],
  ['a SyncOtherMachine with a fraction', { SyncOtherMachine: 1.5 }, 90031],
  ['a MsgLifeTime that is a string', { MsgLifeTime: '60' }, 90044],
  ['a MsgLifeTime with a fraction', { MsgLifeTime: 0.5 }, 90044],
  ['a negative MsgLifeTime', { MsgLifeTime: -1 }, 90044],
  ['an OnlineOnlyFlag that is a boolean', { OnlineOnlyFlag: true }, 90010],
  ['an OnlineOnlyFlag of 2', { OnlineOnlyFlag: 2 }, 90010],
  ['a SendMsgControl that is a string', { SendMsgControl: 'NoUnread' }, 90010],
  ['a number in SendMsgControl', { SendMsgControl: [1] }, 90010],
  [
    'a ForbidCallbackControl that is a string',
    { ForbidCallbackControl: 'ForbidBeforeSendMsgCallback' },
    90010,
  ],
  ['an IsNeedReadReceipt that is a string', { IsNeedReadReceipt: '1' }, 90010],
  ['a SupportMessageExtension of 2', { SupportMessageExtension: 2 }, 90010],
  ['an OfflinePushInfo that is a string', { OfflinePushInfo: 'push' }, 90043],
  ['an OfflinePushInfo that is an array', { OfflinePushInfo: [] }, 90043],
  ['a PushFlag that is a string', { OfflinePushInfo: { PushFlag: '0' } }, 90043],
  ['a Desc that is a number', { OfflinePushInfo: { Desc: 1 } }, 90043],
  ['an AndroidInfo that is a string', { OfflinePushInfo: { AndroidInfo: 'x' } }, 90043],
  ['an AndroidInfo.Sound that is a number', { OfflinePushInfo: { AndroidInfo: { Sound: 1 } } }, 90043],
  [
    'OPPOPrivateTitleParameters with a number',
    { OfflinePushInfo: { AndroidInfo: { OPPOPrivateTitleParameters: { a: 1 } } } },
    90043,
  ],
  ['an ApnsInfo that is an array', { OfflinePushInfo: { ApnsInfo: [] } }, 90043],
  ['an ApnsInfo.BadgeMode that is a string', { OfflinePushInfo: { ApnsInfo: { BadgeMode: '1' } } }, 90043],
];

describe('v4/openim/sendmsg [parity: rest v4/openim/sendmsg]', () => {
  const PATH = 'openim/sendmsg';
  const request = { From_Account: 'alice', To_Account: 'bob', MsgSeq: 7, MsgRandom: 42, MsgBody: MSG_BODY };

  it('sends and answers MsgTime, MsgKey and MsgId', async () => {
    expect((await world.call(PATH, request)).body).toEqual({
      ...OK,
      MsgTime: TIME_S,
      MsgKey: `7_42_${TIME_S}`,
      MsgId: `alice-${TIME_S}-42`,
    });
    expect(sentRequest()).toMatchObject({
      from: 'alice',
      to: 'bob',
      type: messagev1.ConversationType.C2C,
      msgSeq: 7,
      random: 42,
      cloudCustomData: '',
      flags: Flag.NOT_TO_SENDER_DEVICES,
      dedupWindowS: 120,
    });
    expect(text(sentRequest().body)).toBe(BODY_JSON);
    expect(text(sentRequest().offlinePush)).toBe('');
  });

  it('is named among its retries by sender, MsgSeq, MsgRandom and CRC32 of the content', async () => {
    await world.call(PATH, { ...request, CloudCustomData: 'more' });
    expect(sentRequest().dedupKey).toBe(`rest:7:42:${crc32(`${BODY_JSON}more`)}:alice`);
    await world.call(PATH, { ...request, CloudCustomData: 'more' });
    await world.call(PATH, { ...request, CloudCustomData: 'other' });
    await world.call(PATH, { ...request, CloudCustomData: 'more', From_Account: 'carol' });
    const keys = world.callsOf('Send').map((call) => call.request.dedupKey);
    expect(keys[1]).toBe(keys[0]);
    expect(new Set(keys).size).toBe(3);
  });

  it('answers the first names to a retry', async () => {
    world.messages.send = async () => ({ seq: 9n, timeMs: TIME_MS - 60_000n, msgSeq: 7, duplicate: true });
    expect((await world.call(PATH, request)).body).toMatchObject({ MsgKey: `7_42_${TIME_S - 60}` });
  });

  it('comes from the admin when From_Account is absent or empty', async () => {
    await world.call(PATH, { ...request, From_Account: undefined });
    await world.call(PATH, { ...request, From_Account: '' });
    expect(world.callsOf('Send').map((call) => call.request.from)).toEqual([ADMIN, ADMIN]);
  });

  it.each([undefined, 0])('gets a MsgSeq of its own when MsgSeq is %p', async (MsgSeq) => {
    await world.call(PATH, { ...request, MsgSeq });
    await world.call(PATH, { ...request, MsgSeq });
    const [first, second] = world.callsOf('Send').map((call) => Number(call.request.msgSeq));
    expect(first).toBeGreaterThan(0);
    expect(first).not.toBe(second);
  });

  it('takes the largest numbers there are', async () => {
    const answer = await world.call(PATH, { ...request, MsgSeq: 4_294_967_295, MsgRandom: 4_294_967_295 });
    expect(answer.body).toMatchObject({ MsgKey: `4294967295_4294967295_${TIME_S}` });
  });

  it.each([
    ['nothing', {}, Flag.NOT_TO_SENDER_DEVICES],
    ['SyncOtherMachine 1', { SyncOtherMachine: 1 }, 0],
    ['SyncOtherMachine 2', { SyncOtherMachine: 2 }, Flag.NOT_TO_SENDER_DEVICES | Flag.HIDDEN_FROM_SENDER],
    ['SyncOtherMachine 0', { SyncOtherMachine: 0 }, Flag.NOT_TO_SENDER_DEVICES],
    ['OnlineOnlyFlag 1', { OnlineOnlyFlag: 1, SyncOtherMachine: 1 }, Flag.ONLINE_ONLY],
    ['OnlineOnlyFlag 0', { OnlineOnlyFlag: 0, SyncOtherMachine: 1 }, 0],
    ['MsgLifeTime 0', { MsgLifeTime: 0, SyncOtherMachine: 1 }, Flag.ONLINE_ONLY],
    ['MsgLifeTime 60', { MsgLifeTime: 60, SyncOtherMachine: 1 }, 0],
    ['MsgLifeTime above a week', { MsgLifeTime: 10_000_000_000, SyncOtherMachine: 1 }, 0],
    ['NoUnread', { SendMsgControl: ['NoUnread'], SyncOtherMachine: 1 }, Flag.NO_UNREAD],
    ['NoLastMsg', { SendMsgControl: ['NoLastMsg'], SyncOtherMachine: 1 }, Flag.NO_LAST],
    [
      'WithMuteNotifications',
      { SendMsgControl: ['WithMuteNotifications'], SyncOtherMachine: 1 },
      Flag.WITH_MUTE_NOTIFICATIONS,
    ],
    [
      'several controls, one of them unknown',
      { SendMsgControl: ['NoUnread', 'NoLastMsg', 'Other'], SyncOtherMachine: 1 },
      Flag.NO_UNREAD | Flag.NO_LAST,
    ],
    ['IsNeedReadReceipt', { IsNeedReadReceipt: 1, SyncOtherMachine: 1 }, Flag.NEED_READ_RECEIPT],
    ['SupportMessageExtension', { SupportMessageExtension: 1, SyncOtherMachine: 1 }, Flag.SUPPORT_EXTENSION],
    [
      'ForbidCallbackControl',
      { ForbidCallbackControl: ['ForbidBeforeSendMsgCallback'], SyncOtherMachine: 1 },
      0,
    ],
    ['MsgTimeStamp of an old SDK', { MsgTimeStamp: 1_600_000_000, SyncOtherMachine: 1 }, 0],
  ])('turns %s into flags', async (_what, options, flags) => {
    expect((await world.call(PATH, { ...request, ...options })).body).toMatchObject(OK);
    expect(sentRequest().flags).toBe(flags);
  });

  it('keeps CloudCustomData and OfflinePushInfo as they are, with fields nobody knows', async () => {
    const OfflinePushInfo = {
      PushFlag: 0,
      Title: 't',
      Desc: 'd',
      Ext: '{"a":1}',
      AndroidInfo: { Sound: 's', OPPONotifyLevel: 16, OPPOPrivateTitleParameters: { a: 'b' }, Newer: [1] },
      ApnsInfo: { BadgeMode: 1, MutableContent: 1, SubTitle: 'x' },
      HarmonyInfo: { Any: true },
    };
    await world.call(PATH, { ...request, CloudCustomData: 'dätä', OfflinePushInfo });
    expect(sentRequest().cloudCustomData).toBe('dätä');
    expect(JSON.parse(text(sentRequest().offlinePush))).toEqual(OfflinePushInfo);
  });

  it('takes 12 KiB of body and custom data together', async () => {
    const answer = await world.call(PATH, {
      ...request,
      MsgBody: bodyOf(12_288 - 10),
      CloudCustomData: 'x'.repeat(10),
    });
    expect(answer.body).toMatchObject(OK);
  });

  it.each<RefusalRow>([
    ['no To_Account', { To_Account: undefined }, 90003],
    ['an empty To_Account', { To_Account: '' }, 90003],
    ['a To_Account that is a number', { To_Account: 1 }, 90003],
    ['a To_Account that is an array', { To_Account: ['bob'] }, 90003],
    ['a To_Account of 33 bytes', { To_Account: 'a'.repeat(33) }, 90003],
    ['a body of 12 KiB and a byte', { MsgBody: bodyOf(12_289) }, 93000],
    ['body and custom data of 12 KiB and a byte', { MsgBody: bodyOf(12_288), CloudCustomData: 'x' }, 93000],
    ...COMMON_REFUSALS,
    ...OPTION_REFUSALS,
  ])('refuses %s', (_what, change, code) => expectRefusal(PATH, { ...request, ...(change as object) }, code));

  it.each([20001, 20003, 20006, 80001, 90002, 90008, 90010, 90012, 90043, 90048, 93000])(
    'answers what the message service says: %d',
    async (code) => {
      world.messages.send = async () => {
        throw new ChatError(code, 'says the service');
      };
      const { body } = await world.call(PATH, request);
      expect(body).toEqual({ ActionStatus: 'FAIL', ErrorInfo: 'says the service', ErrorCode: code });
    },
  );
});

describe('v4/openim/batchsendmsg [parity: rest v4/openim/batchsendmsg]', () => {
  const PATH = 'openim/batchsendmsg';
  const request = {
    From_Account: 'alice',
    To_Account: ['bob', 'carol'],
    MsgSeq: 7,
    MsgRandom: 42,
    MsgBody: MSG_BODY,
  };

  it('sends to everybody once, under one MsgKey', async () => {
    const { body } = await world.call(PATH, { ...request, To_Account: ['bob', 'carol', 'bob'] });
    expect(body).toEqual({ ...OK, MsgKey: `7_42_${TIME_S}`, MsgId: `alice-${TIME_S}-42` });
    const sends = world.callsOf('Send').map((call) => call.request);
    expect(sends.map(({ to }) => to)).toEqual(['bob', 'carol']);
    expect(sends[0]?.dedupKey).toBe(sends[1]?.dedupKey);
  });

  it('gives all receivers one MsgSeq when none is given', async () => {
    const { body } = await world.call(PATH, { ...request, MsgSeq: undefined });
    const seqs = world.callsOf('Send').map((call) => call.request.msgSeq);
    expect(seqs[0]).toBe(seqs[1]);
    expect(body.MsgKey).toBe(`${seqs[0]}_42_${TIME_S}`);
  });

  it('takes 500 receivers and every option', async () => {
    const options = {
      SyncOtherMachine: 1,
      OnlineOnlyFlag: 1,
      MsgLifeTime: 60,
      CloudCustomData: 'data',
      SendMsgControl: ['NoUnread'],
      OfflinePushInfo: { Desc: 'd' },
      IsNeedReadReceipt: 1,
    };
    const To_Account = Array.from({ length: 500 }, (_, index) => `user${index}`);
    expect((await world.call(PATH, { ...request, ...options, To_Account })).body).toMatchObject(OK);
    expect(world.callsOf('Send')).toHaveLength(500);
    expect(sentRequest()).toMatchObject({
      flags: Flag.ONLINE_ONLY | Flag.NO_UNREAD | Flag.NEED_READ_RECEIPT,
      cloudCustomData: 'data',
    });
  });

  it('sends to some and names the others: SomeError', async () => {
    world.messages.send = async ({ to, msgSeq }) => {
      if (to === 'nobody') throw new ChatError(ErrorCode.TO_ACCOUNT_UNKNOWN, 'unknown');
      if (to === 'busy') throw new ChatError(ErrorCode.UNAVAILABLE, 'kafka is away');
      return { seq: 1n, timeMs: TIME_MS, msgSeq };
    };
    const { body } = await world.call(PATH, {
      ...request,
      To_Account: ['nobody', 'bob', 'x'.repeat(33), 'busy'],
    });
    expect(body).toEqual({
      ActionStatus: 'SomeError',
      ErrorInfo: '',
      ErrorCode: 0,
      MsgKey: `7_42_${TIME_S}`,
      MsgId: `alice-${TIME_S}-42`,
      ErrorList: [
        { To_Account: 'nobody', ErrorCode: 70107 },
        { To_Account: 'x'.repeat(33), ErrorCode: 70107 },
        { To_Account: 'busy', ErrorCode: 90994 },
      ],
    });
  });

  it('fails with 90012 when no receiver exists', async () => {
    world.messages.send = async () => {
      throw new ChatError(ErrorCode.TO_ACCOUNT_UNKNOWN, 'unknown');
    };
    const { body } = await world.call(PATH, request);
    expect(body).toEqual({
      ActionStatus: 'FAIL',
      ErrorInfo: 'invalid To_Account',
      ErrorCode: 90012,
      ErrorList: [
        { To_Account: 'bob', ErrorCode: 70107 },
        { To_Account: 'carol', ErrorCode: 70107 },
      ],
    });
  });

  it.each([
    [90002, 90002],
    [90008, 90008],
    [90010, 90010],
    [93000, 90055],
    [ErrorCode.INTERNAL, 91000],
    [ErrorCode.UNAVAILABLE, 90994],
  ])('fails with what refused everybody: %d as %d', async (inner, code) => {
    world.messages.send = async () => {
      throw new ChatError(inner, 'refused');
    };
    const { body } = await world.call(PATH, request);
    expect(body).toMatchObject({ ActionStatus: 'FAIL', ErrorCode: code });
  });

  it.each<RefusalRow>([
    ['no To_Account', { To_Account: undefined }, 90028],
    ['a To_Account that is a string', { To_Account: 'bob' }, 90028],
    ['an empty To_Account', { To_Account: [] }, 90029],
    ['501 receivers', { To_Account: Array.from({ length: 501 }, (_, index) => `user${index}`) }, 90011],
    ['a number in To_Account', { To_Account: ['bob', 1] }, 90003],
    ['an empty From_Account', { From_Account: '' }, 90008],
    ['a body of 12 KiB and a byte', { MsgBody: bodyOf(12_289) }, 90055],
    ...COMMON_REFUSALS,
    ...OPTION_REFUSALS,
  ])('refuses %s', (_what, change, code) => expectRefusal(PATH, { ...request, ...(change as object) }, code));
});
