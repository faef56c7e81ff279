// Receipts of single messages: left by their readers, told to their senders. They have nothing to do with unread counts.
import { messagev1 } from '@parley/proto';
import type { Caller } from '../calls/caller.js';
import { RECEIPT_METHOD } from '../calls/receipt-method.js';
import { EVENT } from '../constants/event.js';
import { RECEIPT_USERS_PAGE, RECEIPTS_MAX } from '../constants/limits.js';
import type { EventHub } from '../events/event-hub.js';
import { check } from '../groups/checks.js';
import type { MessageStore } from '../messages/message-store.js';
import { toSeconds } from '../messages/read-message.js';
import type { Message } from '../model/message.js';
import type { ReadMemberListData, ReadMemberListOptions, ReadReceiptUpdate } from '../model/receipt-sdk.js';
import { nameOf, requireMessages } from './message-name.js';

export interface ReceiptCallsOptions {
  readonly self: string;
  readonly caller: Caller;
  readonly store: MessageStore;
  readonly hub: EventHub;
}

export class ReceiptCalls {
  constructor(private readonly options: ReceiptCallsOptions) {}

  async send(messageList: Message[]): Promise<void> {
    requireMessages(messageList, RECEIPTS_MAX);
    const { self, caller, store } = this.options;
    const wanted = messageList.filter(({ from, needReadReceipt }) => needReadReceipt && from !== self);
    check(wanted.length > 0, 'none of the messages asks for a receipt');
    const names = wanted.map((message) => nameOf(message, store));
    const { type = 0, peer = '' } = names[0] ?? {};
    const seqs = names.flatMap(({ seq }) => (seq > 0n ? [seq] : []));
    const msgKeys = names.flatMap(({ msgKey }) => (msgKey === '' ? [] : [msgKey]));
    await caller.call(RECEIPT_METHOD.sendReceipts, { type, peer, seqs, msgKeys });
  }

  async list(messageList: Message[]): Promise<{ messageList: Message[] }> {
    requireMessages(messageList, RECEIPTS_MAX);
    const { caller, store } = this.options;
    const named = messageList.map((message) => ({ message, name: nameOf(message, store) }));
    const asked = named.filter(({ name }) => name.seq > 0n);
    check(asked.length > 0, 'the numbers of the messages are not known: read their history first');
    const { type = 0, peer = '' } = asked[0]?.name ?? {};
    const seqs = asked.map(({ name }) => name.seq);
    const { receipts } = await caller.call(RECEIPT_METHOD.getReceipts, { type, peer, seqs });
    for (const [at, { message }] of asked.entries()) {
      const receipt = receipts[at];
      if (receipt?.code === 0)
        message.readReceiptInfo = infoOf(receipt, message.conversationType === 'GROUP');
    }
    return { messageList };
  }

  async members(options: ReadMemberListOptions): Promise<ReadMemberListData> {
    const { message, filter = 0, cursor = '', count = RECEIPT_USERS_PAGE } = options ?? {};
    const { peer: groupId, seq } = nameOf(message, this.options.store);
    check(message.conversationType === 'GROUP', 'the message is of a group');
    const unread = filter === 1;
    const limit = Math.min(Math.max(Math.trunc(count), 1), RECEIPT_USERS_PAGE);
    const request = { groupId, seq, unread, cursor, limit };
    const { userIds, nextCursor } = await this.options.caller.call(RECEIPT_METHOD.listReceiptUsers, request);
    return {
      messageID: message.ID,
      cursor: nextCursor,
      isCompleted: nextCursor === '',
      readUserIDList: unread ? [] : userIds,
      unreadUserIDList: unread ? userIds : [],
    };
  }

  /** Counts only rise, so what comes late or twice is told at most once. */
  onNotice({ type, reader, groupId, receipts, timeMs }: messagev1.ReceiptNotice): void {
    const isGroup = type === messagev1.ConversationType.GROUP;
    const news: ReadReceiptUpdate[] = [];
    for (const receipt of receipts) {
      const message = this.options.store.find(receipt.clientMessageId)?.message;
      const info = infoOf(receipt, isGroup);
      if (message === undefined || !isNews(message, info)) continue;
      message.readReceiptInfo = info;
      const of = isGroup ? { groupID: groupId } : { userID: reader, timestamp: toSeconds(timeMs) };
      news.push({ ...of, messageID: message.ID, ...info });
    }
    if (news.length > 0) this.options.hub.emit(EVENT.MESSAGE_READ_RECEIPT_RECEIVED, news);
  }
}

const infoOf = (receipt: messagev1.Receipt, isGroup: boolean): Message['readReceiptInfo'] =>
  isGroup
    ? { readCount: receipt.readCount, unreadCount: receipt.unreadCount }
    : { isPeerRead: receipt.isPeerRead };

const isNews = ({ readReceiptInfo: had }: Message, has: Message['readReceiptInfo']): boolean =>
  (has.isPeerRead === true && had.isPeerRead !== true) || (has.readCount ?? 0) > (had.readCount ?? 0);
