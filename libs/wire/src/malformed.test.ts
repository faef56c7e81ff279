// Bytes of strangers: every answer is a frame or a typed defect, never an exception.
import { create, toBinary } from '@bufbuild/protobuf';
import { wirev1 } from '@parley/proto';
import fc from 'fast-check';
import {
  decodeClientFrame,
  decodeServerFrame,
  encodeCallFrame,
  encodeReplyFrame,
  type FrameDefect,
  peekClientFrame,
  peekServerFrame,
} from './index.js';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const call = encodeCallFrame({ id: 7, method: 10, request: Uint8Array.of(1, 2, 3), attempt: 1 });

const CLIENT_CASES: readonly [name: string, frame: string, defect: FrameDefect][] = [
  ['nothing', '', 'no-frame'],
  ['only an unknown field', '28 01', 'no-frame'],
  ['field number 0', '02 00', 'bad-tag'],
  ['a group', '13 14', 'bad-tag'],
  ['wire type 6', '16 00', 'bad-tag'],
  ['wire type 7', '17 00', 'bad-tag'],
  ['a tag of five full bytes', 'ff ff ff ff ff 01', 'number-too-large'],
  ['a tag that does not end', '92', 'truncated'],
  ['a call as a number', '10 01', 'wrong-type'],
  ['a call without its length', '12', 'truncated'],
  ['a call longer than the frame', '12 05 08 01', 'truncated'],
  ['a call of 4 GiB', '12 ff ff ff ff 0f', 'truncated'],
  ['a length of more than 32 bits', '12 ff ff ff ff 1f', 'number-too-large'],
  ['a length that does not end', '12 ff ff', 'truncated'],
  ['an id of more than 32 bits', '12 06 08 ff ff ff ff 7f', 'number-too-large'],
  ['an id of eleven bytes', '12 0c 08 ff ff ff ff ff ff ff ff ff ff 01', 'number-too-large'],
  ['an id as bytes', '12 02 0a 00', 'wrong-type'],
  ['a method as 32 bits fixed', '12 05 15 01 00 00 00', 'wrong-type'],
  ['an age of the first attempt as bytes', '12 02 2a 00', 'wrong-type'],
  ['a request longer than its call', '12 02 1a 7f', 'truncated'],
  ['a request that reaches behind its call', '12 03 1a 02 01 18 01', 'truncated'],
  ['an unknown number that does not end', '12 03 30 ff ff', 'truncated'],
  ['an unknown number of eleven bytes', '12 0d 30 ff ff ff ff ff ff ff ff ff ff ff 01', 'number-too-long'],
  ['an unknown fixed64 cut short', '12 03 31 00 00', 'truncated'],
  ['an unknown fixed32 cut short', '12 03 35 00 00', 'truncated'],
  ['two calls', '12 00 12 00', 'several-frames'],
  ['a ping and a call', '1a 00 12 00', 'several-frames'],
  ['a hello that is no message', '0a 03 1a ff 01', 'bad-body'],
  ['a hello with bad UTF-8', '0a 04 1a 02 ff fe', 'bad-body'],
  ['a hello cut short', '0a 7f 08 01', 'truncated'],
  ['trash behind a call', '12 00 ff', 'truncated'],
];

describe('client frames', () => {
  it.each(CLIENT_CASES)('%s', (_name, frame, defect) => {
    expect(decodeClientFrame(hex(frame))).toEqual({ kind: 'malformed', defect });
  });

  it('every cut of a call is truncated, or an empty frame', () => {
    for (let length = 0; length < call.length; length++) {
      const defect = length === 0 ? 'no-frame' : 'truncated';
      expect(decodeClientFrame(call.subarray(0, length))).toEqual({ kind: 'malformed', defect });
    }
  });

  it('unknown fields of every type are skipped, inside and outside', () => {
    const unknown = '30 ff ff 03 31 01 02 03 04 05 06 07 08 35 01 02 03 04 32 02 ff ff';
    const inner = `08 07 ${unknown} 10 0a`;
    const innerBytes = hex(inner).length.toString(16).padStart(2, '0');
    const frame = decodeClientFrame(hex(`${unknown} 12 ${innerBytes} ${inner} ${unknown}`));
    expect(frame).toEqual({
      kind: 'call',
      id: 7,
      method: 10,
      request: new Uint8Array(0),
      attempt: 0,
      firstAttemptAgeMs: 0,
    });
  });

  it('of a field that comes twice the last one counts', () => {
    expect(decodeClientFrame(hex('12 04 08 01 08 02'))).toMatchObject({ kind: 'call', id: 2 });
  });
});

