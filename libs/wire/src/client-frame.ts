// What a gateway reads: one binary WebSocket message of a client.
import { wirev1 } from '@parley/proto';
import { CALL_TAG, type CallFrame, readCall } from './call-frame.js';
import { type MalformedFrame, malformed } from './frame-defect.js';
import { FrameReader, tagOf, WIRE_BYTES } from './frame-reader.js';
import { PING_TAG } from './pong-frame.js';
import { readRare } from './rare-frame.js';

export type ClientFrame =
  | { readonly kind: 'hello'; readonly hello: wirev1.Hello }
  | CallFrame
  | { readonly kind: 'ping' }
  | { readonly kind: 'bye' }
  | MalformedFrame;

const HELLO_TAG = tagOf(1, WIRE_BYTES);
const BYE_TAG = tagOf(4, WIRE_BYTES);
const LAST_FIELD = 4;
const PING: ClientFrame = { kind: 'ping' };
const BYE: ClientFrame = { kind: 'bye' };

/**
 * Decodes a ClientFrame. Never throws and never reads outside `bytes`; unknown
 * fields are skipped, everything else that is not a well-formed frame answers
 * `malformed`. Stricter than protobuf in one way: two alternatives in one frame
 * are a defect, not a merge. `request` of a call is a view into `bytes`.
 */
export function decodeClientFrame(bytes: Uint8Array): ClientFrame {
  const reader = new FrameReader(bytes);
  let frame: ClientFrame | undefined;
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag >>> 3 > LAST_FIELD) reader.skip(tag);
    else if (frame !== undefined) reader.fail('several-frames');
    else frame = readAlternative(reader, tag);
  }
  if (reader.defect !== undefined) return malformed(reader.defect);
  return frame ?? malformed('no-frame');
}

function readAlternative(reader: FrameReader, tag: number): ClientFrame | undefined {
  if (tag === CALL_TAG) return readCall(reader);
  if (tag === PING_TAG) {
    reader.skip(tag);
    return PING;
  }
  if (tag === HELLO_TAG) return { kind: 'hello', hello: readRare(reader, wirev1.HelloSchema) };
  if (tag === BYE_TAG) {
    reader.skip(tag);
    return BYE;
  }
  reader.fail('wrong-type');
  return undefined;
}

/** The kind by the first byte alone, without checking the rest; undefined when it is none of them. */
export function peekClientFrame(bytes: Uint8Array): 'hello' | 'call' | 'ping' | 'bye' | undefined {
  const tag = bytes[0];
  if (tag === CALL_TAG) return 'call';
  if (tag === PING_TAG) return 'ping';
  if (tag === HELLO_TAG) return 'hello';
  return tag === BYE_TAG ? 'bye' : undefined;
}
