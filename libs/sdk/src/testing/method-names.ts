// The calls that a test server knows, by their numbers.
import { CHANGE_METHOD } from '../calls/change-method.js';
import { FOLLOW_METHOD } from '../calls/follow-method.js';
import { GROUP_METHOD } from '../calls/group-method.js';
import { METHOD } from '../calls/method.js';
import { PRESENCE_METHOD } from '../calls/presence-method.js';
import { PROFILE_METHOD } from '../calls/profile-method.js';
import { RECEIPT_METHOD } from '../calls/receipt-method.js';
import { RELATION_METHOD } from '../calls/relation-method.js';
import { TOPIC_METHOD } from '../calls/topic-method.js';

export type MethodName =
  | keyof typeof METHOD
  | keyof typeof GROUP_METHOD
  | keyof typeof PROFILE_METHOD
  | keyof typeof FOLLOW_METHOD
  | keyof typeof PRESENCE_METHOD
  | keyof typeof RELATION_METHOD
  | keyof typeof TOPIC_METHOD
  | keyof typeof RECEIPT_METHOD
  | keyof typeof CHANGE_METHOD;

const ALL: Readonly<Record<MethodName, { readonly number: number }>> = {
  ...METHOD,
  ...GROUP_METHOD,
  ...PROFILE_METHOD,
  ...FOLLOW_METHOD,
  ...PRESENCE_METHOD,
  ...RELATION_METHOD,
  ...TOPIC_METHOD,
  ...RECEIPT_METHOD,
  ...CHANGE_METHOD,
};

export const METHOD_OF: ReadonlyMap<number, MethodName> = new Map(
  Object.entries(ALL).map(([name, { number }]) => [number, name as MethodName]),
);
