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
} as const;

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
