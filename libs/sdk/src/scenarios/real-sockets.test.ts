// The same protocol over real sockets and in real time: the platform's WebSocket and
// the package ws.
import { ByeCode } from '@parley/wire';
import { WebSocket } from 'ws';
import type { WebSocketFactory } from '../connection/web-socket.js';
import TencentCloudChat, { type ChatSDK, type Message } from '../index.js';
import { sigOf } from '../testing/protocol-server.js';
import { SocketServer } from '../testing/socket-server.js';
import { until } from '../testing/until.js';

const { EVENT } = TencentCloudChat;

class Client {
  readonly received: string[] = [];

  constructor(
    readonly user: string,
    readonly chat: ChatSDK,
  ) {
    chat.setLogLevel(4);
    chat.on(EVENT.MESSAGE_RECEIVED, ({ data }) => {
      this.received.push(...data.map(({ payload }) => payload.text));
    });
  }

  async ready(): Promise<this> {
    await this.chat.login({ userID: this.user, userSig: sigOf(this.user) });
    await until(() => this.chat.isReady());
    return this;
  }

  send(to: string, text: string): Promise<{ data: { message: Message } }> {
    return this.chat.sendMessage(
      this.chat.createTextMessage({ to, conversationType: 'C2C', payload: { text } }),
    );
  }
}

const FACTORIES: [string, WebSocketFactory | undefined][] = [
  ['the platform’s WebSocket', undefined],
  ['ws', (url) => new WebSocket(url)],
];

describe.each(FACTORIES)('over %s', (_name, webSocket) => {
  let server: SocketServer;
  const clients: Client[] = [];

  const client = (user: string): Client => {
    const options = {
      SDKAppID: 1400000001,
      gatewayUrl: server.url,
      instanceID: `${user}-${clients.length}`,
      webSocket,
    };
    const made = new Client(user, TencentCloudChat.create(options));
    clients.push(made);
    return made;
  };

  beforeEach(async () => {
    server = await SocketServer.start();
  });

  afterEach(async () => {
    await Promise.all(clients.splice(0).map(({ chat }) => chat.destroy()));
    await server.stop();
  });

  it('two users talk', async () => {
    const [alice, bob] = await Promise.all([client('alice').ready(), client('bob').ready()]);
    const { data } = await alice.send('bob', 'hello');
    expect(data.message.status).toBe('success');
    await until(() => bob.received.length === 1);
    await bob.send('alice', 'hi');
    await until(() => alice.received.length === 1);
    expect([alice.received, bob.received]).toEqual([['hi'], ['hello']]);
    const page = await alice.chat.getMessageList({ conversationID: 'C2Cbob' });
    expect(page.data.messageList.map(({ payload }) => payload.text)).toEqual(['hello', 'hi']);
  });

  it('a refused login rejects with the server’s code', async () => {
    const { chat } = client('alice');
    await expect(chat.login({ userID: 'alice', userSig: 'forged' })).rejects.toMatchObject({ code: 70003 });
  });

  it('nothing is lost, repeated or reordered while sockets break and answers vanish', async () => {
    const [alice, bob] = await Promise.all([client('alice').ready(), client('bob').ready()]);
    let calls = 0;
    let pushes = 0;
    server.protocol.faults.onCall = ({ method }) => {
      calls += method === 10 ? 1 : 0;
      if (method === 10 && (calls === 3 || calls === 17)) return 'cut';
      return method === 10 && calls % 5 === 0 ? { code: 60018, retryAfterMs: 20 } : 'answer';
    };
    server.protocol.faults.onPush = () =>
      (['deliver', 'drop', 'repeat', 'hold'] as const)[pushes++ % 4] ?? 'drop';
    const texts = Array.from({ length: 30 }, (_, n) => String(n));
    const sends = texts.map((text) => alice.send('bob', text));
    await until(() => calls > 10);
    server.protocol.connectionsOf('bob')[0]?.cut();
    await Promise.all(sends);
    server.protocol.faults.onPush = () => 'deliver';
    for (const connection of server.protocol.connectionsOf('bob')) connection.resync();
    await until(() => bob.received.length >= texts.length);
    expect(bob.received).toEqual(texts);
    expect(alice.received).toEqual([]);
    expect(bob.chat.getTotalUnreadMessageCount()).toBe(texts.length);
  }, 60_000);

  it('a kick ends the login', async () => {
    const alice = await client('alice').ready();
    const kicked = new Promise((resolve) => {
      alice.chat.on(EVENT.KICKED_OUT, ({ data }) => resolve(data));
    });
    server.protocol.connectionsOf('alice')[0]?.bye(ByeCode.KICKED_BY_OTHER_DEVICE, 'elsewhere');
    expect(await kicked).toEqual({ type: 'multipleDevice' });
    expect(alice.chat.isReady()).toBe(false);
  });

  it('an unreachable gateway is a state and a rejection, not an exception', async () => {
    const { chat } = client('alice');
    const states: string[] = [];
    chat.on(EVENT.NET_STATE_CHANGE, ({ data }) => states.push(data.state));
    await server.stop();
    const login = chat.login({ userID: 'alice', userSig: sigOf('alice') });
    const outcome = expect(login).rejects.toMatchObject({ code: 6023 });
    await until(() => states.includes('disconnected'));
    await chat.logout();
    await outcome;
    server = await SocketServer.start();
  });
});
