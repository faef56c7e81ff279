// ClientFrame.ping and ServerFrame.pong: the heartbeat.
import { type FrameReader, tagOf, WIRE_BYTES, WIRE_VARINT } from './frame-reader.js';
import { type FrameSpace, PLAIN_SPACE } from './frame-space.js';
import { bytesFieldBytes, uintFieldBytes, writeFieldHead, writeUintField } from './frame-writer.js';

export interface PongFrame {
  readonly kind: 'pong';
  readonly serverTimeMs: number;
}

export const PING_TAG = tagOf(3, WIRE_BYTES);
export const PONG_TAG = tagOf(4, WIRE_BYTES);
const SERVER_TIME = tagOf(1, WIRE_VARINT);
const LAST_FIELD = 1;

/** A ClientFrame with a ping: always the same two bytes; a new array each time, the caller owns it. */
export const encodePingFrame = (): Uint8Array => Uint8Array.of(PING_TAG, 0);

/** A ServerFrame with a pong. */
export function encodePongFrame(serverTimeMs: number, space: FrameSpace = PLAIN_SPACE): Uint8Array {
  const bodyBytes = uintFieldBytes(serverTimeMs);
  const frame = space.allocate(space.headroom + bytesFieldBytes(bodyBytes));
  const at = writeFieldHead(frame, space.headroom, PONG_TAG, bodyBytes);
  writeUintField(frame, at, SERVER_TIME, serverTimeMs);
  return frame;
}

/** Reads the nested Pong where the reader stands. Defects stay in the reader. */
export function readPong(reader: FrameReader): PongFrame {
  let serverTimeMs = 0;
  const outerEnd = reader.enter();
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === SERVER_TIME) serverTimeMs = reader.uint53();
    else reader.skipUnknown(tag, LAST_FIELD);
  }
  reader.leave(outerEnd);
  return { kind: 'pong', serverTimeMs };
}
