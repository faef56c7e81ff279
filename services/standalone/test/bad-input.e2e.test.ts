// What strangers and broken clients send to each door of a whole server: every one
// gets its documented answer, memory stays bounded, and two people who chat meanwhile do not notice.
import { residentBytesOf } from '@parley/bench';
import { BAD_SIGNATURES } from './harness/bad-signatures.js';
import { type Outcome, RawSocket } from './harness/raw-socket.js';
import { APP_ID, APP_KEY, type RunningServer, sigFor, startServer } from './harness/world-on-server.js';
import { type Device, device, sendText, until } from './scenarios/world.js';

const PROTOCOL_ERROR = 4500;
const ADMIN = 'administrator';
const MAKER = { sdkAppId: APP_ID, userId: ADMIN, key: APP_KEY };
const hex = (text: string): Uint8Array => Buffer.from(text.replaceAll(' ', ''), 'hex');
const text = (value: string): string =>
  JSON.stringify([{ MsgType: 'TIMTextElem', MsgContent: { Text: value } }]);

let running: RunningServer;
let alice: Device;
let bob: Device;
let chatter: { stop(): Promise<{ sent: number; slowestMs: number }> };

beforeAll(async () => {
  running = await startServer({ PARLEY_LOG_LEVEL: 'warn' });
  const { restUrl, gatewayUrl } = running.server.addresses;
  const userSigs = { alice: sigFor('alice'), bob: sigFor('bob') };
  const world = { restUrl, gatewayUrls: [gatewayUrl], sdkAppId: APP_ID, admin: ADMIN, userSigs, run: '' };
  alice = await device(world, 'alice');
  bob = await device(world, 'bob');
  chatter = startChatter();
});
afterAll(async () => {
  await Promise.all([alice.logout(), bob.logout()]);
  await running.close();
});

