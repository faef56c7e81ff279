// importmsg: every field, limit and refusal.

import { ChatError } from '@parley/kernel';
import { messagev1 } from '@parley/proto';
import { type RefusalRow, World } from './harness.js';
import { BODY_JSON, bodyOf, COMMON_REFUSALS, MSG_BODY } from './message-rows.js';

const OK = { ActionStatus: 'OK', ErrorInfo: '', ErrorCode: 0 };

let world: World;
beforeEach(async () => {
  world = new World();
  world.messages.import = async () => ({ seq: 9n });
  await world.start();
});
afterEach(() => world.stop());

const text = (bytes: unknown) => Buffer.from(bytes as Uint8Array).toString();

const expectRefusal = async (command: string, body: unknown, code: number) => {
  const answer = await world.call(command, body);
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({ ActionStatus: 'FAIL', ErrorCode: code });
  expect(answer.body.ErrorInfo).not.toBe('');
  expect(world.callsOf('Import')).toEqual([]);
};

describe('v4/openim/importmsg [parity: rest v4/openim/importmsg]', () => {
  const PATH = 'openim/importmsg';
  const request = {
    SyncFromOldSystem: 2,
    From_Account: 'alice',
    To_Account: 'bob',
    MsgSeq: 7,
    MsgRandom: 42,
    MsgTimeStamp: 1_500_000_000,
    MsgBody: MSG_BODY,
  };
  const imported = () => world.callsOf('Import').map((call) => call.request);

  it('brings a message in with its time and content', async () => {
    expect((await world.call(PATH, { ...request, CloudCustomData: 'data' })).body).toEqual(OK);
    const { body, ...fields } = imported()[0] ?? {};
    expect(fields).toEqual({
      from: 'alice',
      to: 'bob',
      type: messagev1.ConversationType.C2C,
      msgSeq: 7,
      random: 42,
      timeS: 1_500_000_000,
      cloudCustomData: 'data',
      live: false,
      notLast: false,
    });
    expect(text(body)).toBe(BODY_JSON);
  });

  it('tells live messages from history', async () => {
    await world.call(PATH, { ...request, SyncFromOldSystem: 5 });
    expect(imported()[0]?.live).toBe(true);
  });

  it('answers a repeated import as it answered the first', async () => {
    world.messages.import = async () => ({ seq: 9n, duplicate: true });
    expect((await world.call(PATH, request)).body).toEqual(OK);
  });

  it('chooses the same MsgSeq again when none is given, so that a repeated import is recognised', async () => {
    await world.call(PATH, { ...request, MsgSeq: undefined });
    await world.call(PATH, { ...request, MsgSeq: undefined });
    await world.call(PATH, { ...request, MsgSeq: undefined, CloudCustomData: 'other' });
    const [first, second, third] = imported().map(({ msgSeq }) => msgSeq);
    expect(first).toBeGreaterThan(0);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  it.each<RefusalRow>([
    ['no SyncFromOldSystem', { SyncFromOldSystem: undefined }, 90030],
    ['a SyncFromOldSystem of 1', { SyncFromOldSystem: 1 }, 90030],
    ['a SyncFromOldSystem that is a string', { SyncFromOldSystem: '2' }, 90030],
    ['no From_Account', { From_Account: undefined }, 90008],
    ['an empty From_Account', { From_Account: '' }, 90008],
    ['no To_Account', { To_Account: undefined }, 90003],
    ['a To_Account that is a number', { To_Account: 1 }, 90003],
    ['no MsgTimeStamp', { MsgTimeStamp: undefined }, 90006],
    ['a MsgTimeStamp that is a string', { MsgTimeStamp: '1500000000' }, 90006],
    ['a MsgTimeStamp of 0', { MsgTimeStamp: 0 }, 90006],
    ['a MsgTimeStamp in milliseconds', { MsgTimeStamp: 1_500_000_000_000 }, 90006],
    ['a body of 12 KiB and a byte', { MsgBody: bodyOf(12_289) }, 93000],
    ...COMMON_REFUSALS,
  ])('refuses %s', (_what, change, code) => expectRefusal(PATH, { ...request, ...(change as object) }, code));

  it.each([90002, 90008, 90010, 90012, 90048])('answers what the message service says: %d', async (code) => {
    world.messages.import = async () => {
      throw new ChatError(code, 'says the service');
    };
    expect((await world.call(PATH, request)).body).toMatchObject({ ActionStatus: 'FAIL', ErrorCode: code });
  });
});
