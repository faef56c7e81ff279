// One conversation on this device: its public object, its order, its counts.
import type { messagev1 } from '@parley/proto';
import { UNREAD_NUMBERS_MAX, WAITING_MESSAGES_MAX } from '../constants/limits.js';
import { TYPES } from '../constants/types.js';
import type { ConversationAddress } from '../messages/conversation-kind.js';
import { hasFlag, MessageFlag } from '../messages/message-flags.js';
import { toLastMessage } from '../messages/preview.js';
import { countsAsUnread, marksAsRead } from '../messages/read-message.js';
import type { Conversation, Group } from '../model/conversation.js';
import type { MessageRecord } from '../model/message.js';
import { AtMentions } from './at-mentions.js';
import { createConversationView } from './conversation-view.js';
import { SeqTrack } from './seq-track.js';
import { UnreadCount } from './unread-count.js';

export class ConversationState {
  /** The object that the app sees; stays the same, changes in place. */
  readonly view: Conversation;
  readonly track: SeqTrack<MessageRecord>;
  readonly unread = new UnreadCount(UNREAD_NUMBERS_MAX);
  /** When a gap was closed here, in the count of ConversationBook.fills. */
  lastFill = 0;
  /** The user is not in it any longer: nothing is fetched for it. */
  isClosed = false;
  private readonly mentions: AtMentions;
  private peerRead = 0;
  private lastSeq = 0;

  constructor(
    readonly address: ConversationAddress,
    watermark: number,
    self: string,
  ) {
    this.view = createConversationView(address);
    this.track = new SeqTrack(watermark, WAITING_MESSAGES_MAX);
    this.mentions = new AtMentions(self);
  }

  get conversationID(): string {
    return this.address.id;
  }

  get peer(): string {
    return this.address.peer;
  }

  get peerReadSeq(): number {
    return this.peerRead;
  }

  /** Something is missing here that may be fetched. */
  get isLacking(): boolean {
    return !this.isClosed && this.track.hasGap;
  }

  /** Whether the user wants to be told of this message. */
  takes({ message, flags }: MessageRecord): boolean {
    const isDiscarded = this.view.messageRemindType === TYPES.MSG_REMIND_DISCARD && message.flow === 'in';
    return !isDiscarded || hasFlag(flags, MessageFlag.SYSTEM);
  }

  /** Counted into the total of all conversations. */
  get isNoticed(): boolean {
    return this.view.messageRemindType === TYPES.MSG_REMIND_ACPT_AND_NOTE;
  }

  /**
   * The watermark reached this message.
   *
   * @returns whether it moved this user's own mark.
   */
  show(record: MessageRecord): boolean {
    const isReading = this.address.kind.sendingIsReading && marksAsRead(record);
    if (isReading) this.unread.sent(record.seq);
    if (countsAsUnread(record)) this.unread.arrive(record.seq);
    if (record.seq > this.unread.readSeq) this.mentions.add(record);
    this.dress(record);
    this.setLast(record);
    this.showUnread();
    return isReading;
  }

  /** The last message of a conversation that this device begins to follow. */
  introduce(record: MessageRecord): void {
    this.mentions.add(record);
    this.setLast(record);
  }

  /** Takes over what the server knows of mentions, up to its head. */
  learnMentions(headSeq: number, mentions: readonly messagev1.Mention[]): void {
    this.mentions.rebase(headSeq, mentions);
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
    this.showHead();
  }

  /** What the group's own object says of its conversation. */
  showHead(): void {
    const { groupProfile, lastMessage } = this.view;
    if (groupProfile.groupID === '') return;
    groupProfile.lastMessage = lastMessage;
    groupProfile.nextMessageSeq = this.track.headSeq + 1;
  }

  showUnread(): void {
    this.view.unreadCount = this.unread.value;
    this.view.groupAtInfoList = this.mentions.above(this.unread.readSeq);
  }

  showGroup(group: Group): void {
    this.view.groupProfile = group;
    this.view.subType = group.type;
    this.view.messageRemindType = group.selfInfo.messageRemindType ?? TYPES.MSG_REMIND_ACPT_AND_NOTE;
    this.showHead();
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
