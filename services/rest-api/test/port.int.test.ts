// The public port of the REST door: TLS, an address that is taken, slow requests.
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { waitFor } from '@parley/testkit';
import { v4, World } from './harness.js';

const KICK = 'im_open_login_svc/kick';
const bob = { UserID: 'bob' };

describe('the port of the REST door', () => {
  let world: World;
  const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
  const cert = fixture('tls-test-only-cert.pem');
  const key = fixture('tls-test-only-key.pem');

  beforeEach(() => {
    world = new World();
    world.auth.kick = async () => ({});
  });
  afterEach(() => world.stop());

  it('speaks TLS when it has a certificate', async () => {
    await world.start({ tlsCertFile: cert, tlsKeyFile: key });
    expect(world.api.url).toMatch(/^https:/);
    expect((await world.call(KICK, bob)).body).toMatchObject({ ErrorCode: 0 });
  });

  it.each([
    [cert, ''],
    ['', key],
    [fixture('absent.pem'), key],
  ])('does not start with half of TLS', async (tlsCertFile, tlsKeyFile) => {
    await expect(world.start({ tlsCertFile, tlsKeyFile })).rejects.toThrow('TLS needs both files');
  });

  it('says what to do when the address is taken', async () => {
    await world.start();
    const second = new World();
    await expect(second.start({ port: world.api.port })).rejects.toThrow(
      'set PARLEY_BIND or PARLEY_REST_PORT',
    );
    await second.stop();
  });

  it('ends a request that takes too long to arrive', async () => {
    await world.start({ receiveTimeoutMs: 100 });
    const head = `POST ${v4(KICK)} HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\n{`;
    const text = await new Promise<string>((resolve, reject) => {
      const socket = connect(world.api.port, '127.0.0.1', () => socket.write(head));
      let received = '';
      socket.on('data', (chunk) => {
        received += chunk.toString();
      });
      socket.on('close', () => resolve(received));
      socket.on('error', reject);
    });
    expect(text).toContain('"ErrorCode":60002');
    await waitFor(() => world.requestLines().length === 1);
    expect(world.requestLines()[0]?.fields).toMatchObject({ command: KICK });
  });
});
