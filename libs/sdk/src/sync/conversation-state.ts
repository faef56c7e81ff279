// One conversation on this device: its public object, its order, its counts.
import { UNREAD_NUMBERS_MAX, WAITING_MESSAGES_MAX } from '../constants/limits.js';
import { toLastMessage } from '../messages/preview.js';
import { countsAsUnread, hasFlag, MessageFlag } from '../messages/read-message.js';
import type { Conversation } from '../model/conversation.js';
import type { MessageRecord } from '../model/message.js';
import { createConversationView } from './conversation-view.js';
import { SeqTrack } from './seq-track.js';
import { UnreadCount } from './unread-count.js';

export class ConversationState {
  /** The object that the app sees; stays the same, changes in place. */
  readonly view: Conversation;
  readonly track: SeqTrack<MessageRecord>;
  readonly unread = new UnreadCount(UNREAD_NUMBERS_MAX);
  private peerRead = 0;
  private lastSeq = 0;

  constructor(
    readonly peer: string,
    watermark: number,
  ) {
    this.view = createConversationView(peer);
    this.track = new SeqTrack(watermark, WAITING_MESSAGES_MAX);
  }

  get conversationID(): string {
    return this.view.conversationID;
  }

  get peerReadSeq(): number {
    return this.peerRead;
  }

  /** The watermark reached this message. */
  show(record: MessageRecord): void {
    if (countsAsUnread(record)) this.unread.arrive(record.seq);
    this.dress(record);
    this.setLast(record);
    this.showUnread();
  }

  /** Sets what the read marks say about a message. */
  dress({ message, seq }: MessageRecord): void {
    if (message.flow === 'in') message.isRead = seq <= this.unread.readSeq;
    else message.isPeerRead = seq <= this.peerRead;
  }

  /** Makes it the last message unless a newer one is, or it is not meant to be. */
  setLast({ message, seq, flags }: MessageRecord): void {
    if (seq <= this.lastSeq || hasFlag(flags, MessageFlag.NO_LAST)) return;
    this.lastSeq = seq;
    this.view.lastMessage = toLastMessage(message);
  }

  showUnread(): void {
    this.view.unreadCount = this.unread.value;
  }

  /** @returns false when the peer's mark is not newer than the known one. */
  movePeerMark(seq: number, timeMs: number): boolean {
    if (seq <= this.peerRead) return false;
    this.peerRead = seq;
    this.view.peerReadTime = Math.floor(timeMs / 1000);
    const isOwnLast = this.view.lastMessage.fromAccount !== this.peer;
    if (isOwnLast && this.lastSeq > 0 && this.lastSeq <= seq) {
      this.view.lastMessage = { ...this.view.lastMessage, isPeerRead: true };
    }
    return true;
  }
}
