// What strangers send: each gets its documented end, and the others do not notice.

import { waitFor } from '@parley/testkit';
import { encodeCallFrame, encodeHelloFrame, encodePingFrame } from '@parley/wire';
import { type Harness, startGateway } from './harness.js';
import type { TestClient } from './test-client.js';

let harness: Harness;
let bystander: TestClient;
beforeAll(async () => {
  harness = await startGateway();
  bystander = await harness.login('bystander');
});
afterAll(async () => {
  await harness.stop();
  harness.log.assertNoErrors();
});
afterEach(async () => {
  await bystander.ping();
  await waitFor(() => harness.metrics.gauges.get('parley.gateway.connections')?.() === 1);
});

const hex = (text: string): Uint8Array => Buffer.from(text.replaceAll(' ', ''), 'hex');
/** A masked WebSocket frame of a client, with the mask 0. */
const masked = (firstByte: number, payload: Uint8Array): Uint8Array =>
  Buffer.concat([Uint8Array.of(firstByte, 0x80 | payload.length, 0, 0, 0, 0), payload]);
const PROTOCOL_ERROR = 4500;

type Misdeed = (client: TestClient) => void;
type Case = readonly [name: string, misdeed: Misdeed, reason: RegExp];
const frame =
  (text: string): Misdeed =>
  (client) =>
    client.raw(hex(text));

const MALFORMED: readonly Case[] = [
  ['an empty frame', frame(''), /no-frame/],
  ['zeros', (client) => client.raw(new Uint8Array(100)), /bad-tag/],
  ['the worst byte, 64 KiB of it', (client) => client.raw(new Uint8Array(65_536).fill(0xff)), /malformed/],
  ['a truncated call', frame('12 0a 08 01'), /truncated/],
  ['a call of 4 GiB', frame('12 ff ff ff ff 0f'), /truncated/],
  ['a tag that is a giant number', frame('ff ff ff ff ff ff ff ff ff 01'), /number-too-large/],
  ['an id that is a giant number', frame('12 0b 08 ff ff ff ff ff ff ff ff ff 01'), /number-too-large/],
  ['a number without an end', frame('12 0c 30 ff ff ff ff ff ff ff ff ff ff ff'), /number-too-long/],
  ['an old-style group', frame('13 14'), /bad-tag/],
  ['wire type 7', frame('17 00'), /bad-tag/],
  ['a call as a number', frame('10 05'), /wrong-type/],
  ['two calls in one frame', frame('12 00 12 00'), /several-frames/],
  ['a frame of an unknown kind', frame('5a 00'), /no-frame/],
  ['JSON as binary', (client) => client.raw(Buffer.from('{"hello":true}')), /malformed/],
  ['HTTP as binary', (client) => client.raw(Buffer.from('GET / HTTP/1.1\r\n\r\n')), /malformed/],
  ['a hello with bad UTF-8', frame('0a 04 1a 02 ff fe'), /bad-body/],
  ['a text frame', (client) => client.text('hello'), /text frames/],
  ['a text frame with bad UTF-8', (client) => client.stream(masked(0x81, hex('ff fe'))), /text frames/],
  ['a frame beyond 64 KiB', (client) => client.raw(new Uint8Array(65_537)), /too large.*65536/],
  [
    'a frame that claims 2^62 bytes',
    (client) => client.stream(hex('82 ff 3f ff ff ff ff ff ff ff 00 00 00 00')),
    /too large/,
  ],
  ['fragments beyond 64 KiB', fragments(9, 8_192), /too large/],
  ['thousands of tiny fragments', fragments(1_100, 1), /too many pieces/],
  ['a frame without a mask', (client) => client.stream(hex('82 02 1a 00')), /no WebSocket frames/],
  ['a reserved bit', (client) => client.stream(masked(0xc2, hex('1a 00'))), /no WebSocket frames/],
  ['an unknown opcode', (client) => client.stream(masked(0x83, hex('1a 00'))), /no WebSocket frames/],
  ['a continuation of nothing', (client) => client.stream(masked(0x80, hex('1a 00'))), /no WebSocket frames/],
  ['a fragmented control frame', (client) => client.stream(masked(0x09, hex('00'))), /no WebSocket frames/],
];

