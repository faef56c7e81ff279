// The call context on its way between processes. Deadlines travel as time left,
// so that clocks need not agree. The receiver believes what it reads: only
// processes of the platform may reach these ports (network policy or mutual TLS).
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { AppId, ConnectionId, NodeId, UserId } from '@parley/kernel';
import type { CallContext } from '../call-context.js';

const UINT32_MAX = 0xffff_ffff;

/** Writes a parley.context.v1.CallContext but for its last field; `timeoutMs` is at least 1. */
export function writeContext(writer: BinaryWriter, context: CallContext, timeoutMs: number): void {
  writeNumber(writer, 1, context.appId);
  writeText(writer, 2, context.userId);
  writeNumber(writer, 3, context.role);
  writeNumber(writer, 4, context.platform);
  writeText(writer, 5, context.connectionId);
  writeText(writer, 6, context.nodeId);
  writeText(writer, 7, context.traceParent);
  writeNumber(writer, 8, Math.max(1, Math.ceil(timeoutMs)));
  writeNumber(writer, 9, context.attempt);
}

/** Writes the rest of it, which is relative to `now`, by the clock of the context. */
export function writeFirstAttempt(writer: BinaryWriter, context: CallContext, now: number): void {
  const { firstAttemptAtMs } = context;
  if (firstAttemptAtMs === undefined) return;
  // At least 1, for 0 is unknown; one that does not fit is as good as unknown.
  const ageMs = Math.max(1, Math.ceil(now - firstAttemptAtMs));
  if (ageMs <= UINT32_MAX) writeNumber(writer, 10, ageMs);
}

/** Reads what was written so, up to `end`; times become absolute by `now`. @throws Error on malformed bytes. */
export function readContext(reader: BinaryReader, end: number, now: number): CallContext {
  const read = { appId: 0, userId: '', role: 0, platform: 0, timeoutMs: 0, attempt: 0, ageMs: 0 };
  const texts: Record<number, string> = {};
  while (reader.pos < end) {
    const [field, wireType] = reader.tag();
    if (field === 1) read.appId = reader.uint32();
    else if (field === 2) read.userId = reader.string();
    else if (field === 3) read.role = reader.int32();
    else if (field === 4) read.platform = reader.int32();
    else if (field >= 5 && field <= 7 && wireType === WireType.LengthDelimited)
      texts[field] = reader.string();
    else if (field === 8) read.timeoutMs = reader.uint32();
    else if (field === 9) read.attempt = reader.uint32();
    else if (field === 10) read.ageMs = reader.uint32();
    else reader.skip(wireType, field);
  }
  return {
    appId: read.appId as AppId,
    userId: read.userId as UserId,
    role: read.role,
    platform: read.platform,
    attempt: read.attempt,
    ...(read.timeoutMs === 0 ? undefined : { deadlineMs: now + read.timeoutMs }),
    ...(read.ageMs === 0 ? undefined : { firstAttemptAtMs: now - read.ageMs }),
    ...(texts[5] === undefined ? undefined : { connectionId: texts[5] as ConnectionId }),
    ...(texts[6] === undefined ? undefined : { nodeId: texts[6] as NodeId }),
    ...(texts[7] === undefined ? undefined : { traceParent: texts[7] }),
  };
}

export function encodeContext(context: CallContext, timeoutMs: number, now: number): Uint8Array {
  const writer = new BinaryWriter();
  writeContext(writer, context, timeoutMs);
  writeFirstAttempt(writer, context, now);
  return writer.finish();
}

export const decodeContext = (bytes: Uint8Array, now: number): CallContext =>
  readContext(new BinaryReader(bytes), bytes.length, now);

function writeNumber(writer: BinaryWriter, field: number, value: number): void {
  if (value !== 0) writer.uint32(field << 3).uint32(value);
}

function writeText(writer: BinaryWriter, field: number, value: string | undefined): void {
  if (value !== undefined && value !== '')
    writer.uint32((field << 3) | WireType.LengthDelimited).string(value);
}
