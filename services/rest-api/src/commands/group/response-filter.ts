// Which fields an answer holds.
import { ErrorCode } from '@parley/kernel';
import { fieldOf, optionalObject, optionalTexts } from '../../json/fields.js';
import type { JsonObject } from '../../json/json-body.js';

const BAD = ErrorCode.GROUP_BAD_PARAMETER;

/** Names of fields, or all there are. */
export class FieldFilter {
  static readonly ALL = new FieldFilter(undefined);
  static readonly NONE = new FieldFilter(new Set());

  private constructor(private readonly named: ReadonlySet<string> | undefined) {}

  /** An absent list is `absent`: all, unless the caller says otherwise. @throws ChatError 10004. */
  static of(body: JsonObject, name: string, absent: FieldFilter = FieldFilter.ALL): FieldFilter {
    if (fieldOf(body, name) === undefined) return absent;
    return new FieldFilter(new Set(optionalTexts(body, name, BAD)));
  }

  get isEmpty(): boolean {
    return this.named?.size === 0;
  }

  /** Whether a field is named; not when all are asked for. */
  names(name: string): boolean {
    return this.named?.has(name) ?? false;
  }

  /** Whether a field is asked for under one of its names. */
  wants(...names: readonly string[]): boolean {
    const { named } = this;
    return named === undefined || names.some((name) => named.has(name));
  }
}

/**
 * The lists of a ResponseFilter. Without a ResponseFilter everything is answered; with one, a list that is not in it
 * leaves its part out.
 * @throws ChatError 10004.
 */
export function responseFilters<Name extends string>(
  body: JsonObject,
  names: readonly Name[],
): Readonly<Record<Name, FieldFilter>> {
  const filter = optionalObject(body, 'ResponseFilter', BAD);
  const read = (name: Name): FieldFilter =>
    filter === undefined ? FieldFilter.ALL : FieldFilter.of(filter, name, FieldFilter.NONE);
  return Object.fromEntries(names.map((name) => [name, read(name)])) as Record<Name, FieldFilter>;
}
