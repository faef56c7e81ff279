// How long an account may not speak. Source: rest-accounts-messages.md 12.

export type MuteKind = 'c2c' | 'group';

/** Until when, s since 1970; 0: not muted. */
export type MuteTimes = Readonly<Record<MuteKind, number>>;

/** As a duration and as a time alike. */
export const FOR_EVER_S = 0xffff_ffff;

/** When a mute of so many seconds ends. */
export function untilOf(seconds: number | undefined, nowMs: number): number | undefined {
  if (seconds === undefined || seconds === 0 || seconds === FOR_EVER_S) return seconds;
  return Math.min(Math.floor(nowMs / 1_000) + seconds, FOR_EVER_S - 1);
}

/** What is left of a mute, seconds. */
export function secondsLeft(untilS: number, nowMs: number): number {
  if (untilS === FOR_EVER_S) return FOR_EVER_S;
  return Math.max(0, untilS - Math.floor(nowMs / 1_000));
}
