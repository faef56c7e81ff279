// Everything that tells of messages comes through here, whatever brought it (push,
// answer to a send, sync), so that each is shown once and in order.
import { fromBinary } from '@bufbuild/protobuf';
import { type groupv1, type messagev1, wirev1 } from '@parley/proto';
import { EARLY_PUSHES_MAX, ONLINE_ONLY_IDS_MAX } from '../constants/limits.js';
import type { Logger } from '../events/logger.js';
import type { GroupBook } from '../groups/group-book.js';
import { isOfPlatform } from '../groups/notice-codec.js';
import type { MessageChanges } from '../message-changes/message-changes.js';
import { contentOf, takeContent } from '../message-changes/message-content.js';
import {
  addressOfMessage,
  type ConversationAddress,
  inGroup,
  LIVE_ROOMS_ID,
  parseConversationID,
} from '../messages/conversation-kind.js';
import type { MessageStore } from '../messages/message-store.js';
import { countsAsUnread, readMessage } from '../messages/read-message.js';
import { RecentIds } from '../messages/recent-ids.js';
import type { Message, MessageRecord } from '../model/message.js';
import type { Sender } from '../send/sender.js';
import type { Changes } from './changes.js';
import type { ConversationBook } from './conversation-book.js';
import type { ConversationState } from './conversation-state.js';
import type { ReadMarks } from './read-marks.js';

/** A push that the inbox itself has nothing to do with. */
export type OtherEvent = Exclude<wirev1.Push['event'], { case: 'message' | 'read' | 'group' | 'change' }>;

export interface InboxOptions {
  readonly self: string;
  readonly book: ConversationBook;
  readonly groups: GroupBook;
  readonly store: MessageStore;
  readonly sender: Sender;
  readonly readMarks: ReadMarks;
  readonly changes: Changes;
  readonly messageChanges: MessageChanges;
  readonly logger: Logger;
  /** Something below the head of this conversation is not here. */
  readonly onGap: (state: ConversationState) => void;
  /** A late message is not in the server's count. */
  readonly onUncounted: (address: ConversationAddress) => void;
  /** Ask the server about a conversation of which only a late message is known. */
  readonly onStranger: (address: ConversationAddress) => void;
  /** A message under this number was pushed in a conversation of which only the server knows where it begins. */
  readonly onUnopened: (address: ConversationAddress, seq: number) => void;
  /** A tip, or a notice of the platform, was shown. */
  readonly onNews: (message: Message) => void;
  readonly onGroupEvent: (event: groupv1.GroupEvent) => void;
  /** What is about no message's arrival: profiles, relations, receipts and the like. */
  readonly onOther: (event: OtherEvent) => void;
  /** Pushes were dropped: compare the heads again. */
  readonly onOverflow: () => void;
}

export class Inbox {
  /** Pushes from before the first conversation list; undefined afterwards. */
  private early: wirev1.Push[] | undefined = [];
  private isEarlyFull = false;
  private readonly onlineOnlyIds = new RecentIds(ONLINE_ONLY_IDS_MAX);

  constructor(private readonly options: InboxOptions) {}

  /** The lowest number that was pushed in this conversation before the first list was here. */
  earliestSeqOf({ id }: ConversationAddress): number | undefined {
    const { self } = this.options;
    const seqs = (this.early ?? []).flatMap(({ event }) =>
      event.case === 'message' && event.value.seq > 0n && addressOfMessage(event.value, self)?.id === id
        ? [Number(event.value.seq)]
        : [],
    );
    return seqs.length === 0 ? undefined : Math.min(...seqs);
  }

  /** The first conversation list is here: what was pushed before is handled now. */
  start(): void {
    const early = this.early ?? [];
    this.early = undefined;
    for (const push of early) this.handle(push);
    if (this.isEarlyFull) this.options.onOverflow();
  }

  receive(pushes: readonly Uint8Array[]): void {
    for (const bytes of pushes) {
      const push = this.decode(bytes);
      if (push === undefined) continue;
      if (this.early === undefined) this.handle(push);
      else if (this.early.length < EARLY_PUSHES_MAX) this.early.push(push);
      else this.isEarlyFull = true;
    }
    this.options.changes.flush();
  }

  /** The server stored an own message under record.seq. */
  acknowledge(record: MessageRecord): void {
    if (record.seq === 0) return;
    const address = parseConversationID(record.message.conversationID);
    if (address === undefined) return;
    const state = this.stateOf(address, record.seq);
    if (state === undefined) this.options.onUnopened(address, record.seq);
    else this.offer(state, record);
    this.options.changes.flush();
  }

  /** The server's answer about what a conversation lacks. */
  fill(state: ConversationState, answer: messagev1.SyncMessagesResponse): void {
    if (state.isClosed) return; // left while the answer was on its way
    const items = answer.messages.map((wire) =>
      this.recognise(readMessage(wire, this.options.self, state.address)),
    );
    if (items.length > 0) this.options.book.noteFill(state);
    this.show(
      state,
      state.track.fill({ items, completeTo: Number(answer.completeTo), headSeq: Number(answer.headSeq) }),
    );
    this.options.changes.flush();
  }