/** Alice writes to Bob all the while; each message is timed until Bob has it. */
function startChatter() {
  let isOver = false;
  let sent = 0;
  let slowestMs = 0;
  const running = (async () => {
    while (!isOver) {
      const at = Date.now();
      const message = await sendText(alice, 'bob', `still here ${sent}`);
      await until('the bystander has it', () => bob.received.some((one) => one.ID === message.ID));
      bob.received.length = 0;
      slowestMs = Math.max(slowestMs, Date.now() - at);
      sent += 1;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  return {
    stop: async () => {
      isOver = true;
      await running;
      return { sent, slowestMs };
    },
  };
}

interface Request {
  readonly path?: string;
  readonly query?: Record<string, string | undefined>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly method?: string;
}

async function rest(request: Request): Promise<number> {
  const usual = {
    sdkappid: `${APP_ID}`,
    identifier: ADMIN,
    usersig: sigFor(ADMIN),
    random: '1',
    contenttype: 'json',
  };
  const entries = Object.entries({ ...usual, ...request.query }).filter(([, value]) => value !== undefined);
  const query = new URLSearchParams(entries as [string, string][]);
  const method = request.method ?? 'POST';
  const response = await fetch(
    `${running.server.addresses.restUrl}${request.path ?? '/v4/openim/sendmsg'}?${query}`,
    {
      method,
      ...(method === 'POST' ? { body: request.body ?? '{}' } : {}),
    },
  );
  const answer = (await response.json()) as { ErrorCode: number; ActionStatus: string };
  expect(answer.ActionStatus).toBe('FAIL');
  return answer.ErrorCode;
}

const message = (change: object): string =>
  JSON.stringify({
    From_Account: 'alice',
    To_Account: 'bob',
    MsgRandom: 1,
    MsgBody: JSON.parse(text('x')),
    ...change,
  });

const REST: readonly (readonly [string, number, Request])[] = [
  ['no JSON', 90001, { body: 'hello' }],
  ['half a JSON', 90001, { body: '{"To_Account":' }],
  ['an array', 90001, { body: '[]' }],
  ['bytes that are no UTF-8', 90001, { body: Uint8Array.of(0x7b, 0xff, 0xfe, 0x7d) }],
  ['an empty body', 90001, { body: '' }],
  ['JSON 5,000 levels deep', 90001, { body: `{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}` }],
  ['a body beyond 1 MiB', 93000, { body: `{"a":"${'x'.repeat(1_100_000)}"}` }],
  ['an unknown command', 60009, { path: '/v4/openim/destroy_everything' }],
  ['an unknown service', 60009, { path: '/v4/nothing/sendmsg' }],
  ['a path with dots', 60009, { path: '/v4/openim/..%2fsendmsg' }],
  ['no sdkappid', 60012, { query: { sdkappid: undefined } }],
  ['an sdkappid that is a word', 60025, { query: { sdkappid: 'mine' } }],
  ['an sdkappid that nobody has', 70020, { query: { sdkappid: '1499999999' } }],
  ['no identifier', 60025, { query: { identifier: undefined } }],
  ['an identifier that is no admin', 60010, { query: { identifier: 'alice', usersig: 'ALICE' } }],
  ['another contenttype', 60025, { query: { contenttype: 'xml' } }],
  ['a sender that is a number', 90008, { body: message({ From_Account: 7 }) }],
  ['a receiver that is a number', 90003, { body: message({ To_Account: 7 }) }],
  ['a receiver that is missing', 90003, { body: message({ To_Account: undefined }) }],
  ['a receiver nobody knows', 90012, { body: message({ To_Account: 'nobody-here' }) }],
  ['a receiver of 33 bytes', 90003, { body: message({ To_Account: 'x'.repeat(33) }) }],
  ['a receiver with a control character', 90003, { body: message({ To_Account: 'bo\u0000b' }) }],
  ['no MsgRandom', 90005, { body: message({ MsgRandom: undefined }) }],
  ['a MsgRandom that is text', 90005, { body: message({ MsgRandom: 'one' }) }],
  ['a MsgBody that is an object', 90007, { body: message({ MsgBody: {} }) }],
  ['an empty MsgBody', 90002, { body: message({ MsgBody: [] }) }],
  ['an element without content', 90010, { body: message({ MsgBody: [{ MsgType: 'TIMTextElem' }] }) }],
  [
    'an element of an unknown type',
    90010,
    { body: message({ MsgBody: [{ MsgType: 'TIMBomb', MsgContent: {} }] }) },
  ],
  ['a text of 13,000 bytes', 93000, { body: message({ MsgBody: JSON.parse(text('x'.repeat(13_000))) }) }],
  ['a SyncOtherMachine that is text', 90031, { body: message({ SyncOtherMachine: 'yes' }) }],
  ['a MsgLifeTime that is text', 90044, { body: message({ MsgLifeTime: 'long' }) }],
  ['an OfflinePushInfo that is text', 90043, { body: message({ OfflinePushInfo: 'loud' }) }],
  [
    '501 targets',
    90011,
    {
      path: '/v4/openim/batchsendmsg',
      body: message({ To_Account: Array.from({ length: 501 }, (_, i) => `u${i}`) }),
    },
  ],
  [
    '101 accounts',
    70206,
    {
      path: '/v4/im_open_login_svc/multiaccount_import',
      body: JSON.stringify({ Accounts: Array.from({ length: 101 }, (_, i) => `u${i}`) }),
    },
  ],
];

type Misdeed = (socket: RawSocket) => void;

const BEFORE_LOGIN: readonly (readonly [string, Outcome, Misdeed])[] = [
  ['an empty frame', { kind: 'bye', code: PROTOCOL_ERROR }, (socket) => socket.raw(hex(''))],
  ['a call before the hello', { kind: 'bye', code: PROTOCOL_ERROR }, (socket) => socket.call(10, hex(''))],
  ['a text frame', { kind: 'bye', code: PROTOCOL_ERROR }, (socket) => socket.text('hello')],
  [
    'nonsense',
    { kind: 'bye', code: PROTOCOL_ERROR },
    (socket) => socket.raw(new Uint8Array(1_000).fill(0xff)),
  ],
  [
    'an app that nobody has',
    { kind: 'refused', code: 70020 },
    (socket) => socket.hello({ sdkAppId: 1_499_999_999, userId: 'alice', userSig: sigFor('alice') }),
  ],
  [
    'a user id of 33 bytes',
    { kind: 'refused', code: 70402 },
    (socket) => socket.hello({ sdkAppId: APP_ID, userId: 'x'.repeat(33), userSig: sigFor('alice') }),
  ],
  [
    'a platform that does not exist',
    { kind: 'refused', code: 70402 },
    (socket) => socket.hello({ sdkAppId: APP_ID, userId: 'alice', userSig: sigFor('alice'), platform: 99 }),
  ],
];

const AFTER_LOGIN: readonly (readonly [string, Outcome, Misdeed])[] = [
  ['a truncated call', { kind: 'bye', code: PROTOCOL_ERROR }, (socket) => socket.raw(hex('12 0a 08 01'))],
  [
    'a call that claims 4 GiB',
    { kind: 'bye', code: PROTOCOL_ERROR },
    (socket) => socket.raw(hex('12 ff ff ff ff 0f')),
  ],
  [
    'a frame beyond 64 KiB',
    { kind: 'bye', code: PROTOCOL_ERROR },
    (socket) => socket.raw(new Uint8Array(65_600)),
  ],
  ['a method that does not exist', { kind: 'reply', code: 60009 }, (socket) => socket.call(9_999, hex(''))],
  [
    'request bytes that are no request',
    { kind: 'reply', code: 20001 },
    (socket) => socket.call(10, hex('ff ff ff')),
  ],
  [
    'a message in somebody else’s name',
    { kind: 'reply', code: 60004 },
    (socket) => socket.call(10, hex('0a 03 62 6f 62')),
  ],
  ['a message to nobody', { kind: 'reply', code: 20003 }, (socket) => socket.send('nobody-here', text('x'))],
  ['a message to an empty id', { kind: 'reply', code: 20003 }, (socket) => socket.send('', text('x'))],
  ['a body that is no JSON', { kind: 'reply', code: 20001 }, (socket) => socket.send('bob', 'hello')],
  ['a body that is no array', { kind: 'reply', code: 20001 }, (socket) => socket.send('bob', '{}')],
  ['an empty body', { kind: 'reply', code: 20001 }, (socket) => socket.send('bob', '')],
  ['a body without elements', { kind: 'reply', code: 20001 }, (socket) => socket.send('bob', '[]')],
  [
    'a body that is no UTF-8',
    { kind: 'reply', code: 20001 },
    (socket) => socket.send('bob', hex('5b 22 ff 22 5d')),
  ],
  ['an element that is a number', { kind: 'reply', code: 20001 }, (socket) => socket.send('bob', '[1]')],
  [
    'a body 2,000 levels deep',
    { kind: 'reply', code: 20001 },
    (socket) => socket.send('bob', '['.repeat(2_000) + ']'.repeat(2_000)),
  ],
  [
    '13,000 bytes of text',
    { kind: 'reply', code: 80002 },
    (socket) => socket.send('bob', text('x'.repeat(13_000))),
  ],
  [
    'two custom elements',
    { kind: 'reply', code: 20001 },
    (socket) =>
      socket.send(
        'bob',
        JSON.stringify(Array(2).fill({ MsgType: 'TIMCustomElem', MsgContent: { Data: 'x' } })),
      ),
  ],
  ['a message without an id', { kind: 'reply', code: 20001 }, (socket) => socket.send('bob', text('x'), '')],
];

async function loggedIn(): Promise<RawSocket> {
  const socket = await RawSocket.open(running.server.addresses.gatewayUrl);
  socket.hello({ sdkAppId: APP_ID, userId: 'mallory', userSig: sigFor('mallory') });
  expect(await socket.outcome()).toEqual({ kind: 'welcome', code: 0 });
  return socket;
}

describe('bad input at REST', () => {
  it.each(REST)('%s: %i', async (_name, code, request) => {
    const isAlice = request.query?.usersig === 'ALICE';
    const query = isAlice ? { ...request.query, usersig: sigFor('alice') } : request.query;
    expect(await rest(query ? { ...request, query } : request)).toBe(code);
  });

  it.each(BAD_SIGNATURES)('%s: %i', async (_name, code, make) => {
    // In a URL an empty parameter is one that is missing.
    const atRest = code === 70002 ? 60025 : code;
    expect(await rest({ query: { usersig: make(MAKER) } })).toBe(atRest);
  });

  it('GET is refused', async () => {
    const { restUrl } = running.server.addresses;
    expect([404, 405]).toContain((await fetch(`${restUrl}/v4/openim/sendmsg`)).status);
  });

  it('does not let JSON reach a prototype', async () => {
    const body = `{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},${message({}).slice(1)}`;
    await rest({ body: body.replace('"bob"', '"nobody-here"') });
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe('bad input at the gateway', () => {
  it.each(BEFORE_LOGIN)('before the login, %s', async (_name, outcome, misdeed) => {
    const socket = await RawSocket.open(running.server.addresses.gatewayUrl);
    misdeed(socket);
    expect(await socket.outcome()).toEqual(outcome);
    socket.close();
  });

  it.each(BAD_SIGNATURES)('%s: %i', async (_name, code, make) => {
    const socket = await RawSocket.open(running.server.addresses.gatewayUrl);
    // Somebody else than at REST: too many failures of one user end in 70050.
    socket.hello({ sdkAppId: APP_ID, userId: 'trudy', userSig: make({ ...MAKER, userId: 'trudy' }) });
    expect(await socket.outcome()).toEqual({ kind: 'refused', code });
    socket.close();
  });

  it('guessing ends in 70050, and the right signature still passes', async () => {
    const guess = async (userSig: string): Promise<Outcome> => {
      const socket = await RawSocket.open(running.server.addresses.gatewayUrl);
      socket.hello({ sdkAppId: APP_ID, userId: 'peggy', userSig });
      const outcome = await socket.outcome();
      socket.close();
      return outcome;
    };
    for (let failures = 0; failures < 20; failures += 1) expect((await guess('guess')).code).toBe(70003);
    expect(await guess('guess')).toEqual({ kind: 'refused', code: 70050 });
    expect(await guess(sigFor('peggy'))).toEqual({ kind: 'welcome', code: 0 });
  });

  it.each(AFTER_LOGIN)('after the login, %s', async (_name, outcome, misdeed) => {
    const socket = await loggedIn();
    misdeed(socket);
    expect(await socket.outcome()).toEqual(outcome);
    socket.close();
  });

  it('a well-formed message still passes', async () => {
    const socket = await loggedIn();
    socket.send('bob', text('x'));
    expect(await socket.outcome()).toEqual({ kind: 'reply', code: 0 });
    socket.close();
  });
});

describe('the others', () => {
  const GROWTH_MAX = 150 * 2 ** 20;

  it('do not notice a hostile burst, and memory stays bounded', async () => {
    const before = residentBytesOf(running.server.pid);
    for (let round = 0; round < 20; round += 1) {
      const sockets = await Promise.all(
        Array.from({ length: 20 }, () => RawSocket.open(running.server.addresses.gatewayUrl)),
      );
      for (const socket of sockets) socket.raw(new Uint8Array(60_000).fill(round));
      await Promise.all(sockets.map((socket) => socket.outcome()));
      for (const socket of sockets) socket.close();
      await Promise.all(Array.from({ length: 10 }, () => rest({ body: `{"a":"${'x'.repeat(900_000)}"` })));
    }
    expect(residentBytesOf(running.server.pid) - before).toBeLessThan(GROWTH_MAX);
  }, 60_000);

  it('chatted all the while', async () => {
    const { sent, slowestMs } = await chatter.stop();
    expect(sent).toBeGreaterThan(20);
    expect(slowestMs).toBeLessThan(2_000);
    expect([alice.kicks, bob.kicks]).toEqual([[], []]);
  });

  it('find the server ready and its log without an error', async () => {
    expect((await fetch(`${running.server.addresses.adminUrl}/ready`)).status).toBe(200);
    expect(running.server.log.split('\n').filter((line) => line.includes('"level":"error"'))).toEqual([]);
  });
});
