// What the app passes to the calls of groups.
import { ChatFailure, FailureCode } from '../events/failure.js';
import type { GroupField } from '../model/conversation.js';

/** @throws ChatFailure 6017, or the given code. */
export function check(
  isGood: boolean,
  rule: string,
  code: number = FailureCode.BAD_PARAMETER,
): asserts isGood {
  if (!isGood) throw new ChatFailure(code, rule);
}

export const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

export function requireGroupID(groupID: unknown): string {
  check(isText(groupID), 'groupID is missing');
  return groupID;
}

export function requireUserIDs(userIDs: unknown, max: number): string[] {
  const isList = Array.isArray(userIDs) && userIDs.every(isText) && userIDs.length <= max;
  check(isList, `userIDList is an array of at most ${max} UserIDs`);
  return userIDs;
}

/** An absent list is empty. */
export function optionalKeys(keys: unknown): string[] {
  check(keys === undefined || (Array.isArray(keys) && keys.every(isText)), 'keyList is an array of keys');
  return keys ?? [];
}

export function toCustom(fields: readonly GroupField[] | undefined): Record<string, string> {
  check(fields === undefined || Array.isArray(fields), 'custom fields are an array of { key, value }');
  const entries = (fields ?? []).map((field): [string, string] => {
    check(
      isText(field?.key) && typeof field.value === 'string',
      'a custom field is { key, value }, both texts',
    );
    return [field.key, field.value];
  });
  return Object.fromEntries(entries);
}

export const utf8Bytes = (text: string): number => new TextEncoder().encode(text).length;
