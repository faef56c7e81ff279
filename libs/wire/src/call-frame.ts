// ClientFrame.call: one request of the SDK.
import { type FrameReader, tagOf, WIRE_BYTES, WIRE_VARINT } from './frame-reader.js';
import {
  bytesFieldBytes,
  uintFieldBytes,
  writeBytesField,
  writeFieldHead,
  writeUintField,
} from './frame-writer.js';

export interface CallFrame {
  readonly kind: 'call';
  readonly id: number;
  /** MethodPolicy.sdk_method. */
  readonly method: number;
  /** An encoded request; a view into the frame when decoded. */
  readonly request: Uint8Array;
  /** 0 for a first attempt. */
  readonly attempt: number;
  /** Of a repetition: how long ago the first attempt began, by the client's own clock, ms. 0: unknown. */
  readonly firstAttemptAgeMs: number;
}

export interface Call extends Omit<CallFrame, 'kind' | 'firstAttemptAgeMs'> {
  readonly firstAttemptAgeMs?: number;
}

export const CALL_TAG = tagOf(2, WIRE_BYTES);
const ID = tagOf(1, WIRE_VARINT);
const METHOD = tagOf(2, WIRE_VARINT);
const REQUEST = tagOf(3, WIRE_BYTES);
const ATTEMPT = tagOf(4, WIRE_VARINT);
const FIRST_ATTEMPT_AGE = tagOf(5, WIRE_VARINT);
const LAST_FIELD = 5;
const EMPTY = new Uint8Array(0);

/** A ClientFrame with this call. Numbers are unsigned 32-bit. */
export function encodeCallFrame(call: Call): Uint8Array {
  const { firstAttemptAgeMs = 0 } = call;
  const bodyBytes =
    uintFieldBytes(call.id) +
    uintFieldBytes(call.method) +
    (call.request.length === 0 ? 0 : bytesFieldBytes(call.request.length)) +
    uintFieldBytes(call.attempt) +
    uintFieldBytes(firstAttemptAgeMs);
  const frame = new Uint8Array(bytesFieldBytes(bodyBytes));
  let at = writeFieldHead(frame, 0, CALL_TAG, bodyBytes);
  at = writeUintField(frame, at, ID, call.id);
  at = writeUintField(frame, at, METHOD, call.method);
  if (call.request.length > 0) at = writeBytesField(frame, at, REQUEST, call.request);
  at = writeUintField(frame, at, ATTEMPT, call.attempt);
  writeUintField(frame, at, FIRST_ATTEMPT_AGE, firstAttemptAgeMs);
  return frame;
}

/** Reads the nested Call where the reader stands. Defects stay in the reader. */
export function readCall(reader: FrameReader): CallFrame {
  let id = 0;
  let method = 0;
  let request: Uint8Array = EMPTY;
  let attempt = 0;
  let firstAttemptAgeMs = 0;
  const outerEnd = reader.enter();
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === ID) id = reader.uint32();
    else if (tag === METHOD) method = reader.uint32();
    else if (tag === REQUEST) request = reader.view();
    else if (tag === ATTEMPT) attempt = reader.uint32();
    else if (tag === FIRST_ATTEMPT_AGE) firstAttemptAgeMs = reader.uint32();
    else reader.skipUnknown(tag, LAST_FIELD);
  }
  reader.leave(outerEnd);
  return { kind: 'call', id, method, request, attempt, firstAttemptAgeMs };
}
