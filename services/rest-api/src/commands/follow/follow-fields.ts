// Fields that the follow commands share. Source: rest-accounts-messages.md 10.
import type { JsonObject } from '../../json/json-body.js';
import { textsOf } from '../relation/relation-fields.js';

export const toAccounts = (body: JsonObject, max: number): string[] => textsOf(body, 'To_Account', max);

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
