// parley.message.v1.SendRequest and SendResponse by hand, as they come for every message. What is out of
// the ordinary in a request (unknown fields, other wire types, damage) is left to the
// generated code, which then decides what it means; a test holds both against it.
import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { messagev1 } from '@parley/proto';
import type { MethodCodec } from '@parley/rpc';
import {
  bytesFieldBytes,
  tagOf,
  uintFieldBytes,
  WIRE_BYTES,
  WIRE_VARINT,
  writeFieldHead,
  writeUintField,
} from '@parley/wire';
import { asBuffer, ByteCursor } from './byte-cursor.js';

const FROM = tagOf(1, WIRE_BYTES);
const TO = tagOf(2, WIRE_BYTES);
const TYPE = tagOf(3, WIRE_VARINT);
const CLIENT_MESSAGE_ID = tagOf(4, WIRE_BYTES);
const MSG_SEQ = tagOf(5, WIRE_VARINT);
const RANDOM = tagOf(6, WIRE_VARINT);
const BODY = tagOf(7, WIRE_BYTES);
const CLOUD_CUSTOM_DATA = tagOf(8, WIRE_BYTES);
const FLAGS = tagOf(9, WIRE_VARINT);
const CLIENT_TIME_S = tagOf(10, WIRE_VARINT);
const OFFLINE_PUSH = tagOf(11, WIRE_BYTES);
const DEDUP_KEY = tagOf(12, WIRE_BYTES);
const DEDUP_WINDOW_S = tagOf(13, WIRE_VARINT);
const PRIORITY = tagOf(14, WIRE_VARINT);
const TO_ACCOUNTS = tagOf(15, WIRE_BYTES);
const AT_ACCOUNTS = tagOf(16, WIRE_BYTES);
const AT_ALL = tagOf(17, WIRE_VARINT);

const RESPONSE_SEQ = tagOf(1, WIRE_VARINT);
const RESPONSE_TIME_MS = tagOf(2, WIRE_VARINT);
const RESPONSE_MSG_SEQ = tagOf(3, WIRE_VARINT);
const RESPONSE_CLIENT_MESSAGE_ID = tagOf(4, WIRE_BYTES);
const RESPONSE_DUPLICATE = tagOf(5, WIRE_VARINT);
const RESPONSE_SHED = tagOf(6, WIRE_VARINT);

const UINT32_MAX = 0xffff_ffff;
const INT32_MAX = 0x7fff_ffff;
/** What a decoder puts in the place of bytes that are no UTF-8. */
const REPLACEMENT = '\ufffd';
const NOTHING: Uint8Array = new Uint8Array(0);
/** Of every request that names nobody; never written to. */
const NOBODY: string[] = [];

type SendResponseInit = MessageInitShape<typeof messagev1.SendResponseSchema>;

/** @throws Error when the bytes are no SendRequest. `body` and `offlinePush` share memory with them. */
export function decodeSendRequest(bytes: Uint8Array): messagev1.SendRequest {
  return readOrdinary(new ByteCursor(asBuffer(bytes))) ?? fromBinary(messagev1.SendRequestSchema, bytes);
}

