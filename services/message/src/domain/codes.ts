// Which public code says what. The same refusal has one number at the SDK's border
// (the C2C family) and another at the REST border (the 90xxx family); what is about a group
// has one family at both. This is the only place that knows them.
import { ChatError, ErrorCode } from '@parley/kernel';
import { optionsv1 } from '@parley/proto';

export interface Codes {
  readonly badRequest: ErrorCode;
  readonly senderInvalid: ErrorCode;
  readonly senderUnknown: ErrorCode;
  readonly receiverInvalid: ErrorCode;
  readonly receiverUnknown: ErrorCode;
  /** The user or the peer of a read does not exist or is no UserID. */
  readonly userUnknown: ErrorCode;
  readonly peerUnknown: ErrorCode;
  readonly bodyNotJson: ErrorCode;
  readonly bodyNotArray: ErrorCode;
  readonly bodyMalformed: ErrorCode;
  readonly elementInvalid: ErrorCode;
  readonly messageTooLong: ErrorCode;
  readonly timeInvalid: ErrorCode;
  readonly offlinePushMalformed: ErrorCode;
  readonly messageKeyInvalid: ErrorCode;
  readonly unavailable: ErrorCode;
}

const SDK: Codes = {
  badRequest: ErrorCode.C2C_BAD_REQUEST,
  senderInvalid: ErrorCode.C2C_ACCOUNT_INVALID,
  senderUnknown: ErrorCode.C2C_ACCOUNT_INVALID,
  receiverInvalid: ErrorCode.C2C_ACCOUNT_INVALID,
  receiverUnknown: ErrorCode.C2C_ACCOUNT_INVALID,
  userUnknown: ErrorCode.C2C_ACCOUNT_INVALID,
  peerUnknown: ErrorCode.C2C_ACCOUNT_INVALID,
  bodyNotJson: ErrorCode.C2C_BAD_REQUEST,
  bodyNotArray: ErrorCode.C2C_BAD_REQUEST,
  bodyMalformed: ErrorCode.C2C_BAD_REQUEST,
  elementInvalid: ErrorCode.C2C_BAD_REQUEST,
  messageTooLong: ErrorCode.MESSAGE_TOO_LONG,
  timeInvalid: ErrorCode.C2C_BAD_REQUEST,
  offlinePushMalformed: ErrorCode.C2C_BAD_REQUEST,
  messageKeyInvalid: ErrorCode.C2C_BAD_REQUEST,
  unavailable: ErrorCode.C2C_UNAVAILABLE,
};

/** Source: rest-accounts-messages.md 19.5. */
const REST: Codes = {
  badRequest: ErrorCode.MESSAGE_FORMAT_INVALID,
  senderInvalid: ErrorCode.FROM_ACCOUNT_INVALID,
  senderUnknown: ErrorCode.FROM_ACCOUNT_INVALID,
  receiverInvalid: ErrorCode.TO_ACCOUNT_INVALID,
  receiverUnknown: ErrorCode.TO_ACCOUNT_UNKNOWN,
  userUnknown: ErrorCode.FROM_ACCOUNT_INVALID,
  peerUnknown: ErrorCode.TO_ACCOUNT_INVALID,
  bodyNotJson: ErrorCode.OPENIM_BAD_JSON,
  bodyNotArray: ErrorCode.MESSAGE_BODY_NOT_ARRAY,
  bodyMalformed: ErrorCode.MESSAGE_BODY_MALFORMED,
  elementInvalid: ErrorCode.MESSAGE_FORMAT_INVALID,
  messageTooLong: ErrorCode.BODY_TOO_LONG,
  timeInvalid: ErrorCode.MESSAGE_TIME_INVALID,
  offlinePushMalformed: ErrorCode.OFFLINE_PUSH_MALFORMED,
  messageKeyInvalid: ErrorCode.MESSAGE_KEY_INVALID,
  unavailable: ErrorCode.UNAVAILABLE,
};

/** Both borders. Source: rest-groups.md 4 and 9. */
export const GROUP_CODES: Codes = {
  badRequest: ErrorCode.GROUP_BAD_PARAMETER,
  senderInvalid: ErrorCode.GROUP_BAD_PARAMETER,
  senderUnknown: ErrorCode.GROUP_ACCOUNT_NOT_FOUND,
  receiverInvalid: ErrorCode.GROUP_ID_INVALID,
  receiverUnknown: ErrorCode.GROUP_NOT_FOUND,
  userUnknown: ErrorCode.GROUP_ACCOUNT_NOT_FOUND,
  peerUnknown: ErrorCode.GROUP_ID_INVALID,
  bodyNotJson: ErrorCode.GROUP_BAD_PARAMETER,
  bodyNotArray: ErrorCode.GROUP_BAD_PARAMETER,
  bodyMalformed: ErrorCode.GROUP_BAD_PARAMETER,
  elementInvalid: ErrorCode.GROUP_BAD_PARAMETER,
  messageTooLong: ErrorCode.MESSAGE_TOO_LONG,
  timeInvalid: ErrorCode.GROUP_BAD_PARAMETER,
  offlinePushMalformed: ErrorCode.GROUP_BAD_PARAMETER,
  messageKeyInvalid: ErrorCode.GROUP_BAD_PARAMETER,
  unavailable: ErrorCode.UNAVAILABLE,
};

/** The same for messages from another system. */
export const GROUP_IMPORT_CODES: Codes = { ...GROUP_CODES, messageTooLong: ErrorCode.GROUP_IMPORT_TOO_LONG };

/** Users come from an SDK; admins and services speak for the REST border. */
export const codesFor = (role: optionsv1.CallerRole): Codes =>
  role === optionsv1.CallerRole.USER ? SDK : REST;

/**
 * A failure of an engine on the message path as the caller may see it: what a
 * retry may cure is `unavailable` of the caller's border, everything else stays.
 */
export function toCallersError(thrown: unknown, codes: Codes): ChatError {
  const error = ChatError.from(thrown);
  const isAnothersUnavailable =
    error.code === ErrorCode.UNAVAILABLE || error.code === ErrorCode.C2C_UNAVAILABLE;
  if (!isAnothersUnavailable || error.code === codes.unavailable) return error;
  return new ChatError(codes.unavailable, error.info, { cause: error, retryAfterMs: error.retryAfterMs });
}
