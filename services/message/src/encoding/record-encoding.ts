// Records of the `messages` topic and pushes: envelopes around an encoded message.
import type { ConnectionId } from '@parley/kernel';
import {
  bytesFieldBytes,
  FrameReader,
  tagOf,
  uintFieldBytes,
  WIRE_BYTES,
  WIRE_VARINT,
  writeBytesField,
  writeUintField,
} from '@parley/wire';
import type { Draft } from '../domain/decide-send.js';
import type { MessageFacts } from '../domain/message-facts.js';
import { readFacts } from './message-encoding.js';

const APP_ID = tagOf(1, WIRE_VARINT);
const CONVERSATION_ID = tagOf(2, WIRE_BYTES);
const MESSAGE = tagOf(3, WIRE_BYTES);
const DEDUP_KEY = tagOf(4, WIRE_BYTES);
const DEDUP_WINDOW_S = tagOf(5, WIRE_VARINT);
const ORIGIN_CONNECTION_ID = tagOf(6, WIRE_BYTES);
const SILENT = tagOf(7, WIRE_VARINT);
/** Push.message. */
const PUSH_MESSAGE = tagOf(1, WIRE_BYTES);

/** A parley.message.v1.MessageRecord. */
export function encodeRecord(draft: Draft, message: Uint8Array): Uint8Array {
  const { conversation, identity } = draft;
  const id = Buffer.from(conversation.id);
  const key = Buffer.from(identity?.key ?? '');
  const origin = Buffer.from(draft.originConnectionId ?? '');
  const windowS = Math.ceil((identity?.windowMs ?? 0) / 1_000);
  const into = Buffer.allocUnsafe(
    uintFieldBytes(conversation.appId) +
      bytesFieldBytes(id.length) +
      bytesFieldBytes(message.length) +
      sizeOf(key) +
      uintFieldBytes(windowS) +
      sizeOf(origin) +
      uintFieldBytes(draft.isSilent ? 1 : 0),
  );
  let at = writeUintField(into, 0, APP_ID, conversation.appId);
  at = writeBytesField(into, at, CONVERSATION_ID, id);
  at = writeBytesField(into, at, MESSAGE, message);
  if (key.length > 0) at = writeBytesField(into, at, DEDUP_KEY, key);
  at = writeUintField(into, at, DEDUP_WINDOW_S, windowS);
  if (origin.length > 0) at = writeBytesField(into, at, ORIGIN_CONNECTION_ID, origin);
  writeUintField(into, at, SILENT, draft.isSilent ? 1 : 0);
  return into;
}

/** A parley.wire.v1.Push of a message. */
export function encodeMessagePush(message: Uint8Array): Uint8Array {
  const into = Buffer.allocUnsafe(bytesFieldBytes(message.length));
  writeBytesField(into, 0, PUSH_MESSAGE, message);
  return into;
}

export interface RecordRead {
  readonly appId: number;
  readonly conversationId: string;
  readonly message: Uint8Array;
  readonly facts: MessageFacts;
  readonly dedupKey: string;
  readonly dedupWindowS: number;
  readonly originConnectionId: ConnectionId | undefined;
  readonly isSilent: boolean;
}

/** @throws Error when the bytes are no record: they were written by us, so this is corruption. */
export function readRecord(value: Uint8Array): RecordRead {
  const reader = new FrameReader(value);
  const texts = { conversationId: '', dedupKey: '', origin: '' };
  let appId = 0;
  let dedupWindowS = 0;
  let isSilent = false;
  let message: Uint8Array | undefined;
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === APP_ID) appId = reader.uint32();
    else if (tag === CONVERSATION_ID) texts.conversationId = toText(reader.view());
    else if (tag === MESSAGE) message = reader.view();
    else if (tag === DEDUP_KEY) texts.dedupKey = toText(reader.view());
    else if (tag === DEDUP_WINDOW_S) dedupWindowS = reader.uint32();
    else if (tag === ORIGIN_CONNECTION_ID) texts.origin = toText(reader.view());
    else if (tag === SILENT) isSilent = reader.uint32() !== 0;
    else reader.skip(tag);
  }
  if (reader.defect !== undefined || message === undefined) {
    throw new Error(`a log record is damaged: ${reader.defect ?? 'no message'}`);
  }
  return {
    appId,
    conversationId: texts.conversationId,
    message,
    facts: readFacts(message),
    dedupKey: texts.dedupKey,
    dedupWindowS,
    originConnectionId: texts.origin === '' ? undefined : (texts.origin as ConnectionId),
    isSilent,
  };
}

const sizeOf = (bytes: Uint8Array): number => (bytes.length === 0 ? 0 : bytesFieldBytes(bytes.length));

const toText = (view: Uint8Array): string =>
  Buffer.from(view.buffer, view.byteOffset, view.byteLength).toString('utf8');
