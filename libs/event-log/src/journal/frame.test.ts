import fc from 'fast-check';
import { FRAME_HEADER_BYTES, FrameKind, hasFrameBehind, sealFrame, visitFrames } from './frame.js';

const SALT = 0xdeadbeef;

function frameOf(payload: Uint8Array, salt = SALT): Buffer {
  const frame = Buffer.alloc(FRAME_HEADER_BYTES + payload.length);
  frame.set(payload, FRAME_HEADER_BYTES);
  sealFrame(frame, FrameKind.RECORDS, salt);
  return frame;
}

const payloadsOf = (bytes: Buffer): Buffer[] => {
  const payloads: Buffer[] = [];
  visitFrames(bytes, SALT, (frame) => payloads.push(frame.subarray(FRAME_HEADER_BYTES)));
  return payloads;
};

describe('frames', () => {
  it('are read back one after the other, up to the first that is not whole', () => {
    const anyPayloads = fc.array(fc.uint8Array({ maxLength: 60 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(anyPayloads, fc.nat(), (payloads, cut) => {
        const frames = payloads.map((payload) => frameOf(payload));
        const bytes = Buffer.concat(frames);
        expect(payloadsOf(bytes)).toEqual(payloads.map((payload) => Buffer.from(payload)));
        const length = cut % bytes.length;
        const whole = frames.filter((_, i) => Buffer.concat(frames.slice(0, i + 1)).length <= length);
        expect(payloadsOf(bytes.subarray(0, length))).toHaveLength(whole.length);
      }),
    );
  });

  it('are refused with any bit changed', () => {
    const sound = frameOf(Buffer.from('some payload'));
    for (let bit = 0; bit < sound.length * 8; bit++) {
      const changed = Buffer.from(sound);
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(payloadsOf(changed)).toEqual([]);
    }
  });

  it('of another file are none, and zeros are none', () => {
    expect(payloadsOf(frameOf(Buffer.from('x'), SALT + 1))).toEqual([]);
    expect(payloadsOf(Buffer.alloc(1_000))).toEqual([]);
  });

  it('are found behind damage, wherever they begin', () => {
    const frame = frameOf(Buffer.from('found'));
    for (let at = 1; at < 40; at++) {
      expect(hasFrameBehind(Buffer.concat([Buffer.alloc(at, 7), frame]), 1, SALT)).toBe(true);
    }
    expect(hasFrameBehind(frame, 1, SALT)).toBe(false);
    expect(hasFrameBehind(frame.subarray(0, -1), 0, SALT)).toBe(false);
  });

  it('are not found where somebody has put the bytes of a frame into a message', () => {
    const forged = frameOf(Buffer.from('forged'), SALT + 1);
    const torn = frameOf(forged).subarray(0, -1);
    expect(hasFrameBehind(torn, 1, SALT)).toBe(false);
  });
});
