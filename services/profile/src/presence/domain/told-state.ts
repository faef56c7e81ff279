// What was told last of a user, and what is to be told next.
//
// The value is replaced by compare-and-set, so of two processes one tells a change. It says so before it tells (`isOpen`): whoever
// finds it open, because its process died, tells it again, with the same number.
import type { contextv1 } from '@parley/proto';

type Platform = contextv1.Platform;

export type TellingReason = 'login' | 'logout' | 'disconnect' | 'none';

export interface ToldState {
  readonly seq: number;
  readonly isOnline: boolean;
  /** Rising, each once. */
  readonly platforms: readonly Platform[];
  readonly customText: string;
  /** Why the user came or went last. */
  readonly reason: TellingReason;
  /** What it came or went with. */
  readonly platform: Platform;
  /** What changed with `seq`: coming or going, and the custom status. */
  readonly isTurn: boolean;
  readonly isCustom: boolean;
  /** Not all who are to hear of it did. */
  readonly isOpen: boolean;
}

export interface Seen {
  readonly platforms: readonly Platform[];
  readonly customText: string;
}

/** What was noticed of a user's sessions since it was last looked at. */
export interface Noticed {
  readonly came?: Platform | undefined;
  /** Registered again after the registry had lost it: nobody came. */
  readonly cameBack?: Platform | undefined;
  readonly loggedOut?: Platform | undefined;
  readonly lost?: Platform | undefined;
}

const NO_PLATFORM = 0 as Platform;

const isSame = (told: ToldState | undefined, { platforms, customText }: Seen): boolean =>
  (told?.platforms.join() ?? '') === platforms.join() && (told?.customText ?? '') === customText;

/** Undefined: nothing is to be told. */
export function decideTelling(
  told: ToldState | undefined,
  seen: Seen,
  { noticed, nowMs }: { noticed: Noticed; nowMs: number },
): ToldState | undefined {
  const isOnline = seen.platforms.length > 0;
  const wasOnline = told?.isOnline === true;
  if (isSame(told, seen)) return undefined;
  const isTurn = isOnline !== wasOnline;
  // Coordination forgot what was told, and the user was there all the time.
  const isKnownAgain = told === undefined && noticed.came === undefined && noticed.cameBack !== undefined;
  return {
    ...seen,
    seq: Math.max((told?.seq ?? 0) + 1, nowMs),
    isOnline,
    reason: isTurn ? reasonOf(isOnline, noticed) : (told?.reason ?? 'none'),
    platform: (isOnline ? noticed.came : (noticed.loggedOut ?? noticed.lost)) ?? NO_PLATFORM,
    isTurn: isTurn && !isKnownAgain,
    isCustom: seen.customText !== (told?.customText ?? ''),
    isOpen: !isKnownAgain,
  };
}

function reasonOf(isOnline: boolean, { loggedOut }: Noticed): TellingReason {
  if (isOnline) return 'login';
  return loggedOut === undefined ? 'disconnect' : 'logout';
}

export const encodeToldState = (told: ToldState): string => JSON.stringify(told);

export const decodeToldState = (value: string | undefined): ToldState | undefined =>
  value === undefined ? undefined : (JSON.parse(value) as ToldState);
