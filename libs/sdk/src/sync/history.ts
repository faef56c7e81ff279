// Pages of older messages.
import type { Caller } from '../calls/caller.js';
import { METHOD } from '../calls/method.js';
import { PAGE_MAX, PAGE_MESSAGES_DEFAULT } from '../constants/limits.js';
import { ChatFailure, FailureCode } from '../events/failure.js';
import type { MessageChanges } from '../message-changes/message-changes.js';
import { type ConversationAddress, parseConversationID } from '../messages/conversation-kind.js';
import type { MessageStore } from '../messages/message-store.js';
import { readMessage } from '../messages/read-message.js';
import type { MessageListData, MessageListOptions } from '../model/chat-sdk.js';
import type { ConversationBook } from './conversation-book.js';
import type { ConversationState } from './conversation-state.js';
import type { GapRepair } from './gap-repair.js';
import type { HeadSync } from './head-sync.js';

export interface HistoryOptions {
  readonly self: string;
  readonly caller: Caller;
  readonly book: ConversationBook;
  readonly store: MessageStore;
  readonly heads: HeadSync;
  readonly repair: GapRepair<ConversationState>;
  readonly messageChanges: MessageChanges;
}

const CURSORS_MAX = 1_000;
/** The newest page waits this long for messages that are being fetched, ms. */
const WHOLE_WAIT_MS = 1_000;
const EMPTY_PAGE: MessageListData = { messageList: [], nextReqMessageID: '', isCompleted: true };

export class History {
  /** nextReqMessageID → the number below which its page lies. */
  private readonly cursors = new Map<string, number>();

  constructor(private readonly options: HistoryOptions) {}

  /**
   * Never goes above what was shown: a newer message is announced by its event, in its
   * place, and not by a page before it.
   */
  async page(options: MessageListOptions): Promise<MessageListData> {
    const { book, heads } = this.options;
    const address = requireConversation(options.conversationID);
    const state = book.get(address.id) ?? (await heads.refresh(address));
    if (state === undefined) return { ...EMPTY_PAGE, messageList: [] };
    const beforeSeq = await this.startOf(state, options.nextReqMessageID);
    if (beforeSeq <= 1) return { ...EMPTY_PAGE, messageList: [] };
    return this.fetch(state, beforeSeq, options.count);
  }

  private async startOf(state: ConversationState, cursor: string | undefined): Promise<number> {
    if (cursor === undefined || cursor === '') {
      await this.options.repair.untilWhole(state, WHOLE_WAIT_MS);
      return state.track.watermark + 1;
    }
    const seq = this.cursors.get(cursor) ?? this.options.store.find(cursor)?.seq;
    if (seq !== undefined && seq > 0) return seq;
    throw new ChatFailure(FailureCode.BAD_PARAMETER, 'nextReqMessageID is not one that a page gave');
  }

  private async fetch(state: ConversationState, beforeSeq: number, count?: number): Promise<MessageListData> {
    const limit = Math.min(Math.max(Math.trunc(count ?? PAGE_MESSAGES_DEFAULT), 1), PAGE_MAX);
    const page = await this.options.caller.call(METHOD.listMessages, {
      type: state.address.kind.wire,
      peer: state.peer,
      beforeSeq: BigInt(beforeSeq),
      limit,
    });
    const messageList = page.messages.flatMap((wire) => {
      const record = readMessage(wire, this.options.self, state.address);
      if (!this.options.messageChanges.admit(state, record)) return [];
      const held = this.options.store.put(record);
      state.dress(held);
      return [held.message];
    });
    const isCompleted = page.isComplete || page.nextBeforeSeq <= 1n;
    const cursor = messageList[0]?.ID ?? `${state.conversationID}#${page.nextBeforeSeq}`;
    if (!isCompleted) this.remember(cursor, Number(page.nextBeforeSeq));
    return { messageList, nextReqMessageID: isCompleted ? '' : cursor, isCompleted };
  }

  private remember(cursor: string, beforeSeq: number): void {
    this.cursors.set(cursor, beforeSeq);
    if (this.cursors.size <= CURSORS_MAX) return;
    const [oldest] = this.cursors.keys();
    if (oldest !== undefined) this.cursors.delete(oldest);
  }
}

/** @throws ChatFailure 6017 for what is no conversationID. */
export function requireConversation(conversationID: unknown): ConversationAddress {
  const address = parseConversationID(conversationID);
  if (address !== undefined) return address;
  throw new ChatFailure(
    FailureCode.BAD_PARAMETER,
    'conversationID is C2C and a UserID, or GROUP and a GroupID',
  );
}