  private decode(bytes: Uint8Array): wirev1.Push | undefined {
    try {
      return fromBinary(wirev1.PushSchema, bytes);
    } catch {
      // The generated code can only throw. A lost push is found as a gap or by the next look at the heads.
      this.options.logger.warn('a push cannot be read', { bytes: bytes.length });
      return undefined;
    }
  }

  private handle({ event }: wirev1.Push): void {
    if (event.case === 'message') this.handleMessage(event.value);
    else if (event.case === 'read') this.options.readMarks.onNotice(event.value);
    else if (event.case === 'group') this.options.onGroupEvent(event.value);
    else if (event.case === 'change') this.options.messageChanges.onPush(event.value);
    else this.options.onOther(event);
  }

  /** Said in all live groups at once: the app sees it in each that it is in. */
  private handleBroadcast(wire: messagev1.Message): void {
    const { groups, self } = this.options;
    const [first, ...others] = groups
      .listLive()
      .map((groupID) => readMessage({ ...wire, to: groupID }, self, inGroup(groupID)));
    if (first === undefined || !this.onlineOnlyIds.add(first.message.ID)) return;
    for (const record of [first, ...others]) {
      record.message.isBroadcastMessage = true;
      this.announce(record);
    }
  }

  private handleMessage(wire: messagev1.Message): void {
    if (wire.to === LIVE_ROOMS_ID) {
      this.handleBroadcast(wire);
      return;
    }
    const address = addressOfMessage(wire, this.options.self);
    if (address === undefined) return;
    const record = readMessage(wire, this.options.self, address);
    if (record.seq === 0) {
      if (this.onlineOnlyIds.add(record.message.ID)) this.announce(record);
      return;
    }
    const state = this.stateOf(address, record.seq);
    if (state === undefined) {
      this.options.onUnopened(address, record.seq);
      return;
    }
    const isNew = record.seq > state.track.watermark;
    if (isNew && record.seq < state.track.headSeq) this.options.book.noteFill(state);
    const isLate = isNew && state.unread.covers(record.seq);
    const seen = this.recognise(record);
    if (isNew && state.isDistrusted(record.seq)) this.fetchInstead(state, record.seq);
    else this.offer(state, seen);
    if (isLate && countsAsUnread(record)) this.options.onUncounted(state.address);
  }

  private fetchInstead(state: ConversationState, seq: number): void {
    state.track.learnHead(seq);
    if (state.isLacking) this.options.onGap(state);
  }

  private announce(record: MessageRecord): void {
    this.options.changes.addReceived(record.message);
    if (isOfPlatform(record)) this.options.onNews(record.message);
  }

  /** Undefined where only the server knows where the conversation begins for this user. */
  private stateOf(address: ConversationAddress, seq: number): ConversationState | undefined {
    const { book } = this.options;
    const known = book.get(address.id);
    if (known !== undefined) return known;
    // Everybody in the community is told at once, and nobody asks.
    if (!address.kind.isListed) return this.openUnasked(address, seq);
    if (!address.kind.beginsWhenHeardOf) return undefined;
    return book.isComplete ? book.open(address, 0) : this.openAt(address, seq);
  }

  private openUnasked(address: ConversationAddress, seq: number): ConversationState {
    const state = this.options.book.open(address, seq - 1);
    state.feed.beginsWhenHeardOf = seq > 1;
    return state;
  }

  private openAt(address: ConversationAddress, seq: number): ConversationState {
    const state = this.options.book.open(address, seq - 1);
    this.options.onStranger(address);
    return state;
  }

  /** An own message whose answer was lost becomes the message that the app holds. */
  private recognise(seen: MessageRecord): MessageRecord {
    if (seen.message.flow === 'in') return seen;
    const { record, isRevived } = this.options.sender.observe(seen);
    if (record !== seen) takeContent(record, contentOf(seen));
    if (isRevived) this.options.changes.addModified(record.message);
    return record;
  }

  private offer(state: ConversationState, record: MessageRecord): void {
    this.show(state, state.track.offer(record));
    if (state.isLacking) this.options.onGap(state);
  }

  private show(state: ConversationState, records: readonly MessageRecord[]): void {
    const { store, changes, readMarks, messageChanges } = this.options;
    let hasMovedMark = false;
    for (const record of records) {
      if (!messageChanges.admit(state, record)) continue;
      const held = store.put(record);
      hasMovedMark = state.show(held) || hasMovedMark;
      if (held.isSentHere) {
        // The peer may have been faster than our answer.
        if (held.message.isPeerRead) changes.addReadByPeer([held.message]);
      } else if (state.takes(held)) this.announce(held);
    }
    if (hasMovedMark) readMarks.showOwn(state);
    if (records.length > 0) changes.addConversation(state);
  }
}
