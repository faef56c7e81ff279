// ListMessages: history as one user sees it, a page at a time, from new to old.
import { PAGE_BYTES_MAX } from '../domain/limits.js';
import type { ConversationReader } from '../reading/conversation-reader.js';
import type { View } from '../reading/view.js';
import type { VisibleRows } from '../reading/visible-rows.js';
import type { MessageRow, MessageStore } from '../stores/message-store.js';

/** Reads for one page at most: only messages that the user may not see need more than one. */
const READS_MAX = 5;

export interface MessagePage {
  /** Ascending by number. */
  readonly messages: readonly MessageRow[];
  readonly isComplete: boolean;
  /** Where the next older page begins, exclusive. */
  readonly nextBeforeSeq: bigint;
}

export interface ListMessagesQuery {
  readonly view: View;
  /** Exclusive; 0n: the newest end. */
  readonly beforeSeq: bigint;
  readonly limit: number;
}

export class ListMessages {
  constructor(
    private readonly reader: ConversationReader,
    private readonly messages: MessageStore,
    private readonly visible: VisibleRows,
  ) {}

  async run(query: ListMessagesQuery): Promise<MessagePage> {
    const { beforeSeq, limit } = query;
    const { conversation } = query.view;
    const { head } = await this.reader.head(conversation);
    if (head === undefined) return { messages: [], isComplete: true, nextBeforeSeq: 0n };
    const view = await this.visible.narrow(query.view, head);
    const top = head.seq + 1n;
    const page = new PageBuilder(limit, beforeSeq === 0n || beforeSeq > top ? top : beforeSeq);
    for (let reads = 0; reads < READS_MAX; reads++) {
      // One more than fits tells whether there is more.
      const read = await this.messages.scanDown(conversation, page.belowSeq, limit - page.size + 1);
      const shown = new Set(await this.visible.of(view, read.rows));
      const isAllTaken = page.take(read.rows, shown);
      if (!isAllTaken) return page.build(false);
      if (read.isExhausted || page.belowSeq <= view.fromSeq) return page.build(true);
    }
    return page.build(false);
  }
}

class PageBuilder {
  readonly #rows: MessageRow[] = [];
  #bytes = 0;

  constructor(
    private readonly limit: number,
    public belowSeq: bigint,
  ) {}

  get size(): number {
    return this.#rows.length;
  }

  /** Takes rows from new to old until the page is full; answers whether it took all. */
  take(rows: readonly MessageRow[], shown: ReadonlySet<MessageRow>): boolean {
    for (const row of rows) {
      if (shown.has(row)) {
        const isFull = this.#rows.length > 0 && this.#bytes + row.bytes.length > PAGE_BYTES_MAX;
        if (this.#rows.length >= this.limit || isFull) return false;
        this.#rows.push(row);
        this.#bytes += row.bytes.length;
      }
      this.belowSeq = row.facts.seq;
    }
    return true;
  }

  build(isComplete: boolean): MessagePage {
    return { messages: this.#rows.reverse(), isComplete, nextBeforeSeq: this.belowSeq };
  }
}
