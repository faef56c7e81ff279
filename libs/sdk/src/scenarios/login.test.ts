import { ByeCode } from '@parley/wire';
import { EVENT } from '../constants/event.js';
import { sigOf } from '../testing/protocol-server.js';
import { World } from '../testing/world.js';

describe('login', () => {
  it('resolves when the server accepts it, and tells the states [parity: sdk login, sdk getLoginUser, sdk isReady, sdk on, event SDK_READY, event NET_STATE_CHANGE]', async () => {
    const world = new World();
    const alice = world.device('alice', { instanceID: 'i-1' });
    expect([alice.chat.isReady(), alice.chat.getLoginUser()]).toEqual([false, '']);
    const login = alice.login();
    expect(alice.chat.getLoginUser()).toBe('');
    await world.clock.pass(1_000);
    expect(await login).toEqual({
      code: 0,
      data: { actionStatus: 'OK', errorCode: 0, errorInfo: '', instanceID: 'i-1', repeatLogin: false },
    });
    expect([alice.chat.isReady(), alice.chat.getLoginUser()]).toEqual([true, 'alice']);
    expect(alice.told(EVENT.NET_STATE_CHANGE)).toEqual([{ state: 'connecting' }, { state: 'connected' }]);
    expect(alice.told(EVENT.SDK_READY)).toEqual([{}]);
    expect(alice.events.at(-1)).toEqual({ name: EVENT.CONVERSATION_LIST_UPDATED, data: [] });
  });

  it('answers a repeated login of the same user and refuses another one', async () => {
    const world = new World();
    const alice = await world.ready('alice');
    expect(await alice.login()).toMatchObject({ data: { repeatLogin: true } });
    await expect(alice.chat.login({ userID: 'bob', userSig: sigOf('bob') })).rejects.toMatchObject({
      code: 2025,
    });
    expect(world.server.hellos).toBe(1);
  });

  it('shares one attempt among calls', async () => {
    const world = new World();
    const alice = world.device('alice');
    const logins = [alice.login(), alice.login()];
    await world.clock.pass(1_000);
    expect(await Promise.all(logins)).toHaveLength(2);
    expect(world.server.hellos).toBe(1);
  });

  it.each([
    [{ userID: '', userSig: 'x' }, 2002],
    [{ userID: 'alice', userSig: '' }, 2003],
    [undefined, 2002],
  ])('refuses %j at once', async (options, code) => {
    const alice = new World().device('alice');
    await expect(alice.chat.login(options as never)).rejects.toMatchObject({ code });
  });

  it('rejects with the code and the text of the server, and may be tried again', async () => {
    const world = new World();
    const alice = world.device('alice');
    const refused = alice.chat.login({ userID: 'alice', userSig: 'forged' });
    const outcome = expect(refused).rejects.toMatchObject({
      code: 70003,
      message: 'the UserSig is malformed',
    });
    await world.clock.pass(1_000);
    await outcome;
    expect(alice.told(EVENT.NET_STATE_CHANGE).at(-1)).toEqual({ state: 'disconnected' });
    expect(alice.told(EVENT.KICKED_OUT)).toEqual([]);
    const login = alice.login();
    await world.clock.pass(1_000);
    await login;
    expect(alice.chat.isReady()).toBe(true);
  });

  it('tries for a while without a connection and then rejects', async () => {
    const world = new World();
    world.isUp = false;
    const alice = world.device('alice');
    const outcome = expect(alice.login()).rejects.toMatchObject({ code: 2800 });
    await world.clock.pass(20_000);
    await outcome;
    expect(world.clock.pending).toBe(0);
  });

  it('gets through when the network comes up in time', async () => {
    const world = new World();
    world.isUp = false;
    const alice = world.device('alice');
    const login = alice.login();
    await world.clock.pass(3_000);
    world.isUp = true;
    await world.clock.pass(10_000);
    await login;
    expect(alice.chat.isReady()).toBe(true);
  });

  it('is abandoned by a logout', async () => {
    const world = new World();
    const alice = world.device('alice');
    const outcome = expect(alice.login()).rejects.toMatchObject({ code: 6023 });
    const logout = alice.chat.logout();
    await world.clock.pass(1_000);
    await outcome;
    await logout;
  });

  it('becomes ready although the first list fails for a while', async () => {
    const world = new World();
    let failures = 3;
    world.server.faults.onCall = () => (failures-- > 0 ? { code: 91000 } : 'answer');
    const alice = world.device('alice');
    const login = alice.login();
    await world.clock.pass(100);
    await login;
    expect(alice.chat.isReady()).toBe(false);
    await world.clock.pass(10_000);
    expect(alice.chat.isReady()).toBe(true);
  });
});

