// One conversation on this device: its public object, its order, its counts.
import type { messagev1 } from '@parley/proto';
import { UNREAD_NUMBERS_MAX, WAITING_MESSAGES_MAX } from '../constants/limits.js';
import { TYPES } from '../constants/types.js';
import { ChangeFeed } from '../message-changes/change-feed.js';
import { contentOf, takeContent } from '../message-changes/message-content.js';
import type { ConversationAddress } from '../messages/conversation-kind.js';
import { hasFlag, MessageFlag } from '../messages/message-flags.js';
import { NO_LAST_MESSAGE, toLastMessage } from '../messages/preview.js';
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
  readonly feed: ChangeFeed;
  readonly unread = new UnreadCount(UNREAD_NUMBERS_MAX);
  /** When a gap was closed here, in the count of ConversationBook.fills. */
  lastFill = 0;
  /** The user is not in it any longer: nothing is fetched for it. */
  isClosed = false;
  private readonly mentions: AtMentions;
  private peerRead = 0;
  private last: MessageRecord | undefined;
  /** The last message was deleted, and only the server knows which one is it now. */
  private isLastUnknown = false;
  private cleared = 0;
  private distrustedTo = 0;

  constructor(
    readonly address: ConversationAddress,
    watermark: number,
    self: string,
  ) {
    this.view = createConversationView(address);
    this.track = new SeqTrack(watermark, WAITING_MESSAGES_MAX);
    this.mentions = new AtMentions(self);
    this.feed = new ChangeFeed(address, this);
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

  get lastSeq(): number {
    return this.last?.seq ?? 0;
  }

  /** The user sees nothing up to here. */
  get clearedSeq(): number {
    return this.cleared;
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
  setLast(record: MessageRecord): void {
    if (record.seq <= this.lastSeq || hasFlag(record.flags, MessageFlag.NO_LAST)) return;
    this.replaceLast(record);
  }

  /** What the server says that the last message is. @returns whether that was news. */
  learnLast(record: MessageRecord | undefined): boolean {
    if (this.isLastUnknown) {
      this.replaceLast(record);
      return true;
    }
    if (this.last === undefined || this.last.seq !== record?.seq) return false;
    return takeContent(this.last, contentOf(record)) && this.showLast();
  }

  /** `instead`: the newest one that this device knows below it. */
  dropLast(instead: MessageRecord | undefined): void {
    this.replaceLast(instead);
    this.isLastUnknown = true;
  }

  /** Only the server knows whether it is still that one. */
  doubtLast(): void {
    this.isLastUnknown = true;
  }

  /** The record under this number that is the last message, be it that no history was read. */
  lastAt(seq: number): MessageRecord | undefined {
    return this.last?.seq === seq ? this.last : undefined;
  }

  showLast(): true {
    this.view.lastMessage =
      this.last === undefined ? { ...NO_LAST_MESSAGE } : toLastMessage(this.last.message);
    this.showHead();
    return true;
  }

  private replaceLast(record: MessageRecord | undefined): void {
    this.last = record;
    this.isLastUnknown = false;
    this.showLast();
  }

  /** The message counts and mentions nobody any longer. @returns false when only the server can count. */
  retract(seq: number, isCounted: boolean): boolean {
    this.mentions.drop(seq);
    const isSure = !isCounted || this.unread.retract(seq);
    this.showUnread();
    return isSure;
  }

  /** The user sees nothing up to `seq`. @returns false when only the server can count what is left. */
  clear(seq: number): boolean {
    this.cleared = seq;
    if (this.lastSeq <= seq) this.replaceLast(undefined);
    const isSure = this.unread.clear(seq);
    this.showUnread();
    return isSure;
  }

  /** Pushed messages up to here may lack changes that this device never saw: they are fetched instead. */
  distrust(seq: number): void {
    this.distrustedTo = Math.max(this.distrustedTo, seq);
    this.track.forgetUpTo(seq);
  }

  isDistrusted(seq: number): boolean {
    return seq <= this.distrustedTo;
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
    this.view.groupAtInfoList = this.mentions.above(Math.max(this.unread.readSeq, this.cleared));
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
    if (isOwnLast && this.last !== undefined && this.lastSeq <= seq) {
      this.view.lastMessage = { ...this.view.lastMessage, isPeerRead: true };
    }
    return true;
  }
}
