// What a promise of the SDK rejects with.

/**
 * Codes that the SDK gives by itself; all others come from the server. Numbers are
 * those of the compatible web SDK where it has one.
 */
export const FailureCode = {
  SDK_APP_ID_MISSING: 2000,
  USER_ID_MISSING: 2002,
  USER_SIG_MISSING: 2003,
  NOT_LOGGED_IN: 2024,
  /** Another user is logged in on this instance. */
  ANOTHER_LOGIN: 2025,
  MESSAGE_EXPECTED: 2105,
  CONVERSATION_TYPE_UNSUPPORTED: 2106,
  /** A listener or a callback of the app threw. */
  CALLBACK_THREW: 2109,
  /** No connection to the server. */
  NETWORK: 2800,
  /** The server did not answer in time. */
  TIMEOUT: 2801,
  /** The answer of the server cannot be read. */
  ANSWER_MALFORMED: 6002,
  BAD_PARAMETER: 6017,
  LOGOUT_DURING_LOGIN: 6023,
  TOO_MANY_REQUESTS: 9507,
  FRAME_TOO_LARGE: 9522,
  MESSAGE_TOO_LONG: 80002,
  /** No account, no friend, or a malformed field of a relation. */
  RELATION_BAD_PARAMETER: 30001,
  /** Somebody else changed the message: `data.message` is the newest. */
  MESSAGE_CONFLICT: 8006,
  GROUP_NO_PERMISSION: 10007,
  GROUP_NOT_FOUND: 10010,
  GROUP_ID_INVALID: 8501,
  GROUP_NAME_CARD_TOO_LONG: 8506,
  GROUP_NOBODY_INVITED: 8510,
  GROUP_ATTRIBUTES_TOO_FAST: 8511,
  /** Another write came first: read the attributes again. */
  GROUP_ATTRIBUTE_CONFLICT: 10056,
  /** The group has no topics. */
  COMMUNITY_OFF: 11000,
  TOPIC_GONE: 110003,
} as const;

/** No such group, or no member of it. */
export const isExclusion = ({ code }: ChatFailure): boolean =>
  code === FailureCode.GROUP_NOT_FOUND || code === FailureCode.GROUP_NO_PERMISSION;

/** A failed call: `code` is a public error code, `message` says what is wrong. */
export class ChatFailure extends Error {
  readonly code: number;
  readonly data: Readonly<Record<string, unknown>>;

  constructor(code: number, message: string, data: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = 'ChatFailure';
    this.code = code;
    this.data = data;
  }
}
