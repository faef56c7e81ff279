// Reading typed fields out of a request. Strict about types: a number is never
// taken for a text nor the other way round. `null` counts as absent, because
// several server SDKs send their unset fields that way. Every reader is told
// the public code that its command answers for a bad field.
import { ChatError, type ErrorCode, isUserId } from '@parley/kernel';
import { isJsonObject, type JsonObject } from './json-body.js';

export const UINT32_MAX = 0xffff_ffff;

/** The field's value; undefined when it is absent, null or inherited. */
export function fieldOf(body: JsonObject, name: string): unknown {
  return Object.hasOwn(body, name) ? (body[name] ?? undefined) : undefined;
}

export function badField(code: ErrorCode, name: string, expectation: string): ChatError {
  return new ChatError(code, `${name} ${expectation}`);
}

/** Which of a field's two names is meant: the newer one, unless only the older one is there. */
export const eitherName = (body: JsonObject, newer: string, older: string): string =>
  fieldOf(body, newer) === undefined && fieldOf(body, older) !== undefined ? older : newer;

/** @throws ChatError `code` when the field is there and is no string. */
export function optionalText(body: JsonObject, name: string, code: ErrorCode): string | undefined {
  const value = fieldOf(body, name);
  if (value === undefined || typeof value === 'string') return value;
  throw badField(code, name, 'must be a string');
}

/** @throws ChatError `code` also when the field is absent. */
export function requiredText(body: JsonObject, name: string, code: ErrorCode): string {
  const value = optionalText(body, name, code);
  if (value === undefined) throw badField(code, name, 'is required and must be a string');
  return value;
}

/** One of the texts that `values` names. @throws ChatError `code` for any other value. */
export function optionalChoice<T>(
  body: JsonObject,
  name: string,
  { values, code }: { values: ReadonlyMap<string, T>; code: ErrorCode },
): T | undefined {
  const text = optionalText(body, name, code);
  if (text === undefined) return undefined;
  const choice = values.get(text);
  if (choice === undefined) throw badField(code, name, `must be one of ${[...values.keys()].join(', ')}`);
  return choice;
}

export interface IntegerRule {
  readonly code: ErrorCode;
  readonly min?: number;
  /** Default: the largest unsigned 32-bit integer. */
  readonly max?: number;
}

/** @throws ChatError `rule.code` when the field is there and is no JSON integer within the bounds. */
export function optionalInteger(body: JsonObject, name: string, rule: IntegerRule): number | undefined {
  const value = fieldOf(body, name);
  if (value === undefined) return undefined;
  const { code, min = 0, max = UINT32_MAX } = rule;
  if (Number.isInteger(value) && (value as number) >= min && (value as number) <= max) return value as number;
  throw badField(code, name, `must be an integer from ${min} to ${max}`);
}

/** @throws ChatError `rule.code` also when the field is absent. */
export function requiredInteger(body: JsonObject, name: string, rule: IntegerRule): number {
  const value = optionalInteger(body, name, rule);
  if (value === undefined) throw badField(rule.code, name, 'is required and must be an integer');
  return value;
}

/** A 0/1 switch; absent is off. */
export function optionalSwitch(body: JsonObject, name: string, code: ErrorCode): boolean {
  return optionalInteger(body, name, { code, max: 1 }) === 1;
}

export interface AccountCodes {
  /** Absent, empty, too long or of forbidden characters. */
  readonly invalid: ErrorCode;
  /** Not a JSON string. */
  readonly notString: ErrorCode;
}

/** A UserID. @throws ChatError with one of `codes`. */
export function requiredAccount(body: JsonObject, name: string, codes: AccountCodes): string {
  const value = fieldOf(body, name);
  if (value === undefined) throw badField(codes.invalid, name, 'is required');
  if (typeof value !== 'string') throw badField(codes.notString, name, 'must be a string');
  if (!isUserId(value)) throw badField(codes.invalid, name, 'must be 1 to 32 bytes of printable ASCII');
  return value;
}

export interface ListCodes {
  readonly notArray: ErrorCode;
  readonly tooFew: ErrorCode;
  readonly tooMany: ErrorCode;
}

export interface ListBounds {
  readonly min: number;
  readonly max: number;
}

/** @throws ChatError with one of `codes`; an absent list is no array. */
export function requiredList(
  body: JsonObject,
  name: string,
  { codes, bounds }: { codes: ListCodes; bounds: ListBounds },
): readonly unknown[] {
  const value = fieldOf(body, name);
  if (!Array.isArray(value)) throw badField(codes.notArray, name, 'is required and must be an array');
  if (value.length < bounds.min) throw badField(codes.tooFew, name, `needs at least ${bounds.min} item`);
  if (value.length > bounds.max) throw badField(codes.tooMany, name, `takes at most ${bounds.max} items`);
  return value;
}

/** @throws ChatError `code` when an item is no string. */
export function eachText(items: readonly unknown[], name: string, code: ErrorCode): string[] {
  return items.map((item) => {
    if (typeof item === 'string') return item;
    throw badField(code, name, 'must hold strings only');
  });
}

/** @throws ChatError `code` when an item is no object. */
export function eachObject(items: readonly unknown[], name: string, code: ErrorCode): JsonObject[] {
  return items.map((item) => {
    if (isJsonObject(item)) return item;
    throw badField(code, name, 'must hold objects only');
  });
}

/** An optional array of objects; absent is empty. @throws ChatError `code`. */
export function optionalObjects(body: JsonObject, name: string, code: ErrorCode): readonly JsonObject[] {
  const value = fieldOf(body, name);
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw badField(code, name, 'must be an array of objects');
  return eachObject(value, name, code);
}

/** @throws ChatError `code` when the field is there and is no object. */
export function optionalObject(body: JsonObject, name: string, code: ErrorCode): JsonObject | undefined {
  const value = fieldOf(body, name);
  if (value === undefined || isJsonObject(value)) return value;
  throw badField(code, name, 'must be an object');
}

/** An optional array of strings; absent is empty. @throws ChatError `code`. */
export function optionalTexts(body: JsonObject, name: string, code: ErrorCode): readonly string[] {
  const value = fieldOf(body, name);
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw badField(code, name, 'must be an array of strings');
  return eachText(value, name, code);
}

type Given<T> = { [Name in keyof T]?: Exclude<T[Name], undefined> };

/** The same without what is undefined: what a caller left out stays out of the request to a service. */
export const givenOf = <T extends object>(fields: T): Given<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<T>;