/** `count` pieces of one message. */
function fragments(count: number, bytes: number): Misdeed {
  return (client) => {
    for (let i = 0; i < count; i++) client.socket.send(new Uint8Array(bytes), { fin: false });
  };
}

const expectEnd = async (client: TestClient, reason: RegExp): Promise<void> => {
  const { bye } = await client.next('bye');
  expect(bye.code).toBe(PROTOCOL_ERROR);
  expect(bye.reason).toMatch(reason);
  expect(await client.closed).toBe(PROTOCOL_ERROR);
};

describe('before the Hello', () => {
  it.each(MALFORMED)('%s', async (_name, misdeed, reason) => {
    const client = await harness.connect();
    misdeed(client);
    await expectEnd(client, reason);
  });

  it.each<Case>([
    [
      'a call first',
      (client) => client.raw(encodeCallFrame({ id: 1, method: 10, request: new Uint8Array(0), attempt: 0 })),
      /before the Welcome/,
    ],
    ['a ping first', (client) => client.raw(encodePingFrame()), /first frame is a Hello/],
    ['a hello of another protocol version', (client) => client.hello({ protocolVersion: 9 }), /version 9/],
    ['an empty hello', (client) => client.raw(encodeHelloFrame({})), /version 0/],
    ['a hello without an instance', (client) => client.hello({ instanceId: '' }), /instance_id/],
    [
      'a call right behind the hello',
      (client) => {
        client.hello();
        client.call(10);
      },
      /before the Welcome/,
    ],
  ])('%s', async (_name, misdeed, reason) => {
    const client = await harness.connect();
    misdeed(client);
    await expectEnd(client, reason);
  });

  it.each<[string, Misdeed, RegExp]>([
    ['a hello without an app', (client) => client.hello({ sdkAppId: 0 }), /^70020 /],
    ['a hello with a bad user', (client) => client.hello({ userId: 'a\u0000b' }), /^70402 /],
    ['a hello with a huge UserSig', (client) => client.hello({ userSig: 'x'.repeat(60_000) }), /^70003 /],
  ])('%s is refused', async (_name, misdeed, reason) => {
    const client = await harness.connect();
    misdeed(client);
    const { bye } = await client.next('bye');
    expect(bye.code).toBe(4505);
    expect(bye.reason).toMatch(reason);
    expect(await client.closed).toBe(4505);
  });
});

describe('after the login', () => {
  it.each(MALFORMED)('%s', async (_name, misdeed, reason) => {
    const client = await harness.login('mallory');
    misdeed(client);
    await expectEnd(client, reason);
  });

  it('a second hello', async () => {
    const client = await harness.login('mallory');
    client.hello();
    await expectEnd(client, /second Hello/);
  });

  it('what comes behind a malformed frame in the same packet is not looked at', async () => {
    const client = await harness.login('mallory');
    const calls = harness.metrics.of('parley.gateway.calls_refused{unknown_method}');
    const call = masked(0x82, encodeCallFrame({ id: 1, method: 0, request: new Uint8Array(0), attempt: 0 }));
    client.stream(Buffer.concat([masked(0x82, hex('ff')), call, call]));
    await expectEnd(client, /malformed/);
    expect(harness.metrics.of('parley.gateway.calls_refused{unknown_method}')).toBe(calls);
  });

  it('a bye of the client is no misdeed', async () => {
    const client = await harness.login('mallory');
    client.raw(hex('22 00'));
    expect(await client.closed).toBe(1000);
    expect(client.frames.map(({ kind }) => kind)).toEqual(['welcome']);
  });

  it('a frame of exactly 64 KiB is no misdeed', async () => {
    const client = await harness.login('mallory');
    const request = new Uint8Array(65_536 - 15);
    const call = encodeCallFrame({ id: 1, method: 9_999, request, attempt: 1 });
    expect(call.length).toBe(65_536);
    client.raw(call);
    await client.next('reply');
    await client.close();
  });
});
