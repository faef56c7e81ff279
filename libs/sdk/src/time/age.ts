// How long ago something began, never too short: a device that slept may have stopped one clock, and a user may have set
// the other back.
import type { ChatClock } from './clock.js';

/** Begins now. Whole ms, at least 1. */
export function ageFromNow(clock: ChatClock): () => number {
  const [wallMs, elapsedMs] = [clock.now(), clock.elapsed()];
  return () => Math.max(1, Math.ceil(Math.max(clock.now() - wallMs, clock.elapsed() - elapsedMs)));
}