/** Undefined: the generated code has to look. */
function readOrdinary(cursor: ByteCursor): messagev1.SendRequest | undefined {
  let [from, to, clientMessageId, cloudCustomData, dedupKey] = ['', '', '', '', ''];
  let [type, msgSeq, random, flags, clientTimeS, dedupWindowS] = [0, 0, 0, 0, 0, 0];
  let priority = 0;
  let atAll = false;
  let toAccounts = NOBODY;
  let atAccounts = NOBODY;
  let body = NOTHING;
  let offlinePush = NOTHING;
  try {
    while (!cursor.isAtEnd) {
      const tag = cursor.nextTag();
      if (tag === FROM) from = cursor.text();
      else if (tag === TO) to = cursor.text();
      else if (tag === TYPE) type = cursor.uint();
      else if (tag === CLIENT_MESSAGE_ID) clientMessageId = cursor.text();
      else if (tag === MSG_SEQ) msgSeq = cursor.uint();
      else if (tag === RANDOM) random = cursor.uint();
      else if (tag === BODY) body = cursor.view();
      else if (tag === CLOUD_CUSTOM_DATA) cloudCustomData = cursor.text();
      else if (tag === FLAGS) flags = cursor.uint();
      else if (tag === CLIENT_TIME_S) clientTimeS = cursor.uint();
      else if (tag === OFFLINE_PUSH) offlinePush = cursor.view();
      else if (tag === DEDUP_KEY) dedupKey = cursor.text();
      else if (tag === DEDUP_WINDOW_S) dedupWindowS = cursor.uint();
      else if (tag === PRIORITY) priority = cursor.uint();
      else if (tag === TO_ACCOUNTS) toAccounts = withOne(toAccounts, cursor.text());
      else if (tag === AT_ACCOUNTS) atAccounts = withOne(atAccounts, cursor.text());
      else if (tag === AT_ALL) atAll = cursor.uint() !== 0;
      else return undefined;
    }
  } catch {
    // Damaged, or a number longer than ours: what that means is for the generated code to say.
    return undefined;
  }
  const isOrdinary =
    isText(from) &&
    isText(to) &&
    isText(clientMessageId) &&
    isText(cloudCustomData) &&
    isText(dedupKey) &&
    toAccounts.every(isText) &&
    atAccounts.every(isText) &&
    type <= INT32_MAX &&
    priority <= INT32_MAX &&
    isUint32(msgSeq) &&
    isUint32(random) &&
    isUint32(flags) &&
    isUint32(clientTimeS) &&
    isUint32(dedupWindowS);
  if (!isOrdinary) return undefined;
  return {
    $typeName: 'parley.message.v1.SendRequest',
    from,
    to,
    type,
    clientMessageId,
    msgSeq,
    random,
    body,
    cloudCustomData,
    flags,
    clientTimeS,
    offlinePush,
    dedupKey,
    dedupWindowS,
    priority,
    toAccounts,
    atAccounts,
    atAll,
  };
}

function withOne(texts: string[], text: string): string[] {
  if (texts === NOBODY) return [text];
  texts.push(text);
  return texts;
}

/** @throws Error when a field is out of range. */
export function encodeSendResponse(response: SendResponseInit): Uint8Array {
  const seq = Number(response.seq ?? 0);
  const timeMs = Number(response.timeMs ?? 0);
  const { msgSeq = 0, clientMessageId = '', duplicate = false, shed = false } = response;
  const isOrdinary =
    Number.isSafeInteger(seq) && seq >= 0 && Number.isSafeInteger(timeMs) && timeMs >= 0 && isUint32(msgSeq);
  if (!isOrdinary || !clientMessageId.isWellFormed()) {
    return toBinary(messagev1.SendResponseSchema, create(messagev1.SendResponseSchema, response));
  }
  const idBytes = Buffer.byteLength(clientMessageId);
  const into = Buffer.allocUnsafe(
    uintFieldBytes(seq) +
      uintFieldBytes(timeMs) +
      uintFieldBytes(msgSeq) +
      (idBytes === 0 ? 0 : bytesFieldBytes(idBytes)) +
      uintFieldBytes(duplicate ? 1 : 0) +
      uintFieldBytes(shed ? 1 : 0),
  );
  let at = writeUintField(into, 0, RESPONSE_SEQ, seq);
  at = writeUintField(into, at, RESPONSE_TIME_MS, timeMs);
  at = writeUintField(into, at, RESPONSE_MSG_SEQ, msgSeq);
  if (idBytes > 0) {
    at = writeFieldHead(into, at, RESPONSE_CLIENT_MESSAGE_ID, idBytes);
    at += into.write(clientMessageId, at, idBytes);
  }
  at = writeUintField(into, at, RESPONSE_DUPLICATE, duplicate ? 1 : 0);
  writeUintField(into, at, RESPONSE_SHED, shed ? 1 : 0);
  return into;
}

const isText = (text: string): boolean => !text.includes(REPLACEMENT);

const isUint32 = (value: number): boolean => Number.isInteger(value) && value >= 0 && value <= UINT32_MAX;

/** The place of MessageService.Send's codec among the service's. */
export const sendCodec: MethodCodec<typeof messagev1.MessageService.method.send> = {
  decodeRequest: decodeSendRequest,
  encodeResponse: encodeSendResponse,
};
