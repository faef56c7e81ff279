import { once } from 'node:events';
import { connect } from 'node:net';
import { authv1 } from '@parley/proto';
import { createInProcessTransport, createRouter, type ServiceHandlers, type Transport } from '@parley/rpc';
import { createLogRoot, createMetricRegistry } from '@parley/telemetry';
import { AdminServer } from './admin-server.js';
import type { ReadyState } from './manifest.js';

const TOKEN = 'a'.repeat(64);
const OPERATE = '/v1/operator/AppService';

describe('admin server', () => {
  let state: ReadyState = { isReady: true };
  const lines: string[] = [];
  const logs = createLogRoot({ level: 'info', sink: { write: (line) => void lines.push(line) } });
  const router = createRouter({ logger: logs.logger('rpc') });
  router.register(authv1.AppService, {
    createApp: async ({ appId, name }) => ({ app: { appId, name } }),
    listApps: async () => ({ apps: [] }),
    rotateAppKey: () => new Promise(() => {}),
    changeApp: async () => ({}),
    blockAccount: async () => ({}),
  } satisfies ServiceHandlers<typeof authv1.AppService>);
  const metrics = createMetricRegistry();
  const inProcess = createInProcessTransport({ router });
  let deadlineMs = Number.POSITIVE_INFINITY;
  const transport: Transport = {
    call: (method, request, context) => inProcess.call(method, request, { ...context, deadlineMs }),
    close: () => inProcess.close(),
  };
  const server = new AdminServer({
    host: '127.0.0.1',
    port: 0,
    router,
    transport,
    metrics,
    logs,
    ready: () => state,
    printConfig: () => 'process:\n  adminPort: 0\n',
    operatorToken: TOKEN,
  });
  const call = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${server.port}${path}`, init);
  const operate = (method: string, body: string, token = TOKEN) =>
    call(`${OPERATE}/${method}`, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body });

  beforeAll(() => server.start());
  afterAll(() => server.stop());

  it('is live while it is not ready, and says why it is not', async () => {
    state = { isReady: false, reason: 'message: catching up' };
    expect((await call('/live')).status).toBe(200);
    const response = await call('/ready');
    expect([response.status, await response.text()]).toEqual([503, 'message: catching up\n']);
    state = { isReady: true };
    expect((await call('/ready?verbose=1')).status).toBe(200);
  });

  it('shows metrics and settings', async () => {
    metrics.counter('parley.test.things', 'Things').add(3);
    const response = await call('/metrics');
    expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    expect(await response.text()).toContain('parley_test_things_total 3');
    expect(await (await call('/config')).text()).toContain('adminPort: 0');
  });

  it('changes the log level for whoever has the token', async () => {
    const put = (body: string, authorization: string) =>
      call('/log-level', { method: 'PUT', headers: { authorization }, body });
    expect((await put('debug', '')).status).toBe(401);
    expect((await put('debug', TOKEN)).status).toBe(401);
    expect((await put('loud', `Bearer ${TOKEN}`)).status).toBe(400);
    expect((await put('debug\n', `Bearer ${TOKEN}`)).status).toBe(200);
    expect(await (await call('/log-level')).text()).toBe('debug\n');
    logs.setLevel('info');
  });

  it('carries operator calls as proto JSON', async () => {
    const response = await operate('CreateApp', '{"appId":7,"name":"shop"}');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ app: { appId: 7, name: 'shop' } });
    expect((await operate('ListApps', '')).status).toBe(200);
  });

  it.each([
    ['a wrong token', () => operate('ListApps', '{}', 'b'.repeat(64)), 401],
    ['a token of another length', () => operate('ListApps', '{}', 'b'), 401],
    ['no token', () => call(`${OPERATE}/ListApps`, { method: 'POST' }), 401],
    ['a method that does not exist', () => operate('DropEverything', '{}'), 404],
    ['a method that is not for operators', () => call('/v1/operator/AuthService/Login'), 404],
    ['a body that is no JSON', () => operate('CreateApp', '{'), 400],
    ['a field that does not exist', () => operate('CreateApp', '{"colour":"red"}'), 400],
    ['a body that is too large', () => operate('CreateApp', `{"name":"${'x'.repeat(100_000)}"}`), 413],
    ['an unknown path', () => call('/v2'), 404],
    ['another verb', () => call('/live', { method: 'DELETE' }), 404],
  ])('refuses %s', async (_what, request, status) => {
    expect((await request()).status).toBe(status);
  });

  it('answers 504 when a service does not answer in time', async () => {
    deadlineMs = Date.now() + 20;
    expect((await operate('RotateAppKey', '{"appId":7}')).status).toBe(504);
    deadlineMs = Number.POSITIVE_INFINITY;
  });

  it('logs no error when a caller hangs up in the middle of a call', async () => {
    const socket = connect(server.port, '127.0.0.1');
    const head = `POST ${OPERATE}/CreateApp HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${TOKEN}\r\n`;
    socket.write(`${head}Content-Length: 100\r\nExpect: 100-continue\r\n\r\n{"name":`);
    await once(socket, 'data');
    socket.destroy();
    // What comes after the hanging up is answered after it.
    expect((await call('/live')).status).toBe(200);
    expect(lines.filter((line) => line.includes('"level":"error"'))).toEqual([]);
  });

  it('never logs the token', () => {
    expect(lines.join('')).not.toContain(TOKEN);
  });
});
