// Fields that the follow commands share. Source: rest-accounts-messages.md 10.
import { ErrorCode } from '@parley/kernel';
import { eachText, requiredAccount, requiredList } from '../../json/fields.js';
import type { JsonObject } from '../../json/json-body.js';

export const BAD = ErrorCode.SNS_BAD_PARAMETER;

export const fromAccount = (body: JsonObject): string =>
  requiredAccount(body, 'From_Account', { invalid: BAD, notString: BAD });

export const listOf = (body: JsonObject, name: string, max: number): readonly unknown[] =>
  requiredList(body, name, {
    codes: { notArray: BAD, tooFew: BAD, tooMany: BAD },
    bounds: { min: 1, max },
  });

export const toAccounts = (body: JsonObject, max: number): string[] =>
  eachText(listOf(body, 'To_Account', max), 'To_Account', BAD);

interface Result {
  readonly userId: string;
  readonly code: number;
  readonly info: string;
}

/** One target's outcome, with what is told of it beside. */
export const resultItem = ({ userId, code, info }: Result, told: Record<string, unknown> = {}) => ({
  To_Account: userId,
  ...told,
  ResultCode: code,
  ResultInfo: info,
});
