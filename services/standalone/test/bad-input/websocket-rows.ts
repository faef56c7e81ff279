// At the gateway: handshakes that are none, and bytes that are no WebSocket frames.
import { randomBytes } from 'node:crypto';
import { decodeServerFrame, WEBSOCKET_PATH } from '@parley/wire';
import { exchange } from '../harness/raw-connection.js';
import { inWords } from '../harness/raw-socket.js';
import type { Row } from './row.js';

const HEAD_END = '\r\n\r\n';

const handshake = (path = WEBSOCKET_PATH, extra = ''): string =>
  [
    `GET ${path} HTTP/1.1`,
    'Host: parley',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    `Sec-WebSocket-Version: 13${extra}`,
    '\r\n',
  ].join('\r\n');

interface Shape {
  readonly fin?: boolean;
  readonly reserved?: number;
  readonly isMasked?: boolean;
}

/** One frame as RFC 6455 draws it, with a mask of zeros. */
function frame(opcode: number, payload: Uint8Array | string, shape: Shape = {}): Buffer {
  const { fin = true, reserved = 0, isMasked = true } = shape;
  const bytes = Buffer.from(payload);
  const length = bytes.length < 126 ? [bytes.length] : [126, bytes.length >> 8, bytes.length & 255];
  const [first = 0, ...others] = length;
  const head = [(fin ? 0x80 : 0) | reserved | opcode, (isMasked ? 0x80 : 0) | first, ...others];
  return Buffer.concat([Buffer.from(head), Buffer.alloc(isMasked ? 4 : 0), bytes]);
}

/** Status of the handshake, or what came behind it. */
function answerOf(received: Buffer): string {
  const head = received.indexOf(HEAD_END);
  const status = /^HTTP\/1\.1 (\d{3})/.exec(received.toString('latin1'))?.[1];
  if (status !== '101') return `HTTP ${status}`;
  const rest = received.subarray(head + HEAD_END.length);
  const [opcode = 0, length = 0] = [(rest[0] ?? 0) & 15, (rest[1] ?? 0) & 127];
  const payload = length === 126 ? rest.subarray(4, 4 + rest.readUInt16BE(2)) : rest.subarray(2, 2 + length);
  if (opcode === 8) return `closed ${payload.length > 1 ? payload.readUInt16BE(0) : 'without a code'}`;
  return opcode === 2 ? (inWords(decodeServerFrame(payload)) ?? 'a push') : `opcode ${opcode}`;
}

const websocket = (what: string, answer: string, ...parts: (string | Uint8Array)[]): Row => [
  what,
  answer,
  async ({ gatewayUrl }) => answerOf(await exchange({ url: gatewayUrl, parts })),
];
const BINARY = 2;
const PING = 9;
const CLOSE = 8;
const broken = (what: string, ...frames: Uint8Array[]): Row =>
  websocket(what, 'Bye 4500', handshake(), ...frames);

export const WEBSOCKET_ROWS: readonly Row[] = [
  websocket('no HTTP at the gateway', 'HTTP 400', `hello${HEAD_END}`),
  websocket('a handshake at another path', 'HTTP 404', handshake('/v1/wss')),
  websocket('a handshake without a key', 'HTTP 400', handshake().replace(/Sec-WebSocket-Key.*\r\n/, '')),
  websocket('a header of 20 KB', 'HTTP 431', handshake(undefined, `\r\nX-Long: ${'x'.repeat(20_000)}`)),
  websocket('POST to the gateway', 'HTTP 404', `POST ${WEBSOCKET_PATH} HTTP/1.1\r\nHost: parley\r\n\r\n`),
  broken('a frame without a mask', frame(BINARY, 'x', { isMasked: false })),
  broken('a compressed frame', frame(BINARY, 'x', { reserved: 0x40 })),
  broken('an opcode that does not exist', frame(3, 'x')),
  broken('the end of what never began', frame(0, 'x')),
  broken('a ping of 126 bytes', frame(PING, Buffer.alloc(126))),
  broken('a ping in pieces', frame(PING, 'x', { fin: false })),
  broken('a close of one byte', frame(CLOSE, 'x')),
  broken('a close code that nobody may send', frame(CLOSE, Buffer.from([0x03, 0xed]))),
  broken('a length of 2^63', Buffer.from('82ffffffffffffffffff00000000', 'hex')),
  broken('a length of 70,000', Buffer.from('82ff000000000001117000000000', 'hex')),
  broken(
    '80,000 bytes in two pieces',
    frame(BINARY, Buffer.alloc(40_000), { fin: false }),
    frame(0, Buffer.alloc(40_000)),
  ),
  broken(
    '2,000 empty pieces',
    frame(BINARY, '', { fin: false }),
    Buffer.concat(Array(2_000).fill(frame(0, '', { fin: false }))),
  ),
];

/** Their answers are timeouts, so they are tried once. */
export const SLOW_WEBSOCKET_ROWS: readonly Row[] = [
  websocket('half a handshake', 'HTTP 408', 'GET /v1/ws'),
  websocket('a client that says nothing', 'Bye 4003', handshake()),
];
