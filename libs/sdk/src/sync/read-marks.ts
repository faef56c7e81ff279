// What is read: by this user on any device, and by the peer.
import type { messagev1 } from '@parley/proto';
import { isMomentary } from '../calls/call-outcome.js';
import type { Caller } from '../calls/caller.js';
import { METHOD } from '../calls/method.js';
import { READ_MARK_AGAIN_MS } from '../constants/limits.js';
import { ChatFailure } from '../events/failure.js';
import type { Logger } from '../events/logger.js';
import { addressOnWire, type ConversationAddress } from '../messages/conversation-kind.js';
import type { MessageStore } from '../messages/message-store.js';
import type { Message } from '../model/message.js';
import type { Changes } from './changes.js';
import type { ConversationBook } from './conversation-book.js';
import type { ConversationState } from './conversation-state.js';

export interface ReadMarksOptions {
  readonly self: string;
  readonly caller: Caller;
  readonly book: ConversationBook;
  readonly store: MessageStore;
  readonly changes: Changes;
  readonly logger: Logger;
  /** Only the server knows the mark, or can count above it. */
  readonly onUncounted: (address: ConversationAddress) => void;
}

export class ReadMarks {
  /** Conversations whose mark is told again. */
  private readonly again = new Set<string>();

  constructor(private readonly options: ReadMarksOptions) {}

  /** Marks everything shown as read, here and on the server. */
  async markShown(state: ConversationState): Promise<void> {
    const seq = state.track.watermark;
    if (seq <= state.unread.readSeq) return;
    const asked = { type: state.address.kind.wire, peer: state.peer, readSeq: BigInt(seq) };
    const response = await this.options.caller.call(METHOD.markRead, asked).catch((thrown: unknown) => {
      // The mark may have moved all the same, and the server tells that to every device but this one.
      this.options.onUncounted(state.address);
      if (thrown instanceof ChatFailure && isMomentary(thrown)) void this.tellAgain(state);
      throw thrown;
    });
    // What the server says counts, for that is what the other devices hear.
    this.moveOwn(state, Number(response.readSeq));
    this.options.changes.flush();
  }

  onNotice(notice: messagev1.ReadNotice): void {
    const isOwn = notice.user === this.options.self;
    const address = addressOnWire(notice.type, isOwn ? notice.peer : notice.user);
    const state = address && this.options.book.get(address.id);
    if (state === undefined) return; // a conversation that is not known has nothing to mark; its head brings the marks
    if (isOwn) this.moveOwn(state, Number(notice.readSeq));
    else this.movePeer(state, Number(notice.readSeq), Number(notice.readMessageTimeMs));
  }

  /** The server may have died between the mark and the notice: then the other devices know nothing of it. */
  private async tellAgain(state: ConversationState): Promise<void> {
    const { conversationID, address, peer } = state;
    if (this.again.has(conversationID)) return;
    this.again.add(conversationID);
    const asked = { type: address.kind.wire, peer, readSeq: BigInt(state.track.watermark) };
    await this.options.caller.again(METHOD.markRead, asked, READ_MARK_AGAIN_MS).then(
      ({ readSeq }) => this.moveOwn(state, Number(readSeq)),
      ({ code }: ChatFailure) =>
        this.options.logger.info('a read mark was not told', { conversationID, code }),
    );
    this.again.delete(conversationID);
    this.options.changes.flush();
  }

  moveOwn(state: ConversationState, seq: number): void {
    if (seq <= state.unread.readSeq) return;
    if (!state.unread.read(seq)) {
      this.options.onUncounted(state.address);
      return;
    }
    this.showOwn(state);
  }

  /** Tells the messages and the conversation what the counts say. */
  showOwn(state: ConversationState): void {
    for (const record of this.options.store.ofConversation(state.conversationID)) state.dress(record);
    state.showUnread();
    this.options.changes.addConversation(state);
  }

  movePeer(state: ConversationState, seq: number, timeMs: number): void {
    if (!state.movePeerMark(seq, timeMs)) return;
    const read: Message[] = [];
    for (const record of this.options.store.ofConversation(state.conversationID)) {
      const { message } = record;
      if (message.flow === 'in' || message.isPeerRead || record.seq === 0) continue;
      state.dress(record);
      if (message.isPeerRead) read.push(message);
    }
    this.options.changes.addReadByPeer(read);
    this.options.changes.addConversation(state);
  }
}
