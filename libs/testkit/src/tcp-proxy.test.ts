import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import { TcpProxy } from './tcp-proxy.js';
import { waitFor } from './wait-for.js';

async function echoServer(): Promise<{ server: Server; port: number }> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return { server, port: typeof address === 'object' && address ? address.port : 0 };
}

describe('TcpProxy', () => {
  it('passes bytes both ways, then drops the answers, then cuts', async () => {
    const { server, port } = await echoServer();
    const proxy = await TcpProxy.start(port);
    const client = connect(proxy.port, '127.0.0.1');
    let received = '';
    client.on('data', (chunk) => {
      received += chunk.toString();
    });
    client.on('error', () => client.destroy());

    client.write('hello');
    await waitFor(() => received === 'hello');
    proxy.dropServerBytesAfter(2);
    client.write('world');
    await waitFor(() => received === 'hellowo');
    proxy.cut();
    await waitFor(() => client.destroyed);
    expect(received).toBe('hellowo');
    expect(proxy.connections).toBe(0);
    await proxy.close();
    server.close();
  });

  it('takes the next port when one does not accept, and the preferred one first', async () => {
    const [gone, alive] = [await echoServer(), await echoServer()];
    gone.server.close();
    await once(gone.server, 'close');
    const proxy = await TcpProxy.start(gone.port, alive.port);
    const hear = async (text: string) => {
      const client = connect(proxy.port, '127.0.0.1');
      client.write(text);
      const [chunk] = await once(client, 'data');
      client.destroy();
      return String(chunk);
    };
    expect(await hear('by a detour')).toBe('by a detour');
    proxy.prefer(alive.port);
    expect(await hear('straight')).toBe('straight');
    await proxy.close();
    alive.server.close();
  });

  it('refuses while told to', async () => {
    const { server, port } = await echoServer();
    const proxy = await TcpProxy.start(port);
    proxy.refuse(true);
    const client = connect(proxy.port, '127.0.0.1');
    client.on('error', () => client.destroy());
    await waitFor(() => client.destroyed);
    await proxy.close();
    server.close();
  });

  it('holds bytes back while paused, and passes delayed ones late and in order', async () => {
    const { server, port } = await echoServer();
    const proxy = await TcpProxy.start(port);
    proxy.pause();
    const client = connect(proxy.port, '127.0.0.1');
    let received = '';
    client.on('data', (chunk) => {
      received += chunk.toString();
    });
    client.on('error', () => client.destroy());
    client.write('a');
    await waitFor(() => proxy.connections === 1);
    expect(received).toBe('');
    proxy.resume();
    await waitFor(() => received === 'a');
    proxy.delay(30);
    const startedAt = performance.now();
    client.write('b');
    await waitFor(() => received === 'ab');
    // Once on the way there, once on the way back.
    expect(performance.now() - startedAt).toBeGreaterThan(55);
    proxy.delay(0);
    client.write('c');
    await waitFor(() => received === 'abc');
    await proxy.close();
    server.close();
  });
});
