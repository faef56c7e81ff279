// Records of the `messages` topic and pushes: envelopes around an encoded message.
import type { ConnectionId } from '@parley/kernel';
import {
  bytesFieldBytes,
  tagOf,
  uintFieldBytes,
  WIRE_BYTES,
  WIRE_VARINT,
  writeBytesField,
  writeFieldHead,
  writeUintField,
} from '@parley/wire';
import type { Draft } from '../domain/decide-send.js';
import type { MessageFacts } from '../domain/message-facts.js';
import { asBuffer, ByteCursor } from './byte-cursor.js';
import { readFacts } from './message-encoding.js';

const APP_ID = tagOf(1, WIRE_VARINT);
const CONVERSATION_ID = tagOf(2, WIRE_BYTES);
const MESSAGE = tagOf(3, WIRE_BYTES);
const DEDUP_KEY = tagOf(4, WIRE_BYTES);
const DEDUP_WINDOW_S = tagOf(5, WIRE_VARINT);
const ORIGIN_CONNECTION_ID = tagOf(6, WIRE_BYTES);
const SILENT = tagOf(7, WIRE_VARINT);
const CHANGE = tagOf(8, WIRE_BYTES);
const NO_MESSAGE = new Uint8Array(0);
/** Push.message. */
const PUSH_MESSAGE = tagOf(1, WIRE_BYTES);

/** A parley.message.v1.MessageRecord. */
export function encodeRecord(draft: Draft, message: Uint8Array): Uint8Array {
  const { conversation, identity } = draft;
  const key = identity?.key ?? '';
  const origin = draft.originConnectionId ?? '';
  const windowS = Math.ceil((identity?.windowMs ?? 0) / 1_000);
  const isSilent = draft.isSilent ? 1 : 0;
  const into = Buffer.allocUnsafe(
    uintFieldBytes(conversation.appId) +
      textBytes(conversation.id) +
      bytesFieldBytes(message.length) +
      textBytes(key) +
      uintFieldBytes(windowS) +
      textBytes(origin) +
      uintFieldBytes(isSilent),
  );
  let at = writeUintField(into, 0, APP_ID, conversation.appId);
  at = writeText(into, at, CONVERSATION_ID, conversation.id);
  at = writeBytesField(into, at, MESSAGE, message);
  at = writeText(into, at, DEDUP_KEY, key);
  at = writeUintField(into, at, DEDUP_WINDOW_S, windowS);
  at = writeText(into, at, ORIGIN_CONNECTION_ID, origin);
  writeUintField(into, at, SILENT, isSilent);
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
  /** An encoded MessageChange: then there is no message. */
  readonly change: Uint8Array | undefined;
}

/** @throws Error when the bytes are no record: they were written by us, so this is corruption. */
export function readRecord(value: Uint8Array): RecordRead {
  const cursor = new ByteCursor(asBuffer(value));
  let appId = 0;
  let conversationId = '';
  let message: Uint8Array | undefined;
  let dedupKey = '';
  let dedupWindowS = 0;
  let origin = '';
  let isSilent = false;
  let change: Uint8Array | undefined;
  for (let tag = cursor.nextTag(); tag !== 0; tag = cursor.nextTag()) {
    if (tag === APP_ID) appId = cursor.uint();
    else if (tag === CONVERSATION_ID) conversationId = cursor.ascii();
    else if (tag === MESSAGE) message = cursor.view();
    else if (tag === DEDUP_KEY) dedupKey = cursor.text();
    else if (tag === DEDUP_WINDOW_S) dedupWindowS = cursor.uint();
    else if (tag === ORIGIN_CONNECTION_ID) origin = cursor.text();
    else if (tag === SILENT) isSilent = cursor.uint() !== 0;
    else if (tag === CHANGE) change = cursor.view();
    else cursor.skip(tag);
  }
  if (message === undefined && change !== undefined) message = NO_MESSAGE;
  if (message === undefined) throw new Error('a log record has no message');
  return {
    appId,
    conversationId,
    message,
    facts: readFacts(message),
    dedupKey,
    dedupWindowS,
    originConnectionId: origin === '' ? undefined : (origin as ConnectionId),
    isSilent,
    change,
  };
}

const textBytes = (text: string): number => {
  const length = Buffer.byteLength(text);
  return length === 0 ? 0 : bytesFieldBytes(length);
};

function writeText(into: Buffer, at: number, tag: number, text: string): number {
  const length = Buffer.byteLength(text);
  if (length === 0) return at;
  const start = writeFieldHead(into, at, tag, length);
  into.write(text, start, length);
  return start + length;
}
