// How often, and how much at once.
import { waitFor } from '@parley/testkit';
import { COMMANDS } from '../src/commands/command-table.js';
import { APP, World } from './harness.js';

const KICK = 'im_open_login_svc/kick';
const bob = { UserID: 'bob' };

describe('limits of the REST door', () => {
  let world: World;

  beforeEach(() => {
    world = new World();
    world.auth.kick = async () => ({});
    world.auth.checkAccounts = async () => ({ accounts: [] });
    world.messages.send = async ({ msgSeq }) => ({ seq: 1n, timeMs: 1_000n, msgSeq });
  });
  afterEach(() => world.stop());

  const codesOf = async (count: number, call: () => Promise<{ body: Record<string, unknown> }>) => {
    const answers = await Promise.all(Array.from({ length: count }, call));
    return answers.map(({ body }) => body.ErrorCode);
  };

  it('every command has its documented rate', () => {
    const heavy = COMMANDS.filter(({ perSecondMax }) => perSecondMax === 100).map(({ path }) => path);
    expect(heavy).toEqual([
      'im_open_login_svc/multiaccount_import',
      'im_open_login_svc/account_delete',
      'im_open_login_svc/account_check',
    ]);
    const single = COMMANDS.filter(({ perSecondMax }) => perSecondMax === 1).map(({ path }) => path);
    expect(single).toEqual([
      'group_open_http_svc/get_appid_group_list',
      'group_open_http_svc/send_broadcast_msg',
    ]);
    expect(COMMANDS.every(({ perSecondMax }) => [1, 100, 200].includes(perSecondMax))).toBe(true);
  });

  it('no two commands share a path', () => {
    expect(new Set(COMMANDS.map(({ path }) => path)).size).toBe(COMMANDS.length);
  });

  it('200 calls a second of one command and app pass, the next is refused with 60007', async () => {
    await world.start();
    const codes = await codesOf(201, () => world.call(KICK, bob));
    expect(codes.filter((code) => code === 0)).toHaveLength(200);
    expect(codes.filter((code) => code === 60007)).toHaveLength(1);
    expect((await world.call('im_open_login_svc/account_check', { CheckItem: [bob] })).body.ErrorCode).toBe(
      0,
    );
    expect((await world.call(KICK, bob, { sdkappid: '1400000002' })).body.ErrorCode).toBe(0);
    world.clock.advance(1_000);
    expect((await world.call(KICK, bob)).body.ErrorCode).toBe(0);
  });

  it('100 calls a second of a heavy command pass', async () => {
    await world.start();
    const codes = await codesOf(101, () =>
      world.call('im_open_login_svc/account_check', { CheckItem: [bob] }),
    );
    expect(codes.filter((code) => code === 60007)).toHaveLength(1);
  });

  it('callers who are not admins do not use up the rate of the app', async () => {
    await world.start();
    const good = world.auth.verifyUserSig;
    world.auth.verifyUserSig = async () => ({ isAdmin: false, expiresAtMs: 9_999_999_999_999n });
    await codesOf(201, () => world.call(KICK, bob, { identifier: 'mallory' }));
    world.auth.verifyUserSig = good!;
    expect((await world.call(KICK, bob)).body.ErrorCode).toBe(0);
  });

  it('v4/openim/batchsendmsg: 12,000 receivers a minute, then 90057', async () => {
    await world.start();
    const batch = (size: number) =>
      world.call('openim/batchsendmsg', {
        To_Account: Array.from({ length: size }, (_, index) => `user${index}`),
        MsgRandom: 1,
        MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'hi' } }],
      });
    for (let sent = 0; sent < 12_000; sent += 500) expect((await batch(500)).body.ErrorCode).toBe(0);
    expect((await batch(1)).body).toMatchObject({ ActionStatus: 'FAIL', ErrorCode: 90057 });
    expect(world.callsOf('Send')).toHaveLength(12_000);
    world.clock.advance(60_000);
    expect((await batch(1)).body.ErrorCode).toBe(0);
  });

  it('can be widened or turned off, for all apps or for one', async () => {
    await world.start({ rateFactor: 0.01, rateFactorByApp: `${APP}=0,1400000002=0.02` });
    expect(await codesOf(250, () => world.call(KICK, bob))).toEqual(Array(250).fill(0));
    const of = async (sdkappid: string) =>
      (await codesOf(5, () => world.call(KICK, bob, { sdkappid }))).filter((code) => code === 0).length;
    expect(await of('1400000002')).toBe(4);
    expect(await of('1400000003')).toBe(2);
  });

  it('let everybody pass while coordination is away', async () => {
    await world.start();
    world.isCoordinationAway = true;
    expect((await world.call(KICK, bob)).body.ErrorCode).toBe(0);
  });

  it('only so many requests are worked on at once: 60018', async () => {
    let go: (() => void) | undefined;
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    world.auth.kick = async () => {
      await gate;
      return {};
    };
    await world.start({ requestsInFlightMax: 2 });
    const held = [world.call(KICK, bob), world.call(KICK, bob)];
    await waitFor(() => world.callsOf('Kick').length === 2);
    expect((await world.call(KICK, bob)).body).toMatchObject({ ActionStatus: 'FAIL', ErrorCode: 60018 });
    go?.();
    for (const answer of await Promise.all(held)) expect(answer.body.ErrorCode).toBe(0);
    await waitFor(() => world.requestLines().length === 3);
    expect((await world.call(KICK, bob)).body.ErrorCode).toBe(0);
  });

  it('work that takes too long ends with the time-out of the family', async () => {
    world.auth.kick = () => new Promise(() => undefined);
    await world.start({ backendTimeoutMs: 100 });
    const pending = world.call(KICK, bob);
    await waitFor(() => world.callsOf('Kick').length === 1);
    world.clock.advance(200);
    expect((await pending).body).toMatchObject({ ErrorCode: 70169 });
  });
});
