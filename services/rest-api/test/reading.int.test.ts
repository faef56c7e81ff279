// admin_getroammsg, admin_set_msg_read and get_c2c_unread_msg_num: every field, limit and refusal.
import { ChatError, ErrorCode } from '@parley/kernel';
import { messagev1 } from '@parley/proto';
import { type RefusalRow, World } from './harness.js';

const OK = { ActionStatus: 'OK', ErrorInfo: '', ErrorCode: 0 };

let world: World;
beforeEach(async () => {
  world = new World();
  await world.start();
});
afterEach(() => world.stop());

const expectRefusal = async (command: string, body: unknown, code: number) => {
  const answer = await world.call(command, body);
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({ ActionStatus: 'FAIL', ErrorCode: code });
  expect(answer.body.ErrorInfo).not.toBe('');
};

const refuseWith = (code: number) => async (): Promise<never> => {
  throw new ChatError(code, 'says the service');
};

describe('v4/openim/admin_getroammsg [parity: rest v4/openim/admin_getroammsg]', () => {
  const PATH = 'openim/admin_getroammsg';
  const request = {
    Operator_Account: 'alice',
    Peer_Account: 'bob',
    MaxCnt: 20,
    MinTime: 1_500_000_000,
    MaxTime: 1_500_009_999,
  };
  const message = (seq: number, from: string, text: string) => ({
    seq: BigInt(seq),
    from,
    to: from === 'alice' ? 'bob' : 'alice',
    timeMs: 1_500_000_000_999n + BigInt(seq) * 1_000n,
    msgSeq: 100 + seq,
    random: 4_000_000_000 + seq,
    body: Buffer.from(JSON.stringify([{ MsgType: 'TIMTextElem', MsgContent: { Text: text } }])),
    cloudCustomData: seq === 1 ? 'data' : '',
    clientTimeS: seq === 1 ? 1_499_999_999 : 0,
  });
  const rendered = (seq: number, from: string, text: string) => ({
    From_Account: from,
    To_Account: from === 'alice' ? 'bob' : 'alice',
    MsgSeq: 100 + seq,
    MsgRandom: 4_000_000_000 + seq,
    MsgTimeStamp: 1_500_000_000 + seq,
    MsgClientTime: seq === 1 ? 1_499_999_999 : 0,
    MsgFlagBits: 0,
    MsgKey: `${100 + seq}_${4_000_000_000 + seq}_${1_500_000_000 + seq}`,
    MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: text } }],
    CloudCustomData: seq === 1 ? 'data' : '',
  });
  const asked = () => world.callsOf('ListMessagesByTime')[0]?.request;

  it('answers a page, oldest first, with the place to go on', async () => {
    world.messages.listMessagesByTime = async () => ({
      messages: [message(1, 'alice', 'hi'), message(2, 'bob', 'hö'), message(3, 'alice', 'bye')],
      isComplete: false,
      peerReadSeq: 1n,
    });
    expect((await world.call(PATH, request)).body).toEqual({
      ...OK,
      Complete: 0,
      MsgCnt: 3,
      LastMsgTime: 1_500_000_001,
      LastMsgKey: '101_4000000001_1500000001',
      MsgList: [
        { ...rendered(1, 'alice', 'hi'), IsPeerRead: 1 },
        { ...rendered(2, 'bob', 'hö'), IsPeerRead: 0 },
        { ...rendered(3, 'alice', 'bye'), IsPeerRead: 0 },
      ],
    });
    expect(asked()).toEqual({
      user: 'alice',
      peer: 'bob',
      minTimeS: 1_500_000_000,
      maxTimeS: 1_500_009_999,
      limit: 20,
      lastMsgKey: '',
      bytesMax: 13 * 1024,
    });
  });

  it('answers the end of a range', async () => {
    world.messages.listMessagesByTime = async () => ({ messages: [], isComplete: true });
    expect((await world.call(PATH, request)).body).toEqual({
      ...OK,
      Complete: 1,
      MsgCnt: 0,
      LastMsgTime: 0,
      LastMsgKey: '',
      MsgList: [],
    });
  });

  it('goes on below LastMsgKey, takes the names of old SDKs, and asks for at most 100', async () => {
    world.messages.listMessagesByTime = async () => ({ messages: [], isComplete: true });
    const { Operator_Account, Peer_Account, ...rest } = request;
    const old = { ...rest, From_Account: 'carol', To_Account: 'dave', MaxCnt: 5_000, LastMsgKey: '1_2_3' };
    expect((await world.call(PATH, old)).body).toMatchObject(OK);
    expect(asked()).toMatchObject({ user: 'carol', peer: 'dave', limit: 100, lastMsgKey: '1_2_3' });
  });

  it.each<RefusalRow>([
    ['no Operator_Account', { Operator_Account: undefined }, 90008],
    ['an Operator_Account that is a number', { Operator_Account: 1 }, 90008],
    ['an Operator_Account of 33 bytes', { Operator_Account: 'a'.repeat(33) }, 90008],
    ['no Peer_Account', { Peer_Account: undefined }, 90003],
    ['an empty Peer_Account', { Peer_Account: '' }, 90003],
    ['a Peer_Account that is an array', { Peer_Account: ['bob'] }, 90003],
    ['no MaxCnt', { MaxCnt: undefined }, 90001],
    ['a MaxCnt of 0', { MaxCnt: 0 }, 90001],
    ['a MaxCnt that is a string', { MaxCnt: '20' }, 90001],
    ['no MinTime', { MinTime: undefined }, 90001],
    ['a MinTime that is a string', { MinTime: '1' }, 90001],
    ['no MaxTime', { MaxTime: undefined }, 90001],
    ['a negative MaxTime', { MaxTime: -1 }, 90001],
    ['a LastMsgKey that is a number', { LastMsgKey: 1 }, 90001],
  ])('refuses %s', async (_what, change, code) => {
    await expectRefusal(PATH, { ...request, ...(change as object) }, code);
    expect(world.callsOf('ListMessagesByTime')).toEqual([]);
  });

  it.each([90003, 90008, 90054])('answers what the message service says: %d', async (code) => {
    world.messages.listMessagesByTime = refuseWith(code);
    await expectRefusal(PATH, request, code);
  });

  it('answers 91000, and logs why, when a stored body cannot be read', async () => {
    const broken = { ...message(1, 'alice', 'hi'), body: Buffer.from('[{') };
    world.messages.listMessagesByTime = async () => ({ messages: [broken], isComplete: true });
    await expectRefusal(PATH, request, 91000);
    await world.api.stop();
    expect(world.log.takeErrors()).toMatchObject([{ event: 'request', fields: { code: 91000 } }]);
  });
});

