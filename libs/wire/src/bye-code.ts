// Why a gateway ends a connection. The range is the protocol: a client that does
// not know a code still knows what to do.

/** First code of the range "connect again, with backoff and jitter, not before retry_after_ms". */
export const BYE_RECONNECT_MIN = 4000;
export const BYE_RECONNECT_MAX = 4499;
/** First code of the range "do not connect again by yourself". */
export const BYE_GIVE_UP_MIN = 4500;
export const BYE_GIVE_UP_MAX = 4999;

/**
 * Codes of Bye.code; the WebSocket close frame that follows carries the same code.
 * `Bye.reason` is for humans, except for LOGIN_REFUSED.
 */
export const ByeCode = {
  /** The node stops, or a newer connection of the same client is welcome elsewhere. */
  GOING_AWAY: 4000,
  /** The client reads slower than it is written to; what waited is dropped, sync after reconnecting. */
  SLOW_READER: 4001,
  /** The login could not be decided, or the node failed. */
  INTERNAL: 4002,
  /** Nothing was heard from the client for the idle limit, or no Hello within the login deadline. */
  PING_TIMEOUT: 4003,
  /** The node or the connection has more to do than it is allowed to. */
  OVERLOADED: 4004,

  /** Malformed, oversized, text or out-of-order frames. */
  PROTOCOL_ERROR: 4500,
  /** Another login of the same platform class (KICKED_OUT type multipleAccount). */
  KICKED_BY_SAME_PLATFORM: 4501,
  /** Another device took the place (KICKED_OUT type multipleDevice). */
  KICKED_BY_OTHER_DEVICE: 4502,
  /** The UserSig ran out (KICKED_OUT type userSigExpired). */
  USER_SIG_EXPIRED: 4503,
  /** An admin ended the login (KICKED_OUT type REST_API_Kick). */
  KICKED_BY_ADMIN: 4504,
  /** `reason` is `<public error code> <info>`. */
  LOGIN_REFUSED: 4505,
  /** The client logged out, or a newer connection of the same SDK instance replaced this one. */
  LOGGED_OUT: 4506,
} as const;

export type ByeCode = (typeof ByeCode)[keyof typeof ByeCode];

/** What a client does after this Bye; codes outside both ranges count as "connect again". */
export const mayReconnectAfter = (code: number): boolean => code < BYE_GIVE_UP_MIN || code > BYE_GIVE_UP_MAX;

/** The reason of a LOGIN_REFUSED Bye. */
export const formatLoginRefusal = (code: number, info: string): string => `${code} ${info}`;

/** Reads a LOGIN_REFUSED reason; undefined when it is not of that form. */
export function parseLoginRefusal(reason: string): { code: number; info: string } | undefined {
  const match = /^(\d{1,10}) ?([\s\S]*)$/.exec(reason);
  if (match?.[1] === undefined) return undefined;
  return { code: Number(match[1]), info: match[2] ?? '' };
}
