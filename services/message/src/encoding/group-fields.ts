// The fields of parley.message.v1.Message behind the counts: those that only messages to groups have, and the sender's name.
import { tagOf, varintBytes, WIRE_BYTES, WIRE_VARINT, writeVarint } from '@parley/wire';
import type { GroupPart } from '../domain/decide-send.js';

/** The first of them; every tag from here on is one of theirs, and two bytes long. The sender's name comes last. */
export const FIRST_GROUP_TAG = tagOf(17, WIRE_VARINT);
export const GROUP_TAG_BYTES = 2;
export const TO_ACCOUNTS = tagOf(18, WIRE_BYTES);
const PRIORITY = FIRST_GROUP_TAG;
export const AT_ACCOUNTS = tagOf(19, WIRE_BYTES);
export const AT_ALL = tagOf(20, WIRE_VARINT);

export function groupFieldsBytes(group: GroupPart): number {
  return (
    (group.priority === 0 ? 0 : GROUP_TAG_BYTES + varintBytes(group.priority)) +
    textsBytes(group.toAccounts) +
    textsBytes(group.atAccounts) +
    (group.atAll ? GROUP_TAG_BYTES + 1 : 0)
  );
}

/** Answers where it ends. */
export function writeGroupFields(into: Buffer, start: number, group: GroupPart): number {
  let at = start;
  if (group.priority !== 0) at = writeVarint(into, writeVarint(into, at, PRIORITY), group.priority);
  at = writeTexts(into, at, TO_ACCOUNTS, group.toAccounts);
  at = writeTexts(into, at, AT_ACCOUNTS, group.atAccounts);
  return group.atAll ? writeVarint(into, writeVarint(into, at, AT_ALL), 1) : at;
}

/** Of ASCII. */
function textsBytes(texts: readonly string[]): number {
  let bytes = 0;
  for (const text of texts) bytes += GROUP_TAG_BYTES + varintBytes(text.length) + text.length;
  return bytes;
}

function writeTexts(into: Buffer, start: number, tag: number, texts: readonly string[]): number {
  let at = start;
  for (const text of texts) {
    at = writeVarint(into, writeVarint(into, at, tag), text.length);
    at += into.write(text, at, text.length, 'latin1');
  }
  return at;
}
