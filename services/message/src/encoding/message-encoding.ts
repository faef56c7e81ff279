// parley.message.v1.Message by hand: written once per send, read once per record. A test
// holds it byte for byte against the generated code.
import type { UserId } from '@parley/kernel';
import {
  bytesFieldBytes,
  tagOf,
  uintFieldBytes,
  varintBytes,
  WIRE_BYTES,
  WIRE_VARINT,
  writeBytesField,
  writeFieldHead,
  writeUintField,
  writeVarint,
} from '@parley/wire';
import type { Peer } from '../domain/conversation.js';
import type { Counts } from '../domain/conversation-head.js';
import type { Draft } from '../domain/decide-send.js';
import type { MessageFacts } from '../domain/message-facts.js';
import { asBuffer, ByteCursor } from './byte-cursor.js';
import {
  AT_ACCOUNTS,
  AT_ALL,
  FIRST_GROUP_TAG,
  GROUP_TAG_BYTES,
  groupFieldsBytes,
  TO_ACCOUNTS,
  writeGroupFields,
} from './group-fields.js';
import { NO_STAMP } from './sender-stamp.js';

const SEQ = tagOf(1, WIRE_VARINT);
const FROM = tagOf(2, WIRE_BYTES);
const TO = tagOf(3, WIRE_BYTES);
const TYPE = tagOf(4, WIRE_VARINT);
const CLIENT_MESSAGE_ID = tagOf(5, WIRE_BYTES);
const TIME_MS = tagOf(6, WIRE_VARINT);
const MSG_SEQ = tagOf(7, WIRE_VARINT);
const RANDOM = tagOf(8, WIRE_VARINT);
const BODY = tagOf(9, WIRE_BYTES);
const CLOUD_CUSTOM_DATA = tagOf(10, WIRE_BYTES);
const FLAGS = tagOf(11, WIRE_VARINT);
const CLIENT_TIME_S = tagOf(12, WIRE_VARINT);
const OFFLINE_PUSH = tagOf(13, WIRE_BYTES);
const NUMBERED_AT_MS = tagOf(14, WIRE_VARINT);
const COUNT_FROM_FIRST = tagOf(15, WIRE_VARINT);
/** The first tag of two bytes. */
const COUNT_FROM_SECOND = tagOf(16, WIRE_VARINT);
const COUNT_FROM_SECOND_TAG_BYTES = 2;
/** Behind the fields of groups, in messages that were changed. */
const VERSION = tagOf(30, WIRE_VARINT);
const TYPE_C2C = 1;
const TYPE_GROUP = 2;
const NOBODY: readonly string[] = [];

/** The message that the draft became with its number; 0n for online-only messages. `stamp`: see sender-stamp.ts. */
export function encodeMessage(
  draft: Draft,
  number: bigint,
  numberedAtMs: number,
  stamp: Uint8Array = NO_STAMP,
): Uint8Array {
  const seq = Number(number);
  const { group } = draft;
  const timeMs = draft.originalTimeMs ?? numberedAtMs;
  const idBytes = Buffer.byteLength(draft.clientMessageId);
  const cloudBytes = Buffer.byteLength(draft.cloudCustomData);
  const size =
    uintFieldBytes(seq) +
    bytesFieldBytes(draft.from.length) +
    bytesFieldBytes(draft.to.length) +
    uintFieldBytes(TYPE_C2C) +
    sizeOf(idBytes) +
    uintFieldBytes(timeMs) +
    uintFieldBytes(draft.msgSeq) +
    uintFieldBytes(draft.random) +
    sizeOf(draft.body.length) +
    sizeOf(cloudBytes) +
    uintFieldBytes(draft.flags) +
    uintFieldBytes(draft.clientTimeS) +
    sizeOf(draft.offlinePush.length) +
    uintFieldBytes(numberedAtMs) +
    (group === undefined ? 0 : groupFieldsBytes(group)) +
    stamp.length;
  const into = Buffer.allocUnsafe(size);
  let at = writeUintField(into, 0, SEQ, seq);
  at = writeText(into, at, FROM, draft.from, draft.from.length);
  at = writeText(into, at, TO, draft.to, draft.to.length);
  at = writeUintField(into, at, TYPE, group === undefined ? TYPE_C2C : TYPE_GROUP);
  at = writeText(into, at, CLIENT_MESSAGE_ID, draft.clientMessageId, idBytes);
  at = writeUintField(into, at, TIME_MS, timeMs);
  at = writeUintField(into, at, MSG_SEQ, draft.msgSeq);
  at = writeUintField(into, at, RANDOM, draft.random);
  if (draft.body.length > 0) at = writeBytesField(into, at, BODY, draft.body);
  at = writeText(into, at, CLOUD_CUSTOM_DATA, draft.cloudCustomData, cloudBytes);
  at = writeUintField(into, at, FLAGS, draft.flags);
  at = writeUintField(into, at, CLIENT_TIME_S, draft.clientTimeS);
  if (draft.offlinePush.length > 0) at = writeBytesField(into, at, OFFLINE_PUSH, draft.offlinePush);
  at = writeUintField(into, at, NUMBERED_AT_MS, numberedAtMs);
  if (group !== undefined) at = writeGroupFields(into, at, group);
  if (stamp.length > 0) into.set(stamp, at);
  return into;
}

