// Each family of commands has its own public codes for the same inner trouble.
import { ChatError, ErrorCode } from '@parley/kernel';

export interface ErrorFamily {
  /** The body is missing or no JSON object. */
  readonly notJson: { readonly code: ErrorCode; readonly info: string };
  /** Something broke inside. */
  readonly internal: ErrorCode;
  /** A service is not reachable for the moment; the caller should retry. */
  readonly unavailable: ErrorCode;
  /** The work did not end in time; whether it happened is unknown. */
  readonly timeout: ErrorCode;
  /** Other codes for what the door and the services refuse alike for all families. */
  readonly codes?: CodeMap;
}

/** Other public codes for codes of the services. */
export type CodeMap = ReadonlyMap<ErrorCode, ErrorCode>;

/** `im_open_login_svc`. */
export const ACCOUNT_FAMILY: ErrorFamily = {
  notJson: { code: ErrorCode.BODY_NOT_JSON, info: 'the request body must be a JSON object' },
  internal: ErrorCode.ACCOUNT_INTERNAL,
  unavailable: ErrorCode.ACCOUNT_INTERNAL,
  timeout: ErrorCode.ACCOUNT_TIMEOUT,
};

/** `openim`. */
export const OPENIM_FAMILY: ErrorFamily = {
  notJson: {
    code: ErrorCode.OPENIM_BAD_JSON,
    info: 'Fail to Parse json data of body, Please check it',
  },
  internal: ErrorCode.INTERNAL,
  unavailable: ErrorCode.UNAVAILABLE,
  timeout: ErrorCode.TIMEOUT,
};

/** `group_open_http_svc` and its relatives. Source: rest-groups.md 0 and 9. */
export const GROUP_FAMILY: ErrorFamily = {
  notJson: { code: ErrorCode.GROUP_BODY_NOT_JSON, info: 'the request body must be a JSON object' },
  internal: ErrorCode.GROUP_INTERNAL,
  unavailable: ErrorCode.GROUP_INTERNAL,
  timeout: ErrorCode.GROUP_INTERNAL,
  codes: new Map([
    [ErrorCode.NOT_APP_ADMIN, ErrorCode.GROUP_NO_PERMISSION],
    [ErrorCode.COMMAND_RATE_EXCEEDED, ErrorCode.GROUP_RATE_EXCEEDED],
  ]),
};

/** `openim_msg_ext_http_svc`: what the group family says of groups it says of pairs. Source: rest-accounts-messages.md 6. */
export const EXTENSION_FAMILY: ErrorFamily = {
  ...GROUP_FAMILY,
  codes: new Map([
    ...(GROUP_FAMILY.codes ?? []),
    [ErrorCode.MESSAGE_FORMAT_INVALID, ErrorCode.GROUP_BAD_PARAMETER],
    [ErrorCode.MESSAGE_KEY_INVALID, ErrorCode.GROUP_BAD_PARAMETER],
    [ErrorCode.FROM_ACCOUNT_INVALID, ErrorCode.GROUP_ACCOUNT_NOT_FOUND],
    [ErrorCode.TO_ACCOUNT_INVALID, ErrorCode.GROUP_ACCOUNT_NOT_FOUND],
  ]),
};

/** `profile`. Source: rest-accounts-messages.md 19.3. */
export const PROFILE_FAMILY: ErrorFamily = {
  notJson: { code: ErrorCode.PROFILE_BAD_PARAMETER, info: 'the request body must be a JSON object' },
  internal: ErrorCode.PROFILE_INTERNAL,
  unavailable: ErrorCode.PROFILE_INTERNAL,
  timeout: ErrorCode.PROFILE_INTERNAL,
  codes: new Map([[ErrorCode.NOT_APP_ADMIN, ErrorCode.PROFILE_ADMIN_REQUIRED]]),
};

/** `sns` and `follow`. Source: rest-accounts-messages.md 19.4. */
export const SNS_FAMILY: ErrorFamily = {
  notJson: { code: ErrorCode.SNS_BAD_PARAMETER, info: 'the request body must be a JSON object' },
  internal: ErrorCode.SNS_INTERNAL,
  unavailable: ErrorCode.SNS_INTERNAL,
  timeout: ErrorCode.SNS_TIMEOUT,
  codes: new Map([[ErrorCode.NOT_APP_ADMIN, ErrorCode.SNS_ADMIN_REQUIRED]]),
};

/** The mute commands of `openconfigsvr`. Source: rest-accounts-messages.md 12. */
export const MUTE_FAMILY: ErrorFamily = {
  notJson: { code: ErrorCode.MUTE_BODY_NOT_JSON, info: 'the request body must be a JSON object' },
  internal: ErrorCode.MUTE_INTERNAL,
  unavailable: ErrorCode.MUTE_INTERNAL,
  timeout: ErrorCode.MUTE_INTERNAL,
};

type Trouble = 'internal' | 'unavailable' | 'timeout';

/** Codes that say something about us and not about the request; their texts name inner parts. */
const TROUBLE: ReadonlyMap<ErrorCode, Trouble> = new Map([
  [ErrorCode.UNSPECIFIED, 'internal'],
  [ErrorCode.INTERNAL, 'internal'],
  [ErrorCode.INTERNAL_RETRY, 'internal'],
  [ErrorCode.ACCOUNT_INTERNAL, 'internal'],
  [ErrorCode.C2C_INTERNAL, 'internal'],
  [ErrorCode.GROUP_INTERNAL, 'internal'],
  // rest-api itself is the caller: its role or its frames were wrong, not the app's.
  [ErrorCode.IDENTITY_CHECK_FAILED, 'internal'],
  [ErrorCode.FRAME_TOO_LARGE, 'internal'],
  [ErrorCode.UNAVAILABLE, 'unavailable'],
  [ErrorCode.C2C_UNAVAILABLE, 'unavailable'],
  // No process implements the method yet: a part of the installation is not up.
  [ErrorCode.UNKNOWN_COMMAND, 'unavailable'],
  [ErrorCode.TIMEOUT, 'timeout'],
  [ErrorCode.ACCOUNT_TIMEOUT, 'timeout'],
]);

const TROUBLE_INFO: Readonly<Record<Trouble, string>> = {
  internal: 'internal error, please retry',
  unavailable: 'the service is not reachable for the moment, please retry',
  timeout: 'the request took too long, please retry',
};

const NO_CODES: CodeMap = new Map();

/** What a caller may see of a failure. */
export interface PublicError {
  readonly code: ErrorCode;
  readonly info: string;
}

/** The only way of a failure into an answer: closed codes, and no text about our insides. */
export function toPublicError(thrown: unknown, family: ErrorFamily, codes: CodeMap = NO_CODES): PublicError {
  const error = ChatError.from(thrown);
  const trouble = TROUBLE.get(error.code);
  if (trouble !== undefined) {
    return { code: family[trouble], info: TROUBLE_INFO[trouble] };
  }
  if (error.code === ErrorCode.OVERLOADED) {
    return { code: error.code, info: 'too many requests for the moment, retry later' };
  }
  return {
    code: codes.get(error.code) ?? family.codes?.get(error.code) ?? error.code,
    info: error.info,
  };
}
