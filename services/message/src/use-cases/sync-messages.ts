// SyncMessages: what a client missed, from old to new, and how far that is everything.
import type { Clock } from '@parley/kernel';
import { decideComplete } from '../domain/holes.js';
import { PAGE_BYTES_MAX } from '../domain/limits.js';
import type { ConversationReader } from '../reading/conversation-reader.js';
import type { View } from '../reading/view.js';
import type { VisibleRows } from '../reading/visible-rows.js';
import type { MessageRow, MessageStore } from '../stores/message-store.js';

export interface SyncPage {
  /** Ascending by number, none above completeTo. */
  readonly messages: readonly MessageRow[];
  /** Every number up to here is in a message (perhaps one that the user may not see) or void. */
  readonly completeTo: bigint;
  readonly hasMore: boolean;
  readonly headSeq: bigint;
  /** 0: no pending hole. */
  readonly pendingForMs: number;
}

export interface SyncMessagesQuery {
  readonly view: View;
  /** Exclusive. */
  readonly afterSeq: bigint;
  readonly limit: number;
}

export class SyncMessages {
  constructor(
    private readonly reader: ConversationReader,
    private readonly messages: MessageStore,
    private readonly visible: VisibleRows,
    private readonly clock: Clock,
  ) {}

  async run(query: SyncMessagesQuery): Promise<SyncPage> {
    const { limit } = query;
    const { conversation } = query.view;
    // Before the log's end is looked at: a hole that is old by now cannot be filled behind it.
    const asOfMs = this.clock.now();
    const { head, isCaughtUp } = await this.reader.head(conversation);
    const headSeq = head?.seq ?? 0n;
    const view = await this.visible.narrow(query.view, head);
    // What the reader may not see is void to it, whatever it asks for.
    const afterSeq = query.afterSeq + 1n < view.fromSeq ? view.fromSeq - 1n : query.afterSeq;
    if (afterSeq >= headSeq) {
      return { messages: [], completeTo: headSeq, hasMore: false, headSeq, pendingForMs: 0 };
    }
    const read = await this.messages.scanUp(conversation, { afterSeq, lastSeq: headSeq }, limit);
    const rows = cutToBytes(read.rows);
    const isCut = rows.length < read.rows.length || !read.isExhausted;
    const complete = decideComplete({ afterSeq, rows: rows.map((row) => row.facts), asOfMs, isCaughtUp });
    return {
      messages: await this.visible.of(view, rows.slice(0, complete.rowsComplete)),
      completeTo: complete.completeTo,
      hasMore: isCut && complete.pendingForMs === 0,
      headSeq,
      pendingForMs: complete.pendingForMs,
    };
  }
}

function cutToBytes(rows: readonly MessageRow[]): readonly MessageRow[] {
  let bytes = 0;
  const firstTooMuch = rows.findIndex((row, index) => {
    bytes += row.bytes.length;
    return index > 0 && bytes > PAGE_BYTES_MAX;
  });
  return firstTooMuch === -1 ? rows : rows.slice(0, firstTooMuch);
}
