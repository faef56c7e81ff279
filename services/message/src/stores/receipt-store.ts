// Who has read which message, one row each.
import type { UserId } from '@parley/kernel';
import { put, type TableStore } from '@parley/table-store';
import { receipts } from '../tables.js';
import type { ConversationRef, MessageRef } from './message-store.js';

const partitionOf = (conversation: ConversationRef, seq: bigint) => ({
  app_id: conversation.appId as number,
  conversation: conversation.id as string,
  seq,
});

export class ReceiptStore {
  constructor(private readonly tables: TableStore) {}

  /** Durable when it resolves; a receipt that is there stays as it is for readers, for only who counts. */
  async put(messages: readonly MessageRef[], user: UserId, nowMs: number): Promise<void> {
    await this.tables.writeAll(
      messages.map(({ conversation, seq }) =>
        put(receipts, {
          ...partitionOf(conversation, seq),
          user_id: user as string,
          read_at_ms: BigInt(nowMs),
        }),
      ),
    );
  }

  /** In the order asked: whether the user has read it. */
  async has(messages: readonly MessageRef[], user: UserId): Promise<boolean[]> {
    const keys = messages.map(({ conversation, seq }) => ({
      ...partitionOf(conversation, seq),
      user_id: user as string,
    }));
    return (await this.tables.getMany(receipts, keys)).map((row) => row !== undefined);
  }

  /** In byte order, `limit` at most, beyond `after`. */
  async readers(
    { conversation, seq }: MessageRef,
    { limit, after }: { readonly limit: number; readonly after?: string | undefined },
  ): Promise<UserId[]> {
    const { rows } = await this.tables.scan(receipts, partitionOf(conversation, seq), {
      limit,
      ...(after ? { from: { user_id: after }, isFromExclusive: true } : {}),
    });
    return rows.map((row) => row.user_id as UserId);
  }
}
