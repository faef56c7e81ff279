// The published bundle in a real browser, against the protocol server on real sockets.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { sigOf } from '../testing/protocol-server.js';
import { SocketServer } from '../testing/socket-server.js';
import { until } from '../testing/until.js';
import { buildPackage } from './build-package.js';

const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

/** Runs in the page: logs in and keeps what the app sees under `window.seen`. */
const APP = `
import TencentCloudChat from '/parley-sdk.min.js';
const { EVENT, TYPES } = TencentCloudChat;
const chat = TencentCloudChat.create({ SDKAppID: 1400000001 });
chat.setLogLevel(4);
const seen = { texts: [], states: [], unread: 0, isReady: false };
chat.on(EVENT.MESSAGE_RECEIVED, ({ data }) => seen.texts.push(...data.map((one) => one.payload.text)));
chat.on(EVENT.NET_STATE_CHANGE, ({ data }) => seen.states.push(data.state));
chat.on(EVENT.TOTAL_UNREAD_MESSAGE_COUNT_UPDATED, ({ data }) => { seen.unread = data; });
chat.on(EVENT.SDK_READY, () => { seen.isReady = true; });
window.seen = seen;
window.chat = chat;
window.send = (to, text) => chat
  .sendMessage(chat.createTextMessage({ to, conversationType: TYPES.CONV_C2C, payload: { text } }))
  .then(({ data }) => data.message.status);
`;

interface Seen {
  readonly texts: string[];
  readonly states: string[];
  readonly unread: number;
  readonly isReady: boolean;
}

describe('the bundle in Chromium', () => {
  let server: SocketServer;
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    if (!existsSync(CHROMIUM)) {
      throw new Error(
        `no browser at ${CHROMIUM}: install chromium (apt-get install chromium) or set CHROMIUM_PATH`,
      );
    }
    const directory = mkdtempSync(join(tmpdir(), 'parley-sdk-'));
    await buildPackage(directory);
    const bundle = readFileSync(join(directory, 'parley-sdk.min.js'));
    rmSync(directory, { recursive: true });
    server = await SocketServer.start({
      pages: new Map([
        [
          '/',
          {
            contentType: 'text/html',
            body: '<!doctype html><link rel="icon" href="data:,"><title>test</title>',
          },
        ],
        ['/parley-sdk.min.js', { contentType: 'text/javascript', body: bundle }],
        ['/app.js', { contentType: 'text/javascript', body: APP }],
      ]),
    });
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
    page = await browser.newPage();
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('console', (line) => problems.push(line.text()));
    await page.goto(`http://127.0.0.1:${server.port}/`);
    await page.addScriptTag({ type: 'module', url: '/app.js' });
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  const seen = (): Promise<Seen> => page.evaluate('window.seen');
  const login = (userSig: string): Promise<string> =>
    page.evaluate(
      `chat.login({ userID: 'alice', userSig: '${userSig}' }).then(() => 'in', (failure) => String(failure.code))`,
    );

  it('rejects a refused login, then logs in through the page’s own host', async () => {
    expect(await login('forged')).toBe('70003');
    expect(await login(sigOf('alice'))).toBe('in');
    await page.waitForFunction('seen.isReady');
    expect((await seen()).states.at(-1)).toBe('connected');
  });

  it('sends and receives', async () => {
    expect(await page.evaluate(`send('bob', 'from the browser ✓')`)).toBe('success');
    expect(server.protocol.model.stored('alice', 'bob')).toHaveLength(1);
    server.protocol.sendText('bob', 'alice', 'to the browser ✓');
    await page.waitForFunction('seen.texts.length === 1');
    expect((await seen()).texts).toEqual(['to the browser ✓']);
    expect((await seen()).unread).toBe(1);
    await page.evaluate(`chat.setMessageRead({ conversationID: 'C2Cbob' })`);
    expect((await seen()).unread).toBe(0);
  });

  it('comes back after a cut and misses nothing', async () => {
    server.protocol.connectionsOf('alice')[0]?.cut();
    for (const text of ['1', '2', '3']) server.protocol.sendText('bob', 'alice', text);
    await page.waitForFunction('seen.texts.length === 4');
    expect((await seen()).texts.slice(1)).toEqual(['1', '2', '3']);
    expect(await page.evaluate(`send('bob', 'again')`)).toBe('success');
  });

  it('logs out and complains about nothing', async () => {
    await page.evaluate('chat.destroy()');
    await until(() => server.protocol.connections.size === 0);
    expect(problems).toEqual([]);
  });
});
