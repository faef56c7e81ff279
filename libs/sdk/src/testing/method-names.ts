// The calls that a test server knows, by their numbers.
import { FOLLOW_METHOD } from '../calls/follow-method.js';
import { GROUP_METHOD } from '../calls/group-method.js';
import { METHOD } from '../calls/method.js';
import { PROFILE_METHOD } from '../calls/profile-method.js';
import { RECEIPT_METHOD } from '../calls/receipt-method.js';
import { RELATION_METHOD } from '../calls/relation-method.js';

const ALL = {
  ...METHOD,
  ...GROUP_METHOD,
  ...PROFILE_METHOD,
  ...FOLLOW_METHOD,
  ...RELATION_METHOD,
  ...RECEIPT_METHOD,
};

export type MethodName = keyof typeof ALL;

export const METHOD_OF: ReadonlyMap<number, MethodName> = new Map(
  Object.entries(ALL).map(([name, { number }]) => [number, name as MethodName]),
);
