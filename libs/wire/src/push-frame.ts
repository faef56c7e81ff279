// ServerFrame.push: pushes on their way to a client. A push stays opaque bytes.
import { type FrameReader, tagOf, WIRE_BYTES } from './frame-reader.js';
import { type FrameSpace, PLAIN_SPACE } from './frame-space.js';
import { bytesFieldBytes, writeBytesField, writeFieldHead } from './frame-writer.js';

export interface PushBatchFrame {
  readonly kind: 'push';
  /** Encoded parley.wire.v1.Push each; views into the frame when decoded. */
  readonly pushes: readonly Uint8Array[];
}

export const PUSH_TAG = tagOf(3, WIRE_BYTES);
const PUSHES = tagOf(1, WIRE_BYTES);
const LAST_FIELD = 1;

/** A ServerFrame with these encoded pushes. */
export function encodePushFrame(pushes: readonly Uint8Array[], space: FrameSpace = PLAIN_SPACE): Uint8Array {
  let bodyBytes = 0;
  for (const push of pushes) bodyBytes += bytesFieldBytes(push.length);
  const frame = space.allocate(space.headroom + bytesFieldBytes(bodyBytes));
  let at = writeFieldHead(frame, space.headroom, PUSH_TAG, bodyBytes);
  for (const push of pushes) at = writeBytesField(frame, at, PUSHES, push);
  return frame;
}

/** Reads the nested PushBatch where the reader stands. Defects stay in the reader. */
export function readPushBatch(reader: FrameReader): PushBatchFrame {
  const pushes: Uint8Array[] = [];
  const outerEnd = reader.enter();
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === PUSHES) pushes.push(reader.view());
    else reader.skipUnknown(tag, LAST_FIELD);
  }
  reader.leave(outerEnd);
  return { kind: 'push', pushes };
}
