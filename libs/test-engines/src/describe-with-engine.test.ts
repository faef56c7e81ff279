import { type AddressInfo, createServer } from 'node:net';
import { describeWithEngine, whyUnreachable } from './describe-with-engine.js';
import { engineAddress, parseAddress } from './engine-address.js';

const server = createServer((socket) => socket.destroy());
await new Promise<void>((resolve) => {
  server.listen(0, '127.0.0.1', resolve);
});
const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
afterAll(() => {
  server.close();
});

await describeWithEngine('a listening engine', address, (found) => {
  it('runs its tests and tells them the address', () => {
    expect(found).toBe(address);
  });
});

describe('engines of tests', () => {
  it('says why nothing answers', async () => {
    const gone = createServer();
    await new Promise<void>((resolve) => {
      gone.listen(0, '127.0.0.1', resolve);
    });
    const { port } = gone.address() as AddressInfo;
    await new Promise((resolve) => {
      gone.close(resolve);
    });
    expect(await whyUnreachable(`127.0.0.1:${port}`)).toBe('ECONNREFUSED');
  });

  it.each(['kafka', 'cassandra', 'redis'] as const)('has an address for %s', (engine) => {
    expect(parseAddress(engineAddress(engine)).port).toBeGreaterThan(0);
  });

  it.each(['', 'host', 'host:', ':1', 'host:port', 'a:1:2'])('refuses %j as an address', (text) => {
    expect(() => parseAddress(text)).toThrow('host:port');
  });
});
