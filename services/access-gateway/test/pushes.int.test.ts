// Pushes: order, few writes, and readers that are too slow.
import { waitFor } from '@parley/testkit';
import { endOfTurn, type Harness, startGateway } from './harness.js';
import { pushOf, type TestClient } from './test-client.js';

let harness: Harness;
const start = async (config: Parameters<typeof startGateway>[0] = {}): Promise<void> => {
  harness = await startGateway(config);
};
afterEach(async () => {
  await harness.stop();
  harness.log.assertNoErrors();
});

const logIn = (count: number): Promise<TestClient[]> =>
  Promise.all(Array.from({ length: count }, (_, i) => harness.login(`user-${i}`)));
const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `push-${i}`);
const writes = (): number => harness.metrics.of('parley.gateway.socket_writes');

describe('pushes', () => {
  it('keep their order on every connection', async () => {
    await start();
    const clients = await logIn(5);
    const texts = names(100);
    for (const text of texts) {
      void harness.deliver(pushOf(text), clients);
      if (Number(text.slice(5)) % 7 === 0) await endOfTurn();
    }
    for (const client of clients) await waitFor(() => client.pushedTexts().length === texts.length);
    for (const client of clients) expect(client.pushedTexts()).toEqual(texts);
  });

  it('of one turn cost each connection one write', async () => {
    await start();
    const clients = await logIn(4);
    const before = writes();
    await Promise.all(names(16).map((text) => harness.deliver(pushOf(text), clients)));
    for (const client of clients) await waitFor(() => client.pushedTexts().length === 16);
    expect(writes() - before).toBe(4);
    for (const client of clients) expect(client.pushedTexts()).toEqual(names(16));
  });

  it('and replies of one turn share a write', async () => {
    await start();
    const [client] = (await logIn(1)) as [TestClient];
    harness.backend.onSend = async () => {
      void harness.deliver(pushOf('beside the ack'), [client]);
      return { seq: 1n };
    };
    const before = writes();
    await client.sent('a');
    await waitFor(() => client.pushedTexts().length === 1);
    expect(writes() - before).toBe(1);
  });

  it('name the connections that are gone', async () => {
    await start();
    const [alice, bob] = (await logIn(2)) as [TestClient, TestClient];
    const gone = bob.connectionId;
    await bob.close();
    await waitFor(() => harness.ended('client_left') === 1);
    const response = await harness.deliver(pushOf('x'), [alice, bob]);
    expect(response.unknownConnectionIds).toEqual([gone]);
    await waitFor(() => alice.pushedTexts().length === 1);
  });

  it('of every size arrive whole', async () => {
    await start();
    const [client] = (await logIn(1)) as [TestClient];
    const sizes = [0, 90, 110, 120, 130, 1_000, 65_000, 65_500, 70_000, 200_000];
    for (const size of sizes) await harness.deliver(pushOf(`${size}`, size), [client]);
    await waitFor(() => client.pushedTexts().length === sizes.length);
    expect(client.pushedTexts()).toEqual(sizes.map(String));
  });

  it('do not reach one user through another connection', async () => {
    await start();
    const [alice, bob] = (await logIn(2)) as [TestClient, TestClient];
    await harness.deliver(pushOf('for alice'), [alice]);
    await waitFor(() => alice.pushedTexts().length === 1);
    await bob.ping();
    expect(bob.pushedTexts()).toEqual([]);
  });
});

describe('a slow reader', () => {
  it('is dropped at its bound, and the others get everything', async () => {
    const outgoingBytesMax = 256 * 1_024;
    await start({ outgoingBytesMax });
    const [slow, ...others] = (await logIn(4)) as [TestClient, ...TestClient[]];
    slow.socket.pause();
    const texts: string[] = [];
    while (harness.ended('slow_reader') === 0 && texts.length < 5_000) {
      const text = `push-${texts.length}`;
      texts.push(text);
      await harness.deliver(pushOf(text, 32 * 1_024), [slow, ...others]);
      // Readers keep pace: what is measured is the slow one.
      for (const other of others) await waitFor(() => other.pushedTexts().length === texts.length);
    }
    expect(harness.ended('slow_reader')).toBe(1);
    for (const other of others) expect(other.pushedTexts()).toEqual(texts);
    const response = await harness.deliver(pushOf('late'), [slow]);
    expect(response.unknownConnectionIds).toEqual([slow.connectionId]);
    slow.socket.resume();
    await slow.closed;
  });
});
