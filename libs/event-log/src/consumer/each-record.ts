// Hands the records of a topic to one follower: in order within a key, several keys at once.
import type { BatchHandler } from '../event-log.js';

/** Makes of one record what follows from it; may be asked twice for one, and must come to the same. */
export type RecordFollower = (record: Uint8Array) => Promise<void>;

/** Keys of one batch that are worked on at once. */
const KEYS_AT_ONCE = 16;

export function eachRecord(follow: RecordFollower): BatchHandler {
  return async (batch, signal) => {
    const byKey = new Map<string, Uint8Array[]>();
    for (const { key, value } of batch.records) {
      const values = byKey.get(key) ?? [];
      values.push(value);
      byKey.set(key, values);
    }
    const waiting = [...byKey.values()];
    const work = async (): Promise<void> => {
      for (let values = waiting.pop(); values !== undefined; values = waiting.pop()) {
        for (const value of values) {
          if (signal.aborted) return;
          await follow(value);
        }
      }
    };
    const workers = Array.from({ length: Math.min(KEYS_AT_ONCE, waiting.length) }, work);
    const outcomes = await Promise.allSettled(workers);
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    // Cut short: what was left undone comes again.
    signal.throwIfAborted();
  };
}
