// What a Bye that forbids coming back means to the app.
import { ByeCode, parseLoginRefusal } from '@parley/wire';
import { TYPES } from '../constants/types.js';

export type KickedOutType =
  | typeof TYPES.KICKED_OUT_MULT_ACCOUNT
  | typeof TYPES.KICKED_OUT_MULT_DEVICE
  | typeof TYPES.KICKED_OUT_USERSIG_EXPIRED
  | typeof TYPES.KICKED_OUT_REST_API;

export interface Refusal {
  readonly code: number;
  readonly info: string;
}

export type SessionEnd =
  | { readonly kind: 'kicked'; readonly type: KickedOutType }
  | ({ readonly kind: 'refused' } & Refusal);

const KICKED: ReadonlyMap<number, KickedOutType> = new Map<number, KickedOutType>([
  [ByeCode.KICKED_BY_SAME_PLATFORM, TYPES.KICKED_OUT_MULT_ACCOUNT],
  [ByeCode.KICKED_BY_OTHER_DEVICE, TYPES.KICKED_OUT_MULT_DEVICE],
  [ByeCode.USER_SIG_EXPIRED, TYPES.KICKED_OUT_USERSIG_EXPIRED],
  [ByeCode.KICKED_BY_ADMIN, TYPES.KICKED_OUT_REST_API],
  // Somebody connected with this instance's id: a copy of it took over.
  [ByeCode.LOGGED_OUT, TYPES.KICKED_OUT_MULT_ACCOUNT],
]);

/** Refusals on a reconnect that are what a live session would have been told as a kick. */
const KICKED_WHILE_AWAY: ReadonlyMap<number, KickedOutType> = new Map<number, KickedOutType>([
  [6206, TYPES.KICKED_OUT_USERSIG_EXPIRED],
  [70001, TYPES.KICKED_OUT_USERSIG_EXPIRED],
  [70052, TYPES.KICKED_OUT_REST_API],
]);

/** The public code and text of a login refusal; `bye.code` itself when it is another Bye. */
export function toRefusal(bye: { readonly code: number; readonly reason: string }): Refusal {
  const refusal = bye.code === ByeCode.LOGIN_REFUSED ? parseLoginRefusal(bye.reason) : undefined;
  return refusal ?? { code: bye.code, info: bye.reason };
}

/** The end of a session that was logged in. */
export function toSessionEnd(bye: { readonly code: number; readonly reason: string }): SessionEnd {
  const kicked = KICKED.get(bye.code);
  if (kicked !== undefined) return { kind: 'kicked', type: kicked };
  const refusal = toRefusal(bye);
  const kickedAway = KICKED_WHILE_AWAY.get(refusal.code);
  return kickedAway === undefined ? { kind: 'refused', ...refusal } : { kind: 'kicked', type: kickedAway };
}
