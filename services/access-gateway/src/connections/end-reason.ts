// Why this node ends a connection: one name for the log, the counter and the Bye code.
import { ByeCode } from '@parley/wire';

/** Reasons of our own. A reason that another service gives (Disconnect) brings its code along. */
export const END_REASONS = {
  going_away: ByeCode.GOING_AWAY,
  slow_reader: ByeCode.SLOW_READER,
  internal: ByeCode.INTERNAL,
  login_failed: ByeCode.INTERNAL,
  login_deadline: ByeCode.PING_TIMEOUT,
  ping_timeout: ByeCode.PING_TIMEOUT,
  overloaded: ByeCode.OVERLOADED,
  flood: ByeCode.OVERLOADED,
  protocol_error: ByeCode.PROTOCOL_ERROR,
  sig_expired: ByeCode.USER_SIG_EXPIRED,
  login_refused: ByeCode.LOGIN_REFUSED,
  logged_out: ByeCode.LOGGED_OUT,
  replaced: ByeCode.LOGGED_OUT,
} as const;

export type OwnEndReason = keyof typeof END_REASONS;

/** `disconnected`: another service asked for it. `client_left`: the client said bye or its socket closed. */
export type EndReason = OwnEndReason | 'disconnected' | 'client_left';

export const ALL_END_REASONS: readonly EndReason[] = [
  ...(Object.keys(END_REASONS) as OwnEndReason[]),
  'disconnected',
  'client_left',
];