describe('server frames', () => {
  it.each<[string, string, FrameDefect]>([
    ['nothing', '', 'no-frame'],
    ['a reply with bad UTF-8', '12 04 1a 02 c3 28', 'bad-text'],
    ['a reply with a lone surrogate', '12 05 1a 03 ed a0 80', 'bad-text'],
    ['a pong beyond 2^53', '22 09 08 ff ff ff ff ff ff ff 7f', 'number-too-large'],
    ['a push as a number', '18 01', 'wrong-type'],
    ['a push that reaches behind its batch', '1a 02 0a 05', 'truncated'],
    ['a bye that is no message', '32 02 12 ff', 'bad-body'],
    ['a welcome and a bye', '0a 00 32 00', 'several-frames'],
  ])('%s', (_name, frame, defect) => {
    expect(decodeServerFrame(hex(frame))).toEqual({ kind: 'malformed', defect });
  });

  it('a frame of a newer server is unknown, not malformed', () => {
    expect(decodeServerFrame(hex('42 03 01 02 03'))).toEqual({ kind: 'unknown' });
  });

  it('a byte order mark in a text stays', () => {
    const reply = { id: 1, code: 2, info: '\ufeffx', response: new Uint8Array(0), retryAfterMs: 0 };
    expect(decodeServerFrame(encodeReplyFrame(reply))).toEqual({ kind: 'reply', ...reply });
  });

  it('a lone surrogate is written as the replacement character', () => {
    const reply = { id: 1, code: 2, info: 'a\ud800b', response: new Uint8Array(0), retryAfterMs: 0 };
    expect(decodeServerFrame(encodeReplyFrame(reply))).toMatchObject({ info: 'a\ufffdb' });
  });
});

describe('random bytes', () => {
  const CLIENT_KINDS = ['hello', 'call', 'ping', 'bye', 'malformed'];
  const SERVER_KINDS = ['welcome', 'reply', 'push', 'pong', 'move', 'bye', 'resync', 'unknown', 'malformed'];
  const firstByte = fc.constantFrom(0x0a, 0x12, 0x1a, 0x22, 0x2a, 0x32, 0x3a);
  const random = fc.oneof(
    fc.uint8Array({ maxLength: 64 }),
    fc
      .tuple(firstByte, fc.uint8Array({ maxLength: 120 }))
      .map(([byte, rest]) => Uint8Array.of(byte, rest.length, ...rest)),
  );

  it('never throw, never hang, and views stay inside the frame', () => {
    fc.assert(
      fc.property(random, (bytes) => {
        const client = decodeClientFrame(bytes);
        const server = decodeServerFrame(bytes);
        expect(CLIENT_KINDS).toContain(client.kind);
        expect(SERVER_KINDS).toContain(server.kind);
        const views = [
          ...(client.kind === 'call' ? [client.request] : []),
          ...(server.kind === 'push' ? server.pushes : []),
          ...(server.kind === 'reply' ? [server.response] : []),
        ];
        for (const view of views) expect(view.length).toBeLessThanOrEqual(bytes.length);
        peekClientFrame(bytes);
        peekServerFrame(bytes);
      }),
      { numRuns: 20_000 },
    );
  });

  it('a full-size frame of nothing but the worst byte ends at once', () => {
    for (const byte of [0x00, 0x08, 0x0a, 0x12, 0x1a, 0x28, 0x80, 0xff]) {
      const frame = new Uint8Array(64 * 1024).fill(byte);
      expect(decodeClientFrame(frame).kind).toBe('malformed');
      expect(typeof decodeServerFrame(frame).kind).toBe('string');
    }
  });

  it('a hello survives the trip', () => {
    const hello = create(wirev1.HelloSchema, { userId: 'alice', sdkAppId: 1_400_000_001 });
    const frame = create(wirev1.ClientFrameSchema, { frame: { case: 'hello', value: hello } });
    expect(decodeClientFrame(toBinary(wirev1.ClientFrameSchema, frame))).toEqual({ kind: 'hello', hello });
  });
});
