// What a user has beside its rows: versions of its lists, friend groups, the read mark of requests.
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { type AppId, ChatError, ErrorCode, type UserId } from '@parley/kernel';
import { relationv1 } from '@parley/proto';
import type { TableStore } from '@parley/table-store';
import { CHANGE_ATTEMPTS_MAX, CHANGE_PAUSE_MS } from '../domain/limits.js';
import { relationHeads } from '../tables.js';

export class HeadStore {
  constructor(private readonly tables: TableStore) {}

  async get(appId: AppId, userId: UserId): Promise<relationv1.RelationHead> {
    const row = await this.tables.get(relationHeads, { app_id: appId, user_id: userId });
    return decode(row?.state);
  }

  /**
   * Puts what `decide` makes of the head; it decides again when somebody else was faster. The same object changes nothing.
   * @throws ChatError 30008, and what `decide` throws.
   */
  async change(
    appId: AppId,
    userId: UserId,
    decide: (head: relationv1.RelationHead) => relationv1.RelationHead,
  ): Promise<relationv1.RelationHead> {
    const key = { app_id: appId as number, user_id: userId as string };
    let row = await this.tables.get(relationHeads, key);
    for (let attempt = 0; attempt < CHANGE_ATTEMPTS_MAX; attempt += 1) {
      const seen = decode(row?.state);
      const next = decide(seen);
      if (next === seen) return seen;
      const version = (row?.version ?? 0n) + 1n;
      const state = toBinary(relationv1.RelationHeadSchema, next);
      const expected = row === undefined ? undefined : { version: row.version };
      const result = await this.tables.compareAndSet(relationHeads, key, expected, {
        ...key,
        version,
        state,
      });
      if (result.isApplied) return next;
      row = result.current;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * CHANGE_PAUSE_MS));
    }
    throw new ChatError(ErrorCode.SNS_CONFLICT, 'the lists change too fast; retry', { retryAfterMs: 200 });
  }
}

function decode(state: Uint8Array | undefined): relationv1.RelationHead {
  const head =
    state === undefined
      ? create(relationv1.RelationHeadSchema)
      : fromBinary(relationv1.RelationHeadSchema, state);
  head.versions ??= create(relationv1.ListVersionsSchema);
  return head;
}
