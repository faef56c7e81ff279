// At the gateway: frames that are whole WebSocket frames, and wrong all the same.
import { create, toBinary } from '@bufbuild/protobuf';
import { messagev1 } from '@parley/proto';
import { encodePingFrame } from '@parley/wire';
import {
  COUNT_UNREAD,
  type Hello,
  RawSocket,
  SEND,
  type SendFields,
  sendRequest,
} from '../harness/raw-socket.js';
import { sigFor } from '../harness/world-on-server.js';
import { freshUser, type Row } from './row.js';

type Misdeed = (socket: RawSocket) => void;

const hex = (text: string): Uint8Array => Buffer.from(text.replaceAll(' ', ''), 'hex');
const text = (value: string): string =>
  JSON.stringify([{ MsgType: 'TIMTextElem', MsgContent: { Text: value } }]);
const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

/** What came, and that the connection then ends, or lives, as the answer says. */
async function consequence(socket: RawSocket): Promise<string> {
  const answer = await socket.answer();
  if (answer.startsWith('Reply') || answer === 'Welcome') {
    socket.call(COUNT_UNREAD, undefined, 2);
    const next = await socket.answer();
    return next === 'Reply 0' ? answer : `${answer}, then ${next}`;
  }
  const expected = answer.startsWith('refused') ? 'closed 4505' : answer.replace('Bye', 'closed');
  const next = await socket.answer();
  return next === expected ? answer : `${answer}, then ${next}`;
}

const before = (what: string, answer: string, misdeed: Misdeed): Row => [
  `before the login, ${what}`,
  answer,
  async ({ gatewayUrl }) => {
    const socket = await RawSocket.open(gatewayUrl);
    misdeed(socket);
    const outcome = await consequence(socket);
    socket.close();
    return outcome;
  },
];

const after = (what: string, answer: string, misdeed: Misdeed): Row => [
  `after the login, ${what}`,
  answer,
  async ({ gatewayUrl }) => {
    const socket = await RawSocket.loggedIn(gatewayUrl, freshUser());
    misdeed(socket);
    const outcome = await consequence(socket);
    socket.close();
    return outcome;
  },
];

const hello = (what: string, answer: string, change: Partial<Hello>): Row =>
  before(what, answer, (socket) => socket.hello({ userId: freshUser(), ...change }));
const frame = (what: string, bytes: string): Row =>
  after(what, 'Bye 4500', (socket) => socket.raw(hex(bytes)));
const call = (what: string, answer: string, method: number, request?: Uint8Array): Row =>
  after(what, answer, (socket) => socket.call(method, request));
const send = (what: string, code: number, body: string | Uint8Array, fields?: SendFields): Row =>
  call(what, `Reply ${code}`, SEND, sendRequest('bob', body, fields));

const others = { userSig: sigFor('x'), instanceId: 'x' };

const GREETINGS: readonly Row[] = [
  before('an empty frame', 'Bye 4500', (socket) => socket.raw(hex(''))),
  before('a call', 'Bye 4500', (socket) => socket.call(SEND)),
  before('a ping', 'Bye 4500', (socket) => socket.raw(encodePingFrame())),
  before('a text frame', 'Bye 4500', (socket) => socket.text('hello')),
  before('1,000 bytes of nonsense', 'Bye 4500', (socket) => socket.raw(new Uint8Array(1_000).fill(0xff))),
  before('60,000 bytes of nonsense', 'Bye 4500', (socket) => socket.raw(new Uint8Array(60_000).fill(0x0a))),
  before('a hello cut short', 'Bye 4500', (socket) => socket.raw(hex('0a 20 08 01 10 81'))),
  hello('another protocol version', 'Bye 4500', { protocolVersion: 99 }),
  hello('no instance id', 'Bye 4500', { instanceId: '' }),
  hello('an instance id of 100 characters', 'Bye 4500', { instanceId: 'x'.repeat(100) }),
  hello('an SDK version of 100 characters', 'Bye 4500', { sdkVersion: 'x'.repeat(100) }),
  hello('no app', 'refused 70020', { sdkAppId: 0 }),
  hello('an app that nobody has', 'refused 70020', { sdkAppId: 1_499_999_999 }),
  hello('an empty user id', 'refused 70402', { userId: '', userSig: sigFor('x') }),
  hello('a user id of 33 bytes', 'refused 70402', { userId: 'x'.repeat(33), userSig: sigFor('x') }),
  hello('a user id with a control character', 'refused 70402', { userId: 'a\u0007b', ...others }),
  hello('a user id that is no ASCII', 'refused 70402', { userId: 'böb', ...others }),
  hello('a platform that does not exist', 'refused 70402', { platform: 99 }),
  hello('a UserSig of 50,000 characters', 'refused 70003', { userSig: 'x'.repeat(50_000) }),
];

const FRAMES: readonly Row[] = [
  after('a second hello', 'Bye 4500', (socket) => socket.hello({ userId: freshUser() })),
  after('a text frame', 'Bye 4500', (socket) => socket.text('')),
  frame('an empty frame', ''),
  frame('a truncated call', '12 0a 08 01'),
  frame('a call that claims 4 GiB', '12 ff ff ff ff 0f'),
  frame('a number of twelve bytes', 'ff ff ff ff ff ff ff ff ff ff ff 01'),
  frame('field 0', '00 00'),
  frame('a wire type that is none', '17 00'),
  frame('two frames in one', '12 02 1a 00 1a 00'),
  frame('a frame of an unknown kind', 'f8 06 01'),
  after('a frame beyond 64 KiB', 'Bye 4500', (socket) => socket.raw(new Uint8Array(65_600))),
];

