// Fields that the sns commands share. Source: rest-accounts-messages.md 9.
import { ChatError, ErrorCode } from '@parley/kernel';
import { relationv1 } from '@parley/proto';
import { type AnswerFields, type Envelope, succeeded } from '../../envelope.js';
import { eachText, fieldOf, requiredAccount, requiredList, UINT32_MAX } from '../../json/fields.js';
import type { JsonObject } from '../../json/json-body.js';
import { CALLS_PER_SECOND } from '../command.js';
import { SNS_FAMILY } from '../error-family.js';
import type { ItemInit } from '../profile/profile-fields.js';

export const BAD = ErrorCode.SNS_BAD_PARAMETER;
export const USERS_MAX = 1_000;
export const SNS = { perSecondMax: CALLS_PER_SECOND, family: SNS_FAMILY };

export const TAGS = {
  group: 'Tag_SNS_IM_Group',
  remark: 'Tag_SNS_IM_Remark',
  addSource: 'Tag_SNS_IM_AddSource',
  addWording: 'Tag_SNS_IM_AddWording',
  addTime: 'Tag_SNS_IM_AddTime',
} as const;
export const CUSTOM_PREFIX = 'Tag_SNS_Custom_';

export const fromAccount = (body: JsonObject): string =>
  requiredAccount(body, 'From_Account', { invalid: BAD, notString: BAD });

export const listOf = (body: JsonObject, name: string, max = USERS_MAX): readonly unknown[] =>
  requiredList(body, name, { codes: { notArray: BAD, tooFew: BAD, tooMany: BAD }, bounds: { min: 1, max } });

export const textsOf = (body: JsonObject, name: string, max = USERS_MAX): string[] =>
  eachText(listOf(body, name, max), name, BAD);

/** A declared field's value: a text or an unsigned 32-bit integer. @throws ChatError 30001. */
export function customItem(tag: string, value: unknown): ItemInit {
  if (typeof value === 'string') return { tag, value: { case: 'text', value } };
  const isNumber = Number.isInteger(value) && (value as number) >= 0 && (value as number) <= UINT32_MAX;
  if (isNumber) return { tag, value: { case: 'number', value: value as number } };
  throw new ChatError(BAD, 'a custom value must be a string or an unsigned 32-bit integer');
}

/** Texts that the compatible servers give for a code; they differ by command. */
export type Infos = Readonly<Partial<Record<number, string>>>;

interface Result {
  readonly userId: string;
  readonly code: number;
  readonly info: string;
}

/** `Fail_Account` is there only when somebody failed. */
export function rendered<R extends Result>(
  name: string,
  results: readonly R[],
  { infos = {}, told }: { readonly infos?: Infos; readonly told?: (result: R) => AnswerFields } = {},
): AnswerFields {
  const failed = results.filter(({ code }) => code !== 0).map(({ userId }) => userId);
  return {
    [name]: results.map((result) => ({
      To_Account: result.userId,
      ...told?.(result),
      ResultCode: result.code,
      ResultInfo: infos[result.code] ?? result.info,
    })),
    ...(failed.length > 0 ? { Fail_Account: failed } : {}),
  };
}

/** An answer of these commands. */
export const answered = (fields: AnswerFields = {}): Envelope => succeeded({ ...fields, ErrorDisplay: '' });

/** The value of a field that has to be there. */
export function requiredValue(body: JsonObject, name: string): unknown {
  const value = fieldOf(body, name);
  if (value === undefined) throw new ChatError(BAD, `${name} is required`);
  return value;
}

export const ADD_TYPES: ReadonlyMap<string, relationv1.Sides> = new Map([
  ['Add_Type_Single', relationv1.Sides.SINGLE],
  ['Add_Type_Both', relationv1.Sides.BOTH],
]);
export const DELETE_TYPES: ReadonlyMap<string, relationv1.Sides> = new Map([
  ['Delete_Type_Single', relationv1.Sides.SINGLE],
  ['Delete_Type_Both', relationv1.Sides.BOTH],
]);
