// The durable floor of a conversation's counter in a cluster: every number up to it may have
// been handed out by some coordination, none above it has.
import { ChatError, ErrorCode } from '@parley/kernel';
import type { TableStore } from '@parley/table-store';
import { seqFloors } from '../tables.js';
import type { ConversationRef } from './message-store.js';

const CLAIM_ATTEMPTS_MAX = 10;

export class SeqFloorStore {
  constructor(private readonly tables: TableStore) {}

  /**
   * Claims the next `size` numbers above the floor, and above `taken`, for the caller alone, for ever.
   * @throws ChatError UNAVAILABLE when others keep claiming or the tables are away.
   */
  async claim(
    conversation: ConversationRef,
    size: bigint,
    taken = 0n,
  ): Promise<{ first: bigint; last: bigint }> {
    const key = { app_id: conversation.appId as number, conversation: conversation.id as string };
    let floor = (await this.tables.get(seqFloors, key))?.floor;
    for (let attempt = 0; attempt < CLAIM_ATTEMPTS_MAX; attempt++) {
      const from = floor === undefined || floor < taken ? taken : floor;
      const next = from + size;
      const expected = floor === undefined ? undefined : { floor };
      const outcome = await this.tables.compareAndSet(seqFloors, key, expected, { ...key, floor: next });
      if (outcome.isApplied) return { first: next - size + 1n, last: next };
      floor = outcome.current?.floor;
    }
    throw new ChatError(ErrorCode.UNAVAILABLE, 'the numbers of the conversation are contended; retry');
  }
}