const readOf = (user: string): Uint8Array =>
  toBinary(
    messagev1.ListMessagesRequestSchema,
    create(messagev1.ListMessagesRequestSchema, {
      user,
      peer: 'alice',
      type: messagev1.ConversationType.C2C,
    }),
  );

const CALLS: readonly Row[] = [
  call('method 0', 'Reply 60009', 0),
  call('a method that does not exist', 'Reply 60009', 9_999),
  call('the largest method number', 'Reply 60009', 0xffff_ffff),
  // Login, Import, Kick and their like carry no number: an SDK cannot even name them.
  call('a number between those of two services', 'Reply 60009', 2),
  call('request bytes that are no request', 'Reply 20001', SEND, hex('ff ff ff')),
  call('a request with a text that is no UTF-8', 'Reply 20001', SEND, hex('12 02 ff fe 18 01')),
  call('a read whose request is cut short', 'Reply 20001', 11, hex('1a 7f 61')),
  call('a message in somebody else’s name', 'Reply 60004', SEND, hex('0a 03 62 6f 62')),
  call('a look into somebody else’s history', 'Reply 60004', 11, readOf('bob')),
  call('a message to nobody', 'Reply 20003', SEND, sendRequest('nobody-here', text('x'))),
  call('a message to an empty id', 'Reply 20003', SEND, sendRequest('', text('x'))),
  call('a message to 33 bytes', 'Reply 20003', SEND, sendRequest('x'.repeat(33), text('x'))),
  call('a message to a control character', 'Reply 20003', SEND, sendRequest('bo\u0001b', text('x'))),
];

const custom = { MsgType: 'TIMCustomElem', MsgContent: { Data: 'x' } };

const MESSAGES: readonly Row[] = [
  send('a body that is no JSON', 20001, 'hello'),
  send('a body that is no array', 20001, '{}'),
  send('an empty body', 20001, ''),
  send('a body without elements', 20001, '[]'),
  send('a body that is no UTF-8', 20001, hex('5b 22 ff 22 5d')),
  send('an element that is a number', 20001, '[1]'),
  send('an element of an unknown type', 20001, '[{"MsgType":"TIMBomb","MsgContent":{}}]'),
  send('an element that is Object’s own', 20001, '[{"MsgType":"__proto__","MsgContent":{}}]'),
  send('a body 5,000 levels deep', 20001, nested(5_000)),
  send('13,000 bytes of text', 80002, text('x'.repeat(13_000))),
  send('13,000 bytes of custom data', 80002, text('x'), { cloudCustomData: 'x'.repeat(13_000) }),
  send('two custom elements', 20001, JSON.stringify([custom, custom])),
  send('a message without an id', 20001, text('x'), { clientMessageId: '' }),
  send('an id of 1,000 bytes', 20001, text('x'), { clientMessageId: 'x'.repeat(1_000) }),
  send('a key that only admins may give', 20001, text('x'), { dedupKey: 'mine' }),
  send('a flag that only admins may set', 20001, text('x'), { flags: messagev1.MessageFlag.IMPORTED }),
  send('a flag that does not exist', 20001, text('x'), { flags: 1 << 30 }),
  send('a push that is no JSON', 20001, text('x'), { offlinePush: hex('ff ff') }),
  send('9,000 bytes of push', 20001, text('x'), { offlinePush: new Uint8Array(9_000) }),
  send('a conversation of a kind that does not exist', 20001, text('x'), {
    type: 99 as messagev1.ConversationType,
  }),
];

export const GATEWAY_ROWS: readonly Row[] = [...GREETINGS, ...FRAMES, ...CALLS, ...MESSAGES];

const FLOOD = 6_000;

/** Their answers need many frames, so they are tried once. */
export const FLOOD_ROWS: readonly Row[] = [
  [
    `${FLOOD} pings at once`,
    'Bye 4004',
    async ({ gatewayUrl }) => {
      const socket = await RawSocket.loggedIn(gatewayUrl, freshUser());
      for (let sent = 0; sent < FLOOD; sent += 1) socket.raw(encodePingFrame());
      const answer = await socket.answer();
      socket.close();
      return answer;
    },
  ],
  [
    // The WebSocket driver ends these before they reach our own count.
    `${FLOOD} WebSocket pings at once`,
    'closed 1006',
    async ({ gatewayUrl }) => {
      const socket = await RawSocket.loggedIn(gatewayUrl, freshUser());
      for (let sent = 0; sent < FLOOD; sent += 1) socket.ping();
      const answer = await socket.answer();
      socket.close();
      return answer;
    },
  ],
  [
    '3,000 calls at once',
    'each is answered or told to slow down',
    async ({ gatewayUrl }) => {
      const socket = await RawSocket.loggedIn(gatewayUrl, freshUser());
      for (let id = 1; id <= 3_000; id += 1) socket.call(COUNT_UNREAD, undefined, id);
      const answers = new Set<string>();
      for (let id = 1; id <= 3_000; id += 1) answers.add(await socket.answer());
      socket.close();
      // Which of the two limits is met first is a matter of speed.
      const strangers = [...answers].filter((answer) => !/^Reply (0|9506|9507)$/.test(answer));
      return strangers.length === 0 && answers.size > 1
        ? 'each is answered or told to slow down'
        : [...answers].join();
    },
  ],
];