describe('v4/openim/admin_set_msg_read [parity: rest v4/openim/admin_set_msg_read]', () => {
  const PATH = 'openim/admin_set_msg_read';
  const request = { Report_Account: 'alice', Peer_Account: 'bob' };
  const asked = () => world.callsOf('MarkRead')[0]?.request;
  beforeEach(() => {
    world.messages.markRead = async () => ({ readSeq: 5n });
  });

  it('marks everything read up to now', async () => {
    expect((await world.call(PATH, request)).body).toEqual(OK);
    expect(asked()).toEqual({
      user: 'alice',
      type: messagev1.ConversationType.C2C,
      peer: 'bob',
      readSeq: 0n,
      untilTimeS: 0,
    });
  });

  it.each([1_500_000_000, '1500000000'])('marks read up to MsgReadTime %p', async (MsgReadTime) => {
    expect((await world.call(PATH, { ...request, MsgReadTime })).body).toEqual(OK);
    expect(asked()).toMatchObject({ untilTimeS: 1_500_000_000 });
  });

  it.each<RefusalRow>([
    ['no Report_Account', { Report_Account: undefined }, 90008],
    ['a Report_Account that is a number', { Report_Account: 1 }, 90008],
    ['no Peer_Account', { Peer_Account: undefined }, 90003],
    ['a Peer_Account of 33 bytes', { Peer_Account: 'a'.repeat(33) }, 90003],
    ['a MsgReadTime in words', { MsgReadTime: 'now' }, 90001],
    ['a MsgReadTime with a fraction', { MsgReadTime: 1.5 }, 90001],
    ['a negative MsgReadTime', { MsgReadTime: -1 }, 90001],
    ['a MsgReadTime that is an array', { MsgReadTime: ['1'] }, 90001],
    ['a MsgReadTime beyond 32 bits', { MsgReadTime: '9999999999' }, 90001],
  ])('refuses %s', async (_what, change, code) => {
    await expectRefusal(PATH, { ...request, ...(change as object) }, code);
    expect(world.callsOf('MarkRead')).toEqual([]);
  });

  it.each([90003, 90008])('answers what the message service says: %d', async (code) => {
    world.messages.markRead = refuseWith(code);
    await expectRefusal(PATH, request, code);
  });
});

