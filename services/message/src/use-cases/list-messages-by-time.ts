// ListMessagesByTime: history between two times as one user sees it, from new to old, for REST.
import { ChatError, type UserId } from '@parley/kernel';
import type { Codes } from '../domain/codes.js';
import type { PairConversation } from '../domain/conversation.js';
import { PAGE_BYTES_MAX } from '../domain/limits.js';
import { type MsgKey, parseMsgKey } from '../domain/msg-key.js';
import type { ConversationReader } from '../reading/conversation-reader.js';
import type { TimeOrder } from '../reading/time-order.js';
import type { VisibleRows } from '../reading/visible-rows.js';
import type { MessageRow } from '../stores/message-store.js';
import type { UserConversationStore } from '../stores/user-conversation-store.js';

export interface TimePage {
  /** Ascending by time. */
  readonly messages: readonly MessageRow[];
  readonly isComplete: boolean;
  readonly peerReadSeq: bigint;
}

export interface ListMessagesByTimeQuery {
  readonly conversation: PairConversation;
  readonly user: UserId;
  readonly peer: UserId;
  /** Seconds, both inclusive. */
  readonly minTimeS: number;
  readonly maxTimeS: number;
  readonly limit: number;
  /** Continue below this message; empty: from the newest end. */
  readonly lastMsgKey: string;
  /** Bytes of the messages together; 0: PAGE_BYTES_MAX. At least one message is given. */
  readonly bytesMax: number;
  readonly codes: Codes;
}

export class ListMessagesByTime {
  constructor(
    private readonly reader: ConversationReader,
    private readonly order: TimeOrder,
    private readonly users: UserConversationStore,
    private readonly visible: VisibleRows,
  ) {}

  /** @throws ChatError when lastMsgKey is no MsgKey. */
  async run(query: ListMessagesByTimeQuery): Promise<TimePage> {
    const { conversation, user } = query;
    const after = query.lastMsgKey === '' ? undefined : parseMsgKey(query.lastMsgKey);
    if (query.lastMsgKey !== '' && after === undefined) {
      throw new ChatError(query.codes.messageKeyInvalid, 'LastMsgKey is no MsgKey');
    }
    const { head } = await this.reader.head(conversation);
    if (head === undefined) return { messages: [], isComplete: true, peerReadSeq: 0n };
    const maxTimeS = Math.min(query.maxTimeS, after?.timeS ?? query.maxTimeS);
    const range = { minTimeMs: query.minTimeS * 1_000, maxTimeMs: maxTimeS * 1_000 + 999 };
    const rows = this.order.descending(conversation, head, range);
    const page = new TimePageBuilder(query.limit, Math.min(query.bytesMax || PAGE_BYTES_MAX, PAGE_BYTES_MAX));
    let isComplete = true;
    const view = await this.visible.narrow({ conversation, user, fromSeq: 0n }, head);
    for await (const row of after === undefined ? rows : below(rows, after, query.limit)) {
      if ((await this.visible.of(view, [row])).length === 0) continue;
      if (page.take(row)) continue;
      isComplete = false;
      break;
    }
    const mark = await this.users.mark(conversation, query.peer);
    return { messages: page.build(), isComplete, peerReadSeq: mark.readSeq };
  }
}

/**
 * The rows below the message of the key; the rows begin with its second. When the message is not
 * there, everything from its second on: rather once more than never.
 */
async function* below(
  rows: AsyncIterable<MessageRow>,
  key: MsgKey,
  limit: number,
): AsyncGenerator<MessageRow> {
  let held: MessageRow[] | undefined = [];
  for await (const row of rows) {
    if (held === undefined) {
      yield row;
      continue;
    }
    const { facts } = row;
    if (Math.floor(facts.timeMs / 1_000) !== key.timeS) {
      yield* held;
      held = undefined;
      yield row;
    } else if (facts.msgSeq === key.msgSeq && facts.random === key.random) {
      held = undefined;
    } else if (held.length <= limit) {
      held.push(row);
    }
  }
  if (held !== undefined) yield* held;
}

class TimePageBuilder {
  readonly #rows: MessageRow[] = [];
  #bytes = 0;

  constructor(
    private readonly limit: number,
    private readonly bytesMax: number,
  ) {}

  /** Answers whether the row still fits. */
  take(row: MessageRow): boolean {
    if (this.#rows.length >= this.limit) return false;
    if (this.#rows.length > 0 && this.#bytes + row.bytes.length > this.bytesMax) return false;
    this.#rows.push(row);
    this.#bytes += row.bytes.length;
    return true;
  }

  build(): MessageRow[] {
    return this.#rows.reverse();
  }
}
