// Until when somebody is muted or banned.
import { FOREVER_S } from './limits.js';

/** The second until which it holds; 0 lifts it. */
export function muteUntil(nowS: number, seconds: number): number {
  if (seconds === 0) return 0;
  return seconds >= FOREVER_S ? FOREVER_S : Math.min(nowS + seconds, FOREVER_S);
}
