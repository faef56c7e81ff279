// What every command has in common: URL, query, identity, limits, body, envelope.
import { connect } from 'node:net';
import { ChatError, ErrorCode, REST_BODY_BYTES_MAX } from '@parley/kernel';
import { waitFor } from '@parley/testkit';
import { ADMIN, APP, SIG, v4, World } from './harness.js';

const KICK = 'im_open_login_svc/kick';
const bob = { UserID: 'bob' };

describe('the REST door', () => {
  let world: World;

  beforeEach(async () => {
    world = new World();
    world.auth.kick = async () => ({});
    await world.start();
  });
  afterEach(() => world.stop());

  it('answers HTTP 200, an envelope and CORS headers', async () => {
    const { status, headers, body } = await world.call(KICK, bob);
    expect(body).toEqual({ ActionStatus: 'OK', ErrorInfo: '', ErrorCode: 0 });
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'access-control-allow-origin': '*',
      'access-control-allow-headers': 'X-Requested-With',
      'access-control-allow-methods': 'POST',
    });
  });

  it('acts as the admin, with a deadline and the trace of the caller', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    await world.send({ path: v4(KICK), body: JSON.stringify(bob), headers: { traceparent } });
    const [kick] = world.callsOf('Kick');
    expect(kick?.context).toMatchObject({ appId: APP, userId: ADMIN, role: 2, traceParent: traceparent });
    expect(kick?.context.deadlineMs).toBe(world.clock.now() + 3_000);
  });

  it('takes the body whatever its content type, and query parameters in any order', async () => {
    const path = `/v4/${KICK}?contenttype=json&usersig=${SIG}&random=1&sdkappid=${APP}&identifier=${ADMIN}`;
    for (const type of [
      'application/json',
      'text/plain; charset=utf-8',
      'application/x-www-form-urlencoded',
      'x',
    ]) {
      const answer = await world.send({ path, body: JSON.stringify(bob), headers: { 'content-type': type } });
      expect(answer.body).toMatchObject({ ErrorCode: 0 });
    }
  });

  it('does not need random to be anything in particular', async () => {
    expect((await world.call(KICK, bob, { random: undefined })).body).toMatchObject({ ErrorCode: 0 });
    expect((await world.call(KICK, bob, { random: 'abc' })).body).toMatchObject({ ErrorCode: 0 });
  });

  it.each([
    ['without sdkappid', { sdkappid: undefined }, 60012],
    ['with an empty sdkappid', { sdkappid: '' }, 60012],
    ['with sdkappid 0', { sdkappid: '0' }, 60025],
    ['with a negative sdkappid', { sdkappid: '-1' }, 60025],
    ['with an sdkappid in letters', { sdkappid: 'app' }, 60025],
    ['with an sdkappid above 32 bits', { sdkappid: '4294967296' }, 60025],
    ['without identifier', { identifier: undefined }, 60025],
    ['with an empty identifier', { identifier: '' }, 60025],
    ['with an identifier above 32 bytes', { identifier: 'a'.repeat(33) }, 60025],
    ['with an identifier outside ASCII', { identifier: 'zoë' }, 60025],
    ['without usersig', { usersig: undefined }, 60025],
    ['with an empty usersig', { usersig: '' }, 70002],
    ['with an oversized usersig', { usersig: 'a'.repeat(8_193) }, 60025],
    ['without contenttype', { contenttype: undefined }, 60025],
    ['with another contenttype', { contenttype: 'xml' }, 60025],
    ['with a contenttype in capitals', { contenttype: 'JSON' }, 60025],
  ])('refuses a URL %s', async (_what, query, code) => {
    const { status, body } = await world.call(KICK, bob, query);
    expect(body).toMatchObject({ ActionStatus: 'FAIL', ErrorCode: code });
    expect(status).toBe(200);
    expect(world.calls).toEqual([]);
  });

  it('refuses a parameter that is given twice, and names in another case', async () => {
    const twice = await world.send({ path: `${v4(KICK)}&sdkappid=${APP + 1}`, body: '{}' });
    expect(twice.body).toMatchObject({ ErrorCode: 60025 });
    const capitals = await world.send({ path: v4(KICK).replace('sdkappid', 'SdkAppid'), body: '{}' });
    expect(capitals.body).toMatchObject({ ErrorCode: 60012 });
  });

  it.each([
    ['POST', '/v4/openim/nothing', 200, 60009],
    ['POST', '/v4/nothing/sendmsg', 200, 60009],
    ['POST', '/v4/openim/SendMsg', 200, 60009],
    ['POST', '/v4/openim/sendms%67', 200, 60009],
    ['POST', '/v4/openim/sendmsg/', 200, 60009],
    ['POST', '/v4/openim', 200, 60009],
    ['POST', '/v4/openim/im_get_push_report', 200, 60009],
    ['POST', `/v4/openim/${'a'.repeat(101)}`, 200, 60009],
    ['POST', '/v5/openim/sendmsg', 404, 60009],
    ['POST', '/', 404, 60009],
    ['GET', '/v4/openim/nothing', 404, 60009],
    ['GET', '/v4/openim/sendmsg', 405, 60002],
    ['PUT', '/v4/openim/sendmsg', 405, 60002],
    ['DELETE', '/v4/openim/sendmsg', 405, 60002],
    ['GET', '/', 404, 60009],
    ['POST', '/v4/openim/%zz', 400, 60002],
  ])('answers %s %s with its status and code, before it asks anybody', async (method, path, status, code) => {
    const answer = await world.send({ method, path, body: method === 'POST' ? '{}' : '' });
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ ActionStatus: 'FAIL', ErrorCode: code });
    expect(answer.headers['access-control-allow-origin']).toBe('*');
    expect(world.calls).toEqual([]);
  });

  it('answers a preflight', async () => {
    const { status, headers } = await world.send({ method: 'OPTIONS', path: v4(KICK) });
    expect(status).toBe(200);
    expect(headers['access-control-allow-methods']).toBe('POST');
  });

  it('answers bytes that are no HTTP with an envelope', async () => {
    const text = await new Promise<string>((resolve, reject) => {
      const socket = connect(world.api.port, '127.0.0.1', () => socket.end('NONSENSE\r\n\r\n'));
      let received = '';
      socket.on('data', (chunk) => {
        received += chunk.toString();
      });
      socket.on('end', () => resolve(received));
      socket.on('error', reject);
    });
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
    expect(text).toContain('"ErrorCode":60002');
  });

  describe('the body', () => {
    it.each([
      ['nothing', ''],
      ['no JSON', '{"UserID":'],
      ['an array', '[]'],
      ['a string', '"bob"'],
      ['null', 'null'],
      ['two objects', '{}{}'],
      ['a form', 'UserID=bob'],
      ['objects inside each other', `${'{"a":'.repeat(65)}1${'}'.repeat(65)}`],
      ['arrays without an end', '['.repeat(500_000)],
      ['bytes that are not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ])('refuses %s: 60003 for accounts, 90001 for messages', async (_what, body) => {
      expect((await world.send({ path: v4(KICK), body })).body).toMatchObject({ ErrorCode: 60003 });
      expect((await world.send({ path: v4('openim/sendmsg'), body })).body).toMatchObject({
        ActionStatus: 'FAIL',
        ErrorCode: 90001,
        ErrorInfo: 'Fail to Parse json data of body, Please check it',
      });
    });

    it('may nest up to the limit, and braces in strings do not count', async () => {
      const nested = `${'['.repeat(63)}${']'.repeat(63)}`;
      const text = JSON.stringify('\\"{[{[{['.repeat(100));
      const body = `{"UserID":"bob","a":${nested},"b":${text}}`;
      expect((await world.send({ path: v4(KICK), body })).body).toMatchObject({ ErrorCode: 0 });
    });

    it('may have unknown fields, and null is absent', async () => {
      expect((await world.call(KICK, { UserID: 'bob', Extra: { a: 1 }, Other: null })).body).toMatchObject({
        ErrorCode: 0,
      });
      expect((await world.call(KICK, { UserID: null })).body).toMatchObject({ ErrorCode: 70402 });
    });

    it('cannot reach prototypes', async () => {
      for (const body of [
        '{"__proto__":{"UserID":"bob"}}',
        '{"constructor":{"prototype":{"UserID":"bob"}}}',
      ]) {
        expect((await world.call(KICK, body)).body).toMatchObject({ ErrorCode: 70402 });
      }
      expect(Reflect.get({}, 'UserID')).toBeUndefined();
    });

    it('of more than 1 MiB is refused with 413 and the connection closed', async () => {
      const tooMuch = Buffer.alloc(REST_BODY_BYTES_MAX + 1, 0x20);
      const { status, headers, body } = await world.send({ path: v4(KICK), body: tooMuch });
      expect(status).toBe(413);
      expect(headers.connection).toBe('close');
      expect(body).toMatchObject({ ActionStatus: 'FAIL', ErrorCode: 93000 });
    });

    it('of exactly 1 MiB is taken', async () => {
      const body = Buffer.alloc(REST_BODY_BYTES_MAX, 0x20);
      body.write('{"UserID":"bob"}');
      expect((await world.send({ path: v4(KICK), body })).body).toMatchObject({ ErrorCode: 0 });
    });
  });

  describe('trouble inside', () => {
    it.each([
      [ErrorCode.INTERNAL, 70500],
      [ErrorCode.ACCOUNT_INTERNAL, 70500],
      [ErrorCode.UNAVAILABLE, 70500],
      [ErrorCode.TIMEOUT, 70169],
      [ErrorCode.OVERLOADED, 60018],
      [ErrorCode.IDENTITY_CHECK_FAILED, 70500],
    ])('of account commands: %d becomes %d and says nothing about us', async (inner, code) => {
      world.auth.kick = async () => {
        throw new ChatError(inner, 'parley.auth.v1 at 10.0.0.1');
      };
      const { status, body } = await world.call(KICK, bob);
      expect(body).toMatchObject({ ActionStatus: 'FAIL', ErrorCode: code });
      expect(JSON.stringify(body)).not.toMatch(/parley|10\.0/);
      expect(status).toBe(200);
    });

    it.each([
      [ErrorCode.INTERNAL, 91000],
      [ErrorCode.INTERNAL_RETRY, 91000],
      [ErrorCode.C2C_INTERNAL, 91000],
      [ErrorCode.UNAVAILABLE, 90994],
      [ErrorCode.C2C_UNAVAILABLE, 90994],
      [ErrorCode.UNKNOWN_COMMAND, 90994],
      [ErrorCode.TIMEOUT, 60008],
      [ErrorCode.OVERLOADED, 60018],
    ])('of message commands: %d becomes %d and says nothing about us', async (inner, code) => {
      world.messages.markRead = async () => {
        throw new ChatError(inner, 'parley.message.v1 at 10.0.0.1');
      };
      const read = { Report_Account: 'alice', Peer_Account: 'bob' };
      const { body } = await world.call('openim/admin_set_msg_read', read);
      expect(body).toMatchObject({ ActionStatus: 'FAIL', ErrorCode: code });
      expect(JSON.stringify(body)).not.toMatch(/parley|10\.0/);
    });

    it('in a handler becomes the internal code of the family', async () => {
      world.auth.kick = async () => {
        throw new TypeError('secret detail');
      };
      const { body } = await world.call(KICK, bob);
      expect(body).toMatchObject({ ErrorCode: 70500 });
      expect(JSON.stringify(body)).not.toContain('secret');
    });

    it('of the auth service while it verifies becomes the code of the command', async () => {
      world.auth.verifyUserSig = async () => {
        throw new ChatError(ErrorCode.UNAVAILABLE, 'away');
      };
      expect((await world.call(KICK, bob)).body).toMatchObject({ ErrorCode: 70500 });
      expect((await world.call('openim/sendmsg', {})).body).toMatchObject({ ErrorCode: 90994 });
    });
  });

  describe('the log', () => {
    it('has one line a request, without body or signature', async () => {
      await world.call(KICK, { UserID: 'bob', Note: 'a secret of bob' });
      await waitFor(() => world.requestLines().length === 1);
      expect(world.requestLines()[0]).toMatchObject({
        level: 'info',
        fields: { appId: APP, userId: ADMIN, command: KICK, code: 0, status: 200, method: 'POST' },
      });
      const text = JSON.stringify(world.log.lines);
      expect(text).not.toContain(SIG);
      expect(text).not.toContain('secret of bob');
    });

    it('says why a request was refused, and cuts the path of an unknown command', async () => {
      await world.call(KICK, {});
      await world.send({ path: `/v4/${'x'.repeat(1_000)}?usersig=${SIG}` });
      await waitFor(() => world.requestLines().length === 2);
      expect(world.requestLines()[0]?.fields).toMatchObject({ code: 70402, reason: 'UserID is required' });
      expect(String(world.requestLines()[1]?.fields.command)).toHaveLength(100);
      expect(JSON.stringify(world.log.lines)).not.toContain(SIG);
    });
  });

  it('is ready while it runs, and asks connections to close while it drains', async () => {
    expect(world.api.ready()).toEqual({ isReady: true });
    await world.api.drain();
    expect(world.api.ready().isReady).toBe(false);
    const { headers, body } = await world.call(KICK, bob);
    expect(body).toMatchObject({ ErrorCode: 0 });
    expect(headers.connection).toBe('close');
    await world.api.stop();
    await world.api.stop();
    await expect(world.call(KICK, bob)).rejects.toThrow();
  });
});
