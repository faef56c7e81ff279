// What the parts of the service hear of accounts: that one is gone.

import { fromBinary } from '@bufbuild/protobuf';
import { type RecordFollower } from '@parley/event-log';
import type { AppId, UserId } from '@parley/kernel';
import { authv1 } from '@parley/proto';

export interface DeletedAccount {
  readonly appId: AppId;
  readonly userId: UserId;
  /** When, ms: what began later belongs to another life of the UserID. */
  readonly timeMs: bigint;
  readonly operator: string;
}

/** Hands the deletions in the topic of account events to whoever forgets; other events pass by. */
export const onDeleted =
  (forget: (gone: DeletedAccount) => Promise<void>): RecordFollower =>
  async (record) => {
    const { appId, userId, timeMs, event } = fromBinary(authv1.AccountEventSchema, record);
    if (event.case !== 'deleted') return;
    const { operator } = event.value;
    await forget({ appId: appId as AppId, userId: userId as UserId, timeMs, operator });
  };