describe('v4/openim/get_c2c_unread_msg_num [parity: rest v4/openim/get_c2c_unread_msg_num]', () => {
  const PATH = 'openim/get_c2c_unread_msg_num';
  const asked = () => world.callsOf('CountUnread')[0]?.request;
  beforeEach(() => {
    world.messages.countUnread = async ({ peers }) => ({
      total: 12n,
      peers: peers.map((peer) =>
        peer === 'nobody'
          ? { peer, code: ErrorCode.TO_ACCOUNT_INVALID }
          : { peer, unreadCount: BigInt(peer.length) },
      ),
    });
  });

  it.each([{}, { Peer_Account: [] }, { Peer_Account: null }])('answers the total for %j', async (peers) => {
    expect((await world.call(PATH, { To_Account: 'alice', ...peers })).body).toEqual({
      ...OK,
      AllC2CUnreadMsgNum: 12,
    });
    expect(asked()).toEqual({ user: 'alice', peers: [], type: messagev1.ConversationType.C2C });
  });

  it('answers by peer, with those that do not exist apart', async () => {
    const { body } = await world.call(PATH, {
      To_Account: 'alice',
      Peer_Account: ['bob', 'nobody', 'carol', 'bob'],
    });
    expect(body).toEqual({
      ...OK,
      C2CUnreadMsgNumList: [
        { Peer_Account: 'bob', C2CUnreadMsgNum: 3 },
        { Peer_Account: 'carol', C2CUnreadMsgNum: 5 },
      ],
      ErrorList: [{ Peer_Account: 'nobody', ErrorCode: 90003 }],
    });
  });

  it.each<RefusalRow>([
    ['no To_Account', {}, 90003],
    ['a To_Account that is an array', { To_Account: ['alice'] }, 90003],
    ['an empty To_Account', { To_Account: '' }, 90003],
    ['a Peer_Account that is a string', { To_Account: 'alice', Peer_Account: 'bob' }, 90001],
    ['a number in Peer_Account', { To_Account: 'alice', Peer_Account: [1] }, 90001],
    ['a malformed peer', { To_Account: 'alice', Peer_Account: ['a'.repeat(33)] }, 90008],
    ['11 peers', { To_Account: 'alice', Peer_Account: Array.from({ length: 11 }, (_, i) => `p${i}`) }, 90001],
  ])('refuses %s', async (_what, body, code) => {
    await expectRefusal(PATH, body, code);
    expect(world.callsOf('CountUnread')).toEqual([]);
  });

  it('answers what the message service says', async () => {
    world.messages.countUnread = refuseWith(ErrorCode.FROM_ACCOUNT_INVALID);
    await expectRefusal(PATH, { To_Account: 'nobody' }, 90008);
  });
});