/**
 * The message with the counts `next` instead of `present`. Counts are the last fields but for those of groups, so
 * they are cut out and written anew; everything else stays as it is, byte for byte.
 */
export function withCounts(message: Uint8Array, present: CountedFacts, next: Counts): Uint8Array {
  const tailAt = message.length - present.groupFieldBytes;
  const kept = tailAt - countsBytes(present);
  const into = Buffer.allocUnsafe(kept + countsBytes(next) + present.groupFieldBytes);
  into.set(message.subarray(0, kept), 0);
  let at = writeUintField(into, kept, COUNT_FROM_FIRST, Number(next.countFromFirst));
  if (next.countFromSecond !== 0n) {
    at = writeVarint(into, writeVarint(into, at, COUNT_FROM_SECOND), Number(next.countFromSecond));
  }
  if (present.groupFieldBytes > 0) into.set(message.subarray(tailAt), at);
  return into;
}

/** Of the facts, what tells where the counts stand. */
type CountedFacts = Counts & Pick<MessageFacts, 'groupFieldBytes'>;

/**
 * The facts in an encoded message.
 * @throws Error when the bytes are no message: they were written by us, so this is corruption.
 */
export function readFacts(message: Uint8Array): MessageFacts {
  const cursor = new ByteCursor(asBuffer(message));
  const facts = {
    seq: 0n,
    from: '' as UserId,
    to: '' as Peer,
    type: 0,
    timeMs: 0,
    msgSeq: 0,
    random: 0,
    flags: 0,
    numberedAtMs: 0,
    countFromFirst: 0n,
    countFromSecond: 0n,
    toAccounts: NOBODY,
    hasMentions: false,
    groupFieldBytes: 0,
    version: 0n,
  };
  for (let tag = cursor.nextTag(); tag !== 0; tag = cursor.nextTag()) {
    if (tag === SEQ) facts.seq = BigInt(cursor.uint());
    else if (tag === FROM) facts.from = cursor.ascii() as UserId;
    else if (tag === TO) facts.to = cursor.ascii() as Peer;
    else if (tag === TYPE) facts.type = cursor.uint();
    else if (tag === TIME_MS) facts.timeMs = cursor.uint();
    else if (tag === MSG_SEQ) facts.msgSeq = cursor.uint();
    else if (tag === RANDOM) facts.random = cursor.uint();
    else if (tag === FLAGS) facts.flags = cursor.uint();
    else if (tag === NUMBERED_AT_MS) facts.numberedAtMs = cursor.uint();
    else if (tag === COUNT_FROM_FIRST) facts.countFromFirst = BigInt(cursor.uint());
    else if (tag === COUNT_FROM_SECOND) facts.countFromSecond = BigInt(cursor.uint());
    else if (tag < FIRST_GROUP_TAG) cursor.skip(tag);
    else {
      if (facts.groupFieldBytes === 0) facts.groupFieldBytes = cursor.bytesLeft + GROUP_TAG_BYTES;
      if (tag === VERSION) facts.version = BigInt(cursor.uint());
      else if (tag === TO_ACCOUNTS) facts.toAccounts = [...facts.toAccounts, cursor.ascii()];
      else {
        facts.hasMentions ||= tag === AT_ACCOUNTS || tag === AT_ALL;
        cursor.skip(tag);
      }
    }
  }
  return facts;
}

function countsBytes(counts: Counts): number {
  const second = Number(counts.countFromSecond);
  const secondBytes = second === 0 ? 0 : COUNT_FROM_SECOND_TAG_BYTES + varintBytes(second);
  return uintFieldBytes(Number(counts.countFromFirst)) + secondBytes;
}

const sizeOf = (length: number): number => (length === 0 ? 0 : bytesFieldBytes(length));

function writeText(into: Buffer, at: number, tag: number, text: string, bytes: number): number {
  if (bytes === 0) return at;
  const start = writeFieldHead(into, at, tag, bytes);
  into.write(text, start, bytes);
  return start + bytes;
}
