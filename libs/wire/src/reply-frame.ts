// ServerFrame.reply: the answer to one call.
import { type FrameReader, tagOf, WIRE_BYTES, WIRE_VARINT } from './frame-reader.js';
import { type FrameSpace, PLAIN_SPACE } from './frame-space.js';
import {
  bytesFieldBytes,
  uintFieldBytes,
  writeBytesField,
  writeFieldHead,
  writeUintField,
} from './frame-writer.js';

export interface ReplyFrame {
  readonly kind: 'reply';
  /** The call's id. */
  readonly id: number;
  /** Public error code; 0 is success. */
  readonly code: number;
  readonly info: string;
  /** An encoded response; a view into the frame when decoded. */
  readonly response: Uint8Array;
  /** Not 0: the call may be repeated after this time. */
  readonly retryAfterMs: number;
}

export type Reply = Omit<ReplyFrame, 'kind'>;

export const REPLY_TAG = tagOf(2, WIRE_BYTES);
const ID = tagOf(1, WIRE_VARINT);
const CODE = tagOf(2, WIRE_VARINT);
const INFO = tagOf(3, WIRE_BYTES);
const RESPONSE = tagOf(4, WIRE_BYTES);
const RETRY_AFTER = tagOf(5, WIRE_VARINT);
const LAST_FIELD = 5;
const EMPTY = new Uint8Array(0);
const utf8 = new TextEncoder();

const optionalBytes = (length: number): number => (length === 0 ? 0 : bytesFieldBytes(length));

/** A ServerFrame with this reply. Numbers are unsigned 32-bit. */
export function encodeReplyFrame(reply: Reply, space: FrameSpace = PLAIN_SPACE): Uint8Array {
  const info = reply.info === '' ? EMPTY : utf8.encode(reply.info);
  const bodyBytes = replyBodyBytes(reply, info.length);
  const frame = space.allocate(space.headroom + bytesFieldBytes(bodyBytes));
  writeReply(frame, space.headroom, reply, { info, bodyBytes });
  return frame;
}

/** Size of the frame that {@link encodeReplyFrame} makes of a successful reply, without headroom. */
export const successReplyFrameBytes = (id: number, responseBytes: number): number =>
  bytesFieldBytes(uintFieldBytes(id) + optionalBytes(responseBytes));

const replyBodyBytes = (reply: Reply, infoBytes: number): number =>
  uintFieldBytes(reply.id) +
  uintFieldBytes(reply.code) +
  optionalBytes(infoBytes) +
  optionalBytes(reply.response.length) +
  uintFieldBytes(reply.retryAfterMs);

interface ReplyParts {
  readonly info: Uint8Array;
  readonly bodyBytes: number;
}

function writeReply(into: Uint8Array, start: number, reply: Reply, parts: ReplyParts): void {
  let at = writeFieldHead(into, start, REPLY_TAG, parts.bodyBytes);
  at = writeUintField(into, at, ID, reply.id);
  at = writeUintField(into, at, CODE, reply.code);
  if (parts.info.length > 0) at = writeBytesField(into, at, INFO, parts.info);
  if (reply.response.length > 0) at = writeBytesField(into, at, RESPONSE, reply.response);
  writeUintField(into, at, RETRY_AFTER, reply.retryAfterMs);
}

/** Reads the nested Reply where the reader stands. Defects stay in the reader. */
export function readReply(reader: FrameReader): ReplyFrame {
  let id = 0;
  let code = 0;
  let info = '';
  let response: Uint8Array = EMPTY;
  let retryAfterMs = 0;
  const outerEnd = reader.enter();
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === ID) id = reader.uint32();
    else if (tag === CODE) code = reader.uint32();
    else if (tag === INFO) info = reader.text();
    else if (tag === RESPONSE) response = reader.view();
    else if (tag === RETRY_AFTER) retryAfterMs = reader.uint32();
    else reader.skipUnknown(tag, LAST_FIELD);
  }
  reader.leave(outerEnd);
  return { kind: 'reply', id, code, info, response, retryAfterMs };
}
