// The public port itself: handshakes, health, everything else, TLS, and how many may come.
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { waitFor } from '@parley/testkit';
import { type Harness, startGateway } from './harness.js';
import { TestClient } from './test-client.js';

let harness: Harness;
const start = async (config: Parameters<typeof startGateway>[0] = {}): Promise<void> => {
  harness = await startGateway(config);
};
afterEach(async () => {
  await harness.stop();
  harness.log.assertNoErrors();
});

const fixture = (name: string): string => fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url));
const port = (): number => Number(new URL(harness.gateway.url).port);

function ask(method: string, path: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    httpRequest({ host: '127.0.0.1', port: port(), method, path }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    })
      .on('error', reject)
      .end();
  });
}

const open = (): Socket => connect({ host: '127.0.0.1', port: port() });

/** Sends a text and answers everything that comes until the server closes. */
async function converse(text: string): Promise<string> {
  const socket = open();
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk.toString();
  });
  socket.on('error', () => {
    // A reset is a way to close.
  });
  socket.write(text);
  await once(socket, 'close');
  return answer;
}

const upgrade = (path: string, more = ''): string =>
  `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${more}\r\n`;
const KEY = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
const VERSION = 'Sec-WebSocket-Version: 13\r\n';

describe('the public port', () => {
  it('answers health checks', async () => {
    await start();
    expect(await ask('GET', '/healthz')).toEqual({ status: 200, body: 'OK\n' });
    expect(await ask('HEAD', '/healthz')).toEqual({ status: 200, body: '' });
  });

  it.each([
    ['GET', '/'],
    ['GET', '/v1/ws'],
    ['POST', '/healthz'],
    ['GET', '/healthz/x'],
    ['POST', '/v4/openim/sendmsg'],
    ['OPTIONS', '*'],
  ])('answers %s %s with 404', async (method, path) => {
    await start();
    expect((await ask(method, path)).status).toBe(404);
  });

  it.each<[string, string, string]>([
    ['a handshake for another path', upgrade('/v1/other', KEY + VERSION), '404'],
    ['a handshake without a key', upgrade('/v1/ws', VERSION), '400'],
    ['a handshake of version 99', upgrade('/v1/ws', `${KEY}Sec-WebSocket-Version: 99\r\n`), '400'],
    [
      'a handshake for another protocol',
      'GET /v1/ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n',
      '400',
    ],
    ['what is no HTTP', '\u0001\u0002\u0003\r\n\r\n', '400'],
    ['a head beyond 8 KiB', upgrade('/v1/ws', `X-Long: ${'x'.repeat(9_000)}\r\n${KEY}${VERSION}`), '431'],
  ])('answers %s with a refusal and closes', async (_name, text, status) => {
    await start();
    expect(await converse(text)).toMatch(new RegExp(`^HTTP/1.1 ${status}`));
    await (await harness.login('alice')).ping();
  });

  it('accepts a handshake with a query and with an offer of compression, without compressing', async () => {
    await start();
    const socket = open();
    const offer = 'Sec-WebSocket-Extensions: permessage-deflate\r\n';
    socket.write(upgrade('/v1/ws?sdk=1', KEY + VERSION + offer));
    const [head] = (await once(socket, 'data')) as [Buffer];
    expect(head.toString()).toMatch(/^HTTP\/1.1 101/);
    expect(head.toString().toLowerCase()).not.toContain('deflate');
    socket.destroy();
  });

  it('closes a connection that does not finish its head', async () => {
    await start({ loginDeadlineMs: 50 });
    expect(await converse('GET /v1/ws HTTP/1.1\r\nHost: x\r\n')).toMatch(/^HTTP\/1.1 408/);
  });

  it('says what to do when the port is taken', async () => {
    await start();
    await expect(startGateway({ port: port() })).rejects.toThrow(
      /cannot listen on 127.0.0.1:\d+ \(.*EADDRINUSE.*\); set PARLEY_BIND or PARLEY_GATEWAY_PORT/,
    );
  });
});

describe('bounds', () => {
  it('a connection too many before the login is told to come later', async () => {
    await start({ preLoginMax: 2 });
    const clients = [await harness.connect(), await harness.connect()];
    await expect(harness.connect()).rejects.toThrow('503');
    await clients[0]?.login({ userId: 'alice' });
    await (await harness.connect()).close();
    await clients[1]?.close();
    await waitFor(() => harness.ended('client_left') === 2);
    const again = [await harness.connect(), await harness.connect()];
    await expect(harness.connect()).rejects.toThrow('503');
    expect(harness.metrics.of('parley.gateway.upgrades_refused{pre_login_max}')).toBe(2);
    for (const client of again) await client.close();
  });

  it('a connection too many is told to come later', async () => {
    await start({ connectionsMax: 2 });
    const [alice] = [await harness.login('alice'), await harness.login('bob')];
    await expect(harness.connect()).rejects.toThrow('503');
    await alice.close();
    await waitFor(() => harness.ended('client_left') === 1);
    await harness.login('carol');
    expect(harness.metrics.of('parley.gateway.upgrades_refused{connections_max}')).toBe(1);
  });
});

describe('TLS', () => {
  it('carries the same frames', async () => {
    await start({
      tlsCertFile: fixture('tls-test-only-cert.pem'),
      tlsKeyFile: fixture('tls-test-only-key.pem'),
    });
    expect(harness.gateway.url).toMatch(/^wss:/);
    const client = await harness.login('alice');
    await client.ping();
    expect(await client.sent('a')).toMatchObject({ code: 0 });
    const plain = harness.gateway.url.replace('wss:', 'ws:');
    await expect(TestClient.connect(plain)).rejects.toThrow();
    await client.ping();
  });

  it.each([
    ['tls-test-only-cert.pem', ''],
    ['', 'tls-test-only-key.pem'],
    ['absent.pem', 'tls-test-only-key.pem'],
  ])('with the files "%s" and "%s" refuses to start', async (cert, key) => {
    await start();
    const config = {
      tlsCertFile: cert === '' ? '' : fixture(cert),
      tlsKeyFile: key === '' ? '' : fixture(key),
    };
    await expect(startGateway(config)).rejects.toThrow(/TLS needs both files/);
  });
});
