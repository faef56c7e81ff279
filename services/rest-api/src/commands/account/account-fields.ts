// What the account commands read alike, with the codes of their family.
import { ACCOUNTS_PER_BATCH_MAX, ErrorCode, isUserId } from '@parley/kernel';
import {
  badField,
  eachObject,
  fieldOf,
  optionalText,
  requiredAccount,
  requiredList,
} from '../../json/fields.js';
import type { JsonObject } from '../../json/json-body.js';

const BAD = ErrorCode.ACCOUNT_BAD_PARAMETER;

/** Nickname and photo, bytes each. */
export const PROFILE_VALUE_BYTES_MAX = 500;
export const ACCOUNT_NOT_EXIST_INFO = 'Err_TLS_PT_Open_Login_Account_Not_Exist';

/** A UserID that is well-formed. @throws ChatError 70402, or 60015 when it is no string. */
export const userIdOf = (body: JsonObject): string =>
  requiredAccount(body, 'UserID', { invalid: BAD, notString: ErrorCode.ACCOUNT_NOT_STRING });

/** A UserID as it stands in an item of a batch: a text whose form is judged with the item, not with the call. */
function itemUserId(item: JsonObject): string {
  const value = fieldOf(item, 'UserID');
  if (value === undefined) throw badField(BAD, 'UserID', 'is required in every item');
  if (typeof value !== 'string') throw badField(ErrorCode.ACCOUNT_NOT_STRING, 'UserID', 'must be a string');
  return value;
}

/** 1-100 items. @throws ChatError 70402, `sizeCode` for the number of items. */
export const batchOf = (body: JsonObject, name: string, sizeCode: ErrorCode = BAD): readonly unknown[] =>
  requiredList(body, name, {
    codes: { notArray: BAD, tooFew: sizeCode, tooMany: sizeCode },
    bounds: { min: 1, max: ACCOUNTS_PER_BATCH_MAX },
  });

/** The `UserID`s of a list of `{UserID}` objects, as given. */
export const userIdsOfItems = (body: JsonObject, name: string): string[] =>
  eachObject(batchOf(body, name), name, BAD).map(itemUserId);

/** An account as the import commands name it; fields that are absent leave the stored ones alone. */
export interface ImportedAccount {
  readonly userId: string;
  readonly nick?: string;
  readonly faceUrl?: string;
}

export const importedAccountOf = (item: JsonObject): ImportedAccount => ({
  userId: itemUserId(item),
  ...profileOf(item),
});

/** @throws ChatError 70402 when Nick or FaceUrl is no string. */
export function profileOf(item: JsonObject): Omit<ImportedAccount, 'userId'> {
  const nick = optionalText(item, 'Nick', BAD);
  const faceUrl = optionalText(item, 'FaceUrl', BAD);
  return { ...(nick === undefined ? {} : { nick }), ...(faceUrl === undefined ? {} : { faceUrl }) };
}

export const hasLongProfileValue = ({ nick = '', faceUrl = '' }: Omit<ImportedAccount, 'userId'>): boolean =>
  [nick, faceUrl].some((value) => Buffer.byteLength(value) > PROFILE_VALUE_BYTES_MAX);

/** Each once, in the order given; only those that can name an account at all. */
export const wellFormedOnce = (userIds: readonly string[]): string[] => [
  ...new Set(userIds.filter(isUserId)),
];

/** Nickname and photo are the profile's; the rest of an import is the account's. Undefined: there is nothing to set. */
export function profileChangeOf({ userId, nick, faceUrl }: ImportedAccount) {
  const items = [
    ...(nick === undefined ? [] : [textItem('Tag_Profile_IM_Nick', nick)]),
    ...(faceUrl === undefined ? [] : [textItem('Tag_Profile_IM_Image', faceUrl)]),
  ];
  return items.length === 0 ? undefined : { userId, items };
}

const textItem = (tag: string, value: string) => ({ tag, value: { case: 'text' as const, value } });
