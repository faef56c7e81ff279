// WebSocket framing of what the server sends: whole, unmasked binary frames (RFC 6455 section 5).
import {
  encodePongFrame,
  encodePushFrame,
  encodeReplyFrame,
  type FrameSpace,
  type Reply,
} from '@parley/wire';

const FIN_BINARY = 0x82;
const SHORT_MAX = 125;
const MEDIUM_MAX = 0xffff;
const SHORT_HEAD = 2;
const MEDIUM_HEAD = 4;
const LONG_HEAD = 10;
/** More than the wire's own fields add to a payload. */
const WIRE_OVERHEAD_MAX = 64;
const UTF8_BYTES_PER_UNIT_MAX = 3;

const allocate = (bytes: number): Uint8Array => Buffer.allocUnsafe(bytes);
const MEDIUM_SPACE: FrameSpace = { headroom: MEDIUM_HEAD, allocate };
const LONG_SPACE: FrameSpace = { headroom: LONG_HEAD, allocate };

const spaceFor = (payloadBytesMax: number): FrameSpace =>
  payloadBytesMax <= MEDIUM_MAX ? MEDIUM_SPACE : LONG_SPACE;

/** A reply as WebSocket frame. */
export function frameReply(reply: Reply): Uint8Array {
  const space = spaceFor(
    reply.response.length + reply.info.length * UTF8_BYTES_PER_UNIT_MAX + WIRE_OVERHEAD_MAX,
  );
  return putHead(encodeReplyFrame(reply, space), space.headroom);
}

/** One push as WebSocket frame: made once, written to every receiver. */
export function framePush(push: Uint8Array): Uint8Array {
  const space = spaceFor(push.length + WIRE_OVERHEAD_MAX);
  return putHead(encodePushFrame([push], space), space.headroom);
}

export const framePong = (serverTimeMs: number): Uint8Array =>
  putHead(encodePongFrame(serverTimeMs, MEDIUM_SPACE), MEDIUM_HEAD);

/** An encoded ServerFrame as WebSocket frame. */
export function frameEncoded(encoded: Uint8Array): Uint8Array {
  const space = spaceFor(encoded.length);
  const framed = allocate(space.headroom + encoded.length);
  framed.set(encoded, space.headroom);
  return putHead(framed, space.headroom);
}

/** Writes the head right before the payload, and answers what is used. */
function putHead(framed: Uint8Array, headroom: number): Uint8Array {
  const payloadBytes = framed.length - headroom;
  if (payloadBytes <= SHORT_MAX) {
    const start = headroom - SHORT_HEAD;
    framed[start] = FIN_BINARY;
    framed[start + 1] = payloadBytes;
    return framed.subarray(start);
  }
  if (payloadBytes <= MEDIUM_MAX) {
    const start = headroom - MEDIUM_HEAD;
    framed[start] = FIN_BINARY;
    framed[start + 1] = 126;
    framed[start + 2] = payloadBytes >>> 8;
    framed[start + 3] = payloadBytes & 0xff;
    return framed.subarray(start);
  }
  const start = headroom - LONG_HEAD;
  framed[start] = FIN_BINARY;
  framed[start + 1] = 127;
  new DataView(framed.buffer, framed.byteOffset).setBigUint64(start + 2, BigInt(payloadBytes));
  return framed.subarray(start);
}