describe('logout', () => {
  it('tells the server, forgets everything and ends the session [parity: sdk logout, event SDK_NOT_READY]', async () => {
    const world = new World();
    world.server.sendText('bob', 'alice', 'hi');
    const alice = await world.ready('alice');
    const logout = alice.chat.logout();
    await world.clock.pass(1_000);
    expect(await logout).toEqual({ code: 0, data: {} });
    expect(alice.told(EVENT.SDK_NOT_READY)).toHaveLength(1);
    expect(alice.told(EVENT.NET_STATE_CHANGE).at(-1)).toEqual({ state: 'disconnected' });
    expect(world.server.calls.at(-1)?.method).toBe('logout');
    expect(world.server.connections.size).toBe(0);
    expect(alice.chat.getTotalUnreadMessageCount()).toBe(0);
    await expect(alice.chat.getConversationList()).rejects.toMatchObject({ code: 2024 });
    expect(world.clock.pending).toBe(0);
  });

  it('lets the instance log in again, as somebody else', async () => {
    const world = new World();
    const alice = await world.ready('alice');
    const logout = alice.chat.logout();
    await world.clock.pass(1_000);
    await logout;
    const login = alice.chat.login({ userID: 'bob', userSig: sigOf('bob') });
    await world.clock.pass(1_000);
    await login;
    expect(alice.chat.getLoginUser()).toBe('bob');
  });

  it('ends in time although the server does not answer', async () => {
    const world = new World();
    const alice = await world.ready('alice');
    world.server.faults.onCall = () => 'ignore';
    const logout = alice.chat.logout();
    await world.clock.pass(8_000);
    await logout;
    expect(world.clock.pending).toBe(0);
  });

  it('is nothing when nobody is logged in', async () => {
    const alice = new World().device('alice');
    await alice.chat.logout();
    expect(alice.events).toEqual([]);
  });
});

describe('the end of a login by the server', () => {
  it.each([
    [ByeCode.KICKED_BY_SAME_PLATFORM, 'multipleAccount'],
    [ByeCode.KICKED_BY_OTHER_DEVICE, 'multipleDevice'],
    [ByeCode.USER_SIG_EXPIRED, 'userSigExpired'],
    [ByeCode.KICKED_BY_ADMIN, 'REST_API_Kick'],
  ])('Bye %i is KICKED_OUT %s, without coming back [parity: event KICKED_OUT]', async (code, type) => {
    const world = new World();
    const alice = await world.ready('alice');
    const waiting = alice.sendText('bob', 'never answered');
    world.server.faults.onCall = () => 'ignore';
    await world.clock.pass(10);
    world.server.connectionsOf('alice')[0]?.bye(code, 'go');
    await world.clock.pass(120_000);
    expect(alice.told(EVENT.KICKED_OUT)).toEqual([{ type }]);
    expect(alice.told(EVENT.SDK_NOT_READY)).toEqual([{}]);
    expect([alice.chat.isReady(), alice.chat.getLoginUser()]).toEqual([false, '']);
    expect(waiting).toMatchObject({ outcome: 'failed', code: 2024 });
    expect(world.server.hellos).toBe(1);
    expect(world.clock.pending).toBe(0);
  });

  it('is a kick when the UserSig ran out while the client was away', async () => {
    const world = new World();
    const alice = await world.ready('alice');
    world.server.faults.onHello = () => ({ code: 70001, info: 'expired' });
    world.server.connectionsOf('alice')[0]?.cut();
    await world.clock.pass(10_000);
    expect(alice.told(EVENT.KICKED_OUT)).toEqual([{ type: 'userSigExpired' }]);
  });

  it('is an error when the server refuses for another reason [parity: event ERROR]', async () => {
    const world = new World();
    const alice = await world.ready('alice');
    world.server.connectionsOf('alice')[0]?.bye(ByeCode.PROTOCOL_ERROR, 'bad-tag');
    await world.clock.pass(10_000);
    expect(alice.told(EVENT.ERROR)).toEqual([{ code: 4500, message: 'bad-tag' }]);
    expect(alice.told(EVENT.KICKED_OUT)).toEqual([]);
    expect(alice.chat.isReady()).toBe(false);
  });
});

describe('server time', () => {
  it('follows the server, in seconds [parity: sdk getServerTime]', async () => {
    const world = new World();
    const alice = world.device('alice', {
      clock: {
        now: () => world.clock.now() + 3_600_000,
        elapsed: () => world.clock.elapsed(),
        setTimer: (task, delayMs) => world.clock.setTimer(task, delayMs),
        clearTimer: (timer) => world.clock.clearTimer(timer),
      },
    });
    expect(alice.chat.getServerTime()).toBe(Math.floor((world.clock.now() + 3_600_000) / 1000));
    const login = alice.login();
    await world.clock.pass(1_000);
    await login;
    expect(Math.abs(alice.chat.getServerTime() - world.clock.now() / 1000)).toBeLessThan(2);
  });
});

describe('destroy', () => {
  it('logs out, drops the listeners and leaves nothing running [parity: sdk destroy]', async () => {
    const world = new World();
    const alice = await world.ready('alice');
    const done = alice.chat.destroy();
    await world.clock.pass(1_000);
    await done;
    const before = alice.events.length;
    const login = alice.login();
    await world.clock.pass(1_000);
    await login;
    expect(alice.events.length).toBe(before);
  });
});
