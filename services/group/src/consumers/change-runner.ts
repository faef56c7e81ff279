// Hands the records of `group-changes` to one follower: in order within a group, several groups at once.
import { fromBinary } from '@bufbuild/protobuf';
import type { BatchHandler } from '@parley/event-log';
import { groupv1 } from '@parley/proto';

/** Makes of one change what follows from it; may be asked twice for one, and must come to the same. */
export type ChangeFollower = (change: groupv1.GroupChange) => Promise<void>;

/** Groups of one batch that are worked on at once. */
const GROUPS_AT_ONCE = 16;

export function eachChange(follow: ChangeFollower): BatchHandler {
  return async (batch, signal) => {
    const byGroup = new Map<string, Uint8Array[]>();
    for (const { key, value } of batch.records) {
      const values = byGroup.get(key) ?? [];
      values.push(value);
      byGroup.set(key, values);
    }
    const waiting = [...byGroup.values()];
    const work = async (): Promise<void> => {
      for (let values = waiting.pop(); values !== undefined; values = waiting.pop()) {
        for (const value of values) {
          if (signal.aborted) return;
          await follow(fromBinary(groupv1.GroupChangeSchema, value));
        }
      }
    };
    const workers = Array.from({ length: Math.min(GROUPS_AT_ONCE, waiting.length) }, work);
    const outcomes = await Promise.allSettled(workers);
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    // Cut short: what was left undone comes again.
    signal.throwIfAborted();
  };
}
