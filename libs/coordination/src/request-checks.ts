// What every engine checks before it works. A violation is a mistake of the
// calling code, so it is INTERNAL, not something that a client can mend.
import { ChatError, ErrorCode } from '@parley/kernel';
import { COUNTER_MAX, HASHES_PER_READ_MAX, KEY_BYTES_MAX, MEMBERS_MAX, VALUE_BYTES_MAX } from './limits.js';

/** The most bytes that one UTF-16 unit takes in UTF-8. */
const BYTES_PER_UNIT_MAX = 3;

const mistake = (info: string): ChatError => new ChatError(ErrorCode.INTERNAL, info);

const isWithin = (text: string, bytesMax: number): boolean =>
  text.length * BYTES_PER_UNIT_MAX <= bytesMax || Buffer.byteLength(text) <= bytesMax;

export function checkKey(key: string): void {
  if (key === '' || !isWithin(key, KEY_BYTES_MAX)) {
    throw mistake(`a coordination key has 1 to ${KEY_BYTES_MAX} bytes`);
  }
}

export function checkValue(value: string): void {
  if (!isWithin(value, VALUE_BYTES_MAX)) {
    throw mistake(`a coordination value has at most ${VALUE_BYTES_MAX} bytes`);
  }
}

/** Members of a set, names of hash fields. */
export function checkMembers(members: readonly string[]): void {
  if (members.length > MEMBERS_MAX) throw tooManyMembers();
  for (const member of members) checkValue(member);
}

export function checkTtl(ttlMs: number): void {
  if (!Number.isSafeInteger(ttlMs) || ttlMs < 1) {
    throw mistake('a time to live is a whole number of milliseconds, at least 1');
  }
}

export function checkAmount(amount: number): void {
  if (!Number.isSafeInteger(amount) || amount < 0) throw mistake('an amount is a whole number, at least 0');
}

export function checkCounterRange(first: bigint, last: bigint): void {
  if (first < 1n || last < first || last > COUNTER_MAX) {
    throw mistake('a counter runs from at least 1 to at most 2^63-1, and not backwards');
  }
}

export function checkHashReads(keys: readonly string[]): void {
  if (keys.length > HASHES_PER_READ_MAX) throw mistake(`at most ${HASHES_PER_READ_MAX} hashes at once`);
  for (const key of keys) checkKey(key);
}

/** Both keys of one operation must live on one node of a Redis Cluster. */
export function checkSameTag(a: string, b: string): void {
  if (tagOf(a) !== tagOf(b)) throw mistake('keys of one coordination operation must share a {tag}');
}

/** Source: the Redis Cluster specification, hash tags. */
export function tagOf(key: string): string {
  const open = key.indexOf('{');
  const close = open === -1 ? -1 : key.indexOf('}', open + 1);
  return close > open + 1 ? key.slice(open + 1, close) : key;
}

export const wrongKind = (): ChatError => mistake('a coordination key was asked for another kind of thing');

export const tooManyMembers = (): ChatError =>
  new ChatError(ErrorCode.OVERLOADED, `a set or hash has at most ${MEMBERS_MAX} members`);

export const engineFull = (): ChatError => new ChatError(ErrorCode.OVERLOADED, 'coordination memory is full');

export const engineClosed = (): ChatError => new ChatError(ErrorCode.UNAVAILABLE, 'coordination is closed');
