// How long senders suffered from a fault, and how long after its end. Pure: judges the events of a run.
import type { HistoryEvent } from '@parley/bench';

/** A send that took longer is bad, even if it was acknowledged in the end. */
export const GOOD_WITHIN_MS = 1_000;

/** One disturbance: from the moment it began until whatever was broken was put right (killed: ready again; frozen: thawed). */
export interface Phase {
  readonly name: string;
  readonly beganAtMs: number;
  readonly endedAtMs: number;
}

export interface PhaseReport {
  readonly name: string;
  /** How long the fault itself lasted, ms. */
  readonly faultMs: number;
  /** Sends that failed or took longer than GOOD_WITHIN_MS. */
  readonly badSends: number;
  /**
   * From the beginning of the first bad send, but not before the fault began, to the end of the last one, ms:
   * outside of it everybody's sends were acknowledged within GOOD_WITHIN_MS. 0: nobody noticed.
   */
  readonly errorWindowMs: number;
  /**
   * From the end of the fault to the end of the last bad send, ms; 0 when that was over before. It holds the
   * pauses of clients that were about to try again, so it is what users see, not when the servers could.
   */
  readonly recoveryMs: number;
}

/** A send with its outcome. */
export interface SendSpan {
  readonly beganAtMs: number;
  /** Infinity: it has no outcome yet. */
  readonly endedAtMs: number;
  readonly hasFailed: boolean;
}

/** Every send of the run with its outcome. */
export function sendSpans(events: readonly HistoryEvent[]): SendSpan[] {
  const ends = new Map<string, { atMs: number; hasFailed: boolean }>();
  for (const event of events) {
    if (event.kind === 'ack' || event.kind === 'fail') {
      ends.set(event.id, { atMs: event.atMs, hasFailed: event.kind === 'fail' });
    }
  }
  return events.flatMap((event) => {
    if (event.kind !== 'send') return [];
    const end = ends.get(event.id);
    return {
      beganAtMs: event.atMs,
      endedAtMs: end?.atMs ?? Number.POSITIVE_INFINITY,
      hasFailed: end?.hasFailed ?? false,
    };
  });
}

/** The moment at which a send had become bad: it failed, or its time was over. Undefined: it is good. */
export function turnedBadAtMs({ beganAtMs, endedAtMs, hasFailed }: SendSpan): number | undefined {
  const dueAtMs = beganAtMs + GOOD_WITHIN_MS;
  if (hasFailed) return Math.min(endedAtMs, dueAtMs);
  return endedAtMs > dueAtMs ? dueAtMs : undefined;
}

/** A bad send belongs to the last phase that had begun when it turned bad; before the first one to none. */
export function judgePhases(events: readonly HistoryEvent[], phases: readonly Phase[]): PhaseReport[] {
  const spans = sendSpans(events);
  return phases.map((phase, index) => {
    const nextBeganAtMs = phases[index + 1]?.beganAtMs ?? Number.POSITIVE_INFINITY;
    const bad = spans.filter((span) => {
      const atMs = turnedBadAtMs(span);
      return atMs !== undefined && atMs >= phase.beganAtMs && atMs < nextBeganAtMs;
    });
    const first = Math.min(...bad.map(({ beganAtMs }) => Math.max(beganAtMs, phase.beganAtMs)));
    const last = Math.max(...bad.map(({ endedAtMs }) => endedAtMs));
    return {
      name: phase.name,
      faultMs: phase.endedAtMs - phase.beganAtMs,
      badSends: bad.length,
      errorWindowMs: bad.length === 0 ? 0 : last - first,
      recoveryMs: bad.length === 0 ? 0 : Math.max(0, last - phase.endedAtMs),
    };
  });
}

/** Whether everything that was sent within the last `forMs` and is due by now was good. */
export function isWell(events: readonly HistoryEvent[], nowMs: number, forMs: number): boolean {
  return sendSpans(events).every((span) => {
    const seen = span.endedAtMs > nowMs ? { ...span, endedAtMs: Number.POSITIVE_INFINITY } : span;
    const atMs = turnedBadAtMs(seen);
    if (atMs === undefined || atMs > nowMs) return true;
    return seen.endedAtMs < nowMs - forMs;
  });
}
