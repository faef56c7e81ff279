// What an SDK reads: one binary WebSocket message of a gateway.
import { wirev1 } from '@parley/proto';
import { type MalformedFrame, malformed } from './frame-defect.js';
import { FrameReader, tagOf, WIRE_BYTES } from './frame-reader.js';
import { PONG_TAG, type PongFrame, readPong } from './pong-frame.js';
import { PUSH_TAG, type PushBatchFrame, readPushBatch } from './push-frame.js';
import { readRare } from './rare-frame.js';
import { REPLY_TAG, type ReplyFrame, readReply } from './reply-frame.js';

export type ServerFrame =
  | { readonly kind: 'welcome'; readonly welcome: wirev1.Welcome }
  | ReplyFrame
  | PushBatchFrame
  | PongFrame
  | { readonly kind: 'move'; readonly move: wirev1.Move }
  | { readonly kind: 'bye'; readonly bye: wirev1.Bye }
  | { readonly kind: 'resync' }
  /** A frame of a newer server: ignore it. */
  | { readonly kind: 'unknown' }
  | MalformedFrame;

const WELCOME_TAG = tagOf(1, WIRE_BYTES);
const MOVE_TAG = tagOf(5, WIRE_BYTES);
const BYE_TAG = tagOf(6, WIRE_BYTES);
const RESYNC_TAG = tagOf(7, WIRE_BYTES);
const LAST_FIELD = 7;
const UNKNOWN: ServerFrame = { kind: 'unknown' };
const RESYNC: ServerFrame = { kind: 'resync' };

/**
 * Decodes a ServerFrame under the same rules as {@link decodeClientFrame}, except
 * that a frame with unknown alternatives only is `unknown`, so that a server may
 * grow. `response` and `pushes` are views into `bytes`.
 */
export function decodeServerFrame(bytes: Uint8Array): ServerFrame {
  const reader = new FrameReader(bytes);
  let frame: ServerFrame | undefined;
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag >>> 3 > LAST_FIELD) reader.skip(tag);
    else if (frame !== undefined) reader.fail('several-frames');
    else frame = readAlternative(reader, tag);
  }
  if (reader.defect !== undefined) return malformed(reader.defect);
  return frame ?? (bytes.length === 0 ? malformed('no-frame') : UNKNOWN);
}

function readAlternative(reader: FrameReader, tag: number): ServerFrame | undefined {
  switch (tag) {
    case PUSH_TAG:
      return readPushBatch(reader);
    case REPLY_TAG:
      return readReply(reader);
    case PONG_TAG:
      return readPong(reader);
    case WELCOME_TAG:
      return { kind: 'welcome', welcome: readRare(reader, wirev1.WelcomeSchema) };
    case MOVE_TAG:
      return { kind: 'move', move: readRare(reader, wirev1.MoveSchema) };
    case BYE_TAG:
      return { kind: 'bye', bye: readRare(reader, wirev1.ByeSchema) };
    case RESYNC_TAG:
      reader.skip(tag);
      return RESYNC;
    default:
      reader.fail('wrong-type');
      return undefined;
  }
}

const KINDS = new Map<number, Exclude<ServerFrame['kind'], 'unknown' | 'malformed'>>([
  [WELCOME_TAG, 'welcome'],
  [REPLY_TAG, 'reply'],
  [PUSH_TAG, 'push'],
  [PONG_TAG, 'pong'],
  [MOVE_TAG, 'move'],
  [BYE_TAG, 'bye'],
  [RESYNC_TAG, 'resync'],
]);

/** The kind by the first byte alone, without checking the rest; undefined when it is none of them. */
export const peekServerFrame = (
  bytes: Uint8Array,
): Exclude<ServerFrame['kind'], 'unknown' | 'malformed'> | undefined => KINDS.get(bytes[0] ?? 0);
