// The query of a v4 URL: who calls, for which app, and with what proof.
import { type AppId, ChatError, ErrorCode, isUserId, toAppId, type UserId } from '@parley/kernel';

/** The four parameters that are checked; `random` only names a request in the caller's logs. */
export interface CallerClaim {
  readonly appId: AppId;
  readonly identifier: UserId;
  readonly userSig: string;
}

/** A UserSig with a user buffer stays far below this; ours. */
const USER_SIG_CHARS_MAX = 8 * 1024;
const DECIMAL = /^[0-9]{1,10}$/;

/**
 * Names and values are case-sensitive, their order is free, none may be repeated.
 * @throws ChatError 60012 without sdkappid, 70002 for an empty usersig, 60025 for every other defect.
 */
export function parseQuery(query: string): CallerClaim {
  const parameters = new URLSearchParams(query);
  const sdkAppId = single(parameters, 'sdkappid', ErrorCode.APP_ID_MISSING);
  const identifier = single(parameters, 'identifier', ErrorCode.QUERY_PARAMETER_INVALID);
  const userSig = readUserSig(parameters);
  const contentType = single(parameters, 'contenttype', ErrorCode.QUERY_PARAMETER_INVALID);
  if (!isUserId(identifier)) throw wrong('identifier is no UserID');
  if (userSig.length > USER_SIG_CHARS_MAX) throw wrong('usersig is too long');
  if (contentType !== 'json') throw wrong('contenttype must be json');
  return { appId: parseAppId(sdkAppId), identifier, userSig };
}

function single(parameters: URLSearchParams, name: string, missing: ErrorCode): string {
  const values = parameters.getAll(name);
  const [value] = values;
  if (value === undefined || value === '') throw new ChatError(missing, `${name} is missing in the URL`);
  if (values.length > 1) throw wrong(`${name} is given more than once`);
  return value;
}

/** Left out is a mistake of the URL; empty is a UserSig that nobody made. */
function readUserSig(parameters: URLSearchParams): string {
  if (parameters.getAll('usersig').join() === '' && parameters.has('usersig')) {
    throw new ChatError(ErrorCode.USER_SIG_EMPTY, 'the UserSig is empty');
  }
  return single(parameters, 'usersig', ErrorCode.QUERY_PARAMETER_INVALID);
}

function parseAppId(text: string): AppId {
  const value = DECIMAL.test(text) ? Number(text) : 0;
  if (value < 1 || value > 0xffff_ffff) throw wrong('sdkappid must be a positive 32-bit integer');
  return toAppId(value);
}

const wrong = (info: string): ChatError => new ChatError(ErrorCode.QUERY_PARAMETER_INVALID, info);
