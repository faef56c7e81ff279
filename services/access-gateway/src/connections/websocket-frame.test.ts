import { create, toBinary } from '@bufbuild/protobuf';
import { wirev1 } from '@parley/proto';
import { decodeServerFrame, encodeByeFrame } from '@parley/wire';
import { frameEncoded, framePong, framePush, frameReply } from './websocket-frame.js';

/** Reads one unmasked frame as RFC 6455 says. */
function payloadOf(frame: Uint8Array): Uint8Array {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  expect(frame[0]).toBe(0x82);
  const short = frame[1] as number;
  expect(short).toBeLessThan(128);
  const [head, length] =
    short < 126 ? [2, short] : short === 126 ? [4, view.getUint16(2)] : [10, Number(view.getBigUint64(2))];
  expect(frame.length).toBe(head + length);
  if (length > 125) expect(head).toBe(length > 0xffff ? 10 : 4);
  return frame.subarray(head);
}

const SIZES = [
  0, 1, 100, 110, 116, 117, 118, 119, 120, 121, 125, 126, 127, 300, 65_400, 65_470, 65_520, 65_536, 700_000,
];

describe('WebSocket frames of the server', () => {
  it.each(SIZES)('carry a reply with %i bytes', (size) => {
    const response = new Uint8Array(size).fill(7);
    const frame = frameReply({ id: 5, code: 0, info: '', response, retryAfterMs: 0 });
    expect(decodeServerFrame(payloadOf(frame))).toMatchObject({ kind: 'reply', id: 5, response });
  });

  it.each(SIZES)('carry a push with %i bytes', (size) => {
    const push = toBinary(
      wirev1.PushSchema,
      create(wirev1.PushSchema, { event: { case: 'message', value: { body: new Uint8Array(size) } } }),
    );
    const frame = payloadOf(framePush(push));
    expect(decodeServerFrame(frame)).toEqual({ kind: 'push', pushes: [push] });
  });

  it('carry an info of the widest characters', () => {
    const info = '\uffff'.repeat(1_024);
    const frame = frameReply({ id: 1, code: 91_000, info, response: new Uint8Array(0), retryAfterMs: 5 });
    expect(decodeServerFrame(payloadOf(frame))).toMatchObject({ info, retryAfterMs: 5 });
  });

  it('carry pongs and rare frames', () => {
    expect(decodeServerFrame(payloadOf(framePong(1_700_000_000_000)))).toEqual({
      kind: 'pong',
      serverTimeMs: 1_700_000_000_000,
    });
    const bye = frameEncoded(encodeByeFrame({ code: 4000, reason: 'x'.repeat(300) }));
    expect(decodeServerFrame(payloadOf(bye))).toMatchObject({ kind: 'bye', bye: { code: 4000 } });
  });
});
