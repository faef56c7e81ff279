// The frames of BatchService.Exchange, written and read by hand: they are the
// cost of every call between processes. A test holds them byte for byte
// against the generated code. Ids are exact up to 2^53.
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { CallContext } from '../call-context.js';
import { readContext, writeContext, writeFirstAttempt } from './context-codec.js';

export interface OutgoingCall {
  readonly id: number;
  readonly method: string;
  readonly context: CallContext;
  readonly timeoutMs: number;
  readonly request: Uint8Array;
}

export interface IncomingCall {
  readonly id: number;
  readonly method: string;
  readonly context: CallContext;
  readonly request: Uint8Array;
}

export interface CallOutcome {
  readonly id: number;
  /** Public error code; 0 is success. */
  readonly code: number;
  readonly info: string;
  readonly response: Uint8Array;
  readonly retryAfterMs: number;
}

export const NO_BYTES: Uint8Array = new Uint8Array(0);

const tag = (field: number, type: WireType): number => ((field << 3) | type) >>> 0;
const BYTES_1 = tag(1, WireType.LengthDelimited);
const BYTES_2 = tag(2, WireType.LengthDelimited);
const BYTES_3 = tag(3, WireType.LengthDelimited);
const BYTES_4 = tag(4, WireType.LengthDelimited);
const VARINT_1 = tag(1, WireType.Varint);
const VARINT_2 = tag(2, WireType.Varint);
const VARINT_5 = tag(5, WireType.Varint);

/** An ExchangeRequest that is sent at `now`, by the clock of the contexts. */
export function encodeCalls(
  calls: readonly OutgoingCall[],
  cancelled: readonly number[],
  now: number,
): Uint8Array {
  const writer = new BinaryWriter();
  for (const call of calls) {
    writer.uint32(BYTES_1).fork();
    writer.uint32(VARINT_1).uint64(call.id);
    writer.uint32(BYTES_2).string(call.method);
    writer.uint32(BYTES_3).fork();
    writeContext(writer, call.context, call.timeoutMs);
    writeFirstAttempt(writer, call.context, now);
    writer.join();
    if (call.request.length > 0) writer.uint32(BYTES_4).bytes(call.request);
    writer.join();
  }
  if (cancelled.length > 0) {
    writer.uint32(BYTES_2).fork();
    for (const id of cancelled) writer.uint64(id);
    writer.join();
  }
  return writer.finish();
}

/** An ExchangeResponse. */
export function encodeOutcomes(outcomes: readonly CallOutcome[]): Uint8Array {
  const writer = new BinaryWriter();
  for (const outcome of outcomes) {
    writer.uint32(BYTES_1).fork();
    writer.uint32(VARINT_1).uint64(outcome.id);
    if (outcome.code !== 0) writer.uint32(VARINT_2).uint32(outcome.code);
    if (outcome.info !== '') writer.uint32(BYTES_3).string(outcome.info);
    if (outcome.response.length > 0) writer.uint32(BYTES_4).bytes(outcome.response);
    if (outcome.retryAfterMs !== 0) writer.uint32(VARINT_5).uint32(outcome.retryAfterMs);
    writer.join();
  }
  return writer.finish();
}

/** @throws Error on malformed bytes. */
export function decodeCalls(bytes: Uint8Array, now: number): { calls: IncomingCall[]; cancelled: number[] } {
  const reader = new BinaryReader(bytes);
  const calls: IncomingCall[] = [];
  const cancelled: number[] = [];
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (field === 1) calls.push(readCall(reader, reader.uint32() + reader.pos, now));
    else if (field === 2) readIds(reader, wireType, cancelled);
    else reader.skip(wireType, field);
  }
  return { calls, cancelled };
}

/** @throws Error on malformed bytes. */
export function decodeOutcomes(bytes: Uint8Array): CallOutcome[] {
  const reader = new BinaryReader(bytes);
  const outcomes: CallOutcome[] = [];
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (field === 1) outcomes.push(readOutcome(reader, reader.uint32() + reader.pos));
    else reader.skip(wireType, field);
  }
  return outcomes;
}

function readCall(reader: BinaryReader, end: number, now: number): IncomingCall {
  const call: { -readonly [K in keyof IncomingCall]?: IncomingCall[K] } = {};
  while (reader.pos < end) {
    const [field, wireType] = reader.tag();
    if (field === 1) call.id = Number(reader.uint64());
    else if (field === 2) call.method = reader.string();
    else if (field === 3) call.context = readContext(reader, reader.uint32() + reader.pos, now);
    else if (field === 4) call.request = reader.bytes();
    else reader.skip(wireType, field);
  }
  if (call.context === undefined) throw new Error('a call without a context');
  return {
    id: call.id ?? 0,
    method: call.method ?? '',
    context: call.context,
    request: call.request ?? NO_BYTES,
  };
}

function readOutcome(reader: BinaryReader, end: number): CallOutcome {
  const outcome = { id: 0, code: 0, info: '', response: NO_BYTES, retryAfterMs: 0 };
  while (reader.pos < end) {
    const [field, wireType] = reader.tag();
    if (field === 1) outcome.id = Number(reader.uint64());
    else if (field === 2) outcome.code = reader.uint32();
    else if (field === 3) outcome.info = reader.string();
    else if (field === 4) outcome.response = reader.bytes();
    else if (field === 5) outcome.retryAfterMs = reader.uint32();
    else reader.skip(wireType, field);
  }
  return outcome;
}

function readIds(reader: BinaryReader, wireType: WireType, ids: number[]): void {
  if (wireType !== WireType.LengthDelimited) {
    ids.push(Number(reader.uint64()));
    return;
  }
  for (const end = reader.uint32() + reader.pos; reader.pos < end; ) ids.push(Number(reader.uint64()));
}
