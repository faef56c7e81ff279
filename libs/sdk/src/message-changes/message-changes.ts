// Changes of messages, whatever brought them (push, answer to an own call, list): each is applied once, in
// order. A message that is not here yet meets its changes when it comes: see admit.
import { messagev1 } from '@parley/proto';
import type { Caller } from '../calls/caller.js';
import { CHANGE_METHOD } from '../calls/change-method.js';
import { PAGE_MAX } from '../constants/limits.js';
import { addressOnWire, C2C, type ConversationAddress } from '../messages/conversation-kind.js';
import type { MessageStore } from '../messages/message-store.js';
import { countsAsUnread, readMessage } from '../messages/read-message.js';
import type { MessageRecord } from '../model/message.js';
import type { Changes } from '../sync/changes.js';
import type { ConversationBook } from '../sync/conversation-book.js';
import type { ConversationState } from '../sync/conversation-state.js';
import type { GapAnswer } from '../sync/gap-repair.js';
import { ChangeFeed, type NumberedChange, numberedChange } from './change-feed.js';
import { KnownChanges } from './known-changes.js';
import { type MessageContent, modifiedContent, recalledContent, takeContent } from './message-content.js';

export interface MessageChangesOptions {
  readonly self: string;
  readonly caller: Caller;
  readonly book: ConversationBook;
  readonly store: MessageStore;
  readonly changes: Changes;
  /** Some changes are not here. */
  readonly onGap: (feed: ChangeFeed) => void;
  /** Only the server knows the unread count, or the last message. */
  readonly onUncertain: (address: ConversationAddress) => void;
  /** Some changes are not kept any longer: what is in memory of these conversations is to be read anew. */
  readonly onOutdated: (states: readonly ConversationState[]) => void;
}

export class MessageChanges {
  /** Of the user's own view: what the user deleted and cleared, in whatever conversation. */
  private readonly ownView = new ChangeFeed();
  private hasOwnMark = false;
  private readonly known: KnownChanges;

  constructor(private readonly options: MessageChangesOptions) {
    this.known = new KnownChanges((conversationID, seq) => this.onForgotten(conversationID, seq));
  }

  onPush(change: messagev1.MessageChange): void {
    this.offer(numberedChange(change));
  }

  /** The answer to an own call: its effect is here at once, its place in the order comes when it comes. */
  onMade(change: messagev1.MessageChange | undefined): void {
    if (change === undefined) return;
    const item = numberedChange(change, true);
    this.offer(item);
    const feed = this.feedOf(change);
    if (feed !== undefined && feed.track.watermark < item.seq) this.apply(item);
    this.options.changes.flush();
  }

  /** Number of the last change of the own view, as a list of conversations says it. */
  learnOwnView(changeSeq: number): void {
    const { track } = this.ownView;
    if (!this.hasOwnMark) track.skipTo(changeSeq);
    this.hasOwnMark = true;
    track.learnHead(changeSeq);
    if (this.ownView.isLacking) this.options.onGap(this.ownView);
  }

  /** This device begins to follow a conversation of which the server says this. */
  begin(state: ConversationState, head: messagev1.Conversation): void {
    if (head.changeSeq === 0n) return;
    state.feed.track.skipTo(Number(head.changeSeq));
    state.distrust(Number(head.headSeq));
  }

  /** What the server says of a conversation. @returns false when it was said before changes that are known here. */
  learnHead(state: ConversationState, head: messagev1.Conversation): boolean {
    const { feed } = state;
    const [changeSeq, clearedSeq] = [Number(head.changeSeq), Number(head.clearedSeq)];
    if (changeSeq < feed.track.watermark || clearedSeq < state.clearedSeq) return false;
    feed.beginsWhenHeardOf = false;
    feed.track.learnHead(changeSeq);
    if (feed.isLacking) this.options.onGap(feed);
    this.clear(state, clearedSeq);
    return true;
  }

  /** What the server says that the last message is. @returns false when it was said before the user deleted that. */
  learnLast(state: ConversationState, wire: messagev1.Message | undefined): boolean {
    const record = wire && readMessage(wire, this.options.self, state.address);
    if (record !== undefined && !this.admit(state, record)) return false;
    const held = record && (this.options.store.at(state.conversationID, record.seq) ?? record);
    if (state.learnLast(held)) this.options.changes.addConversation(state);
    return true;
  }

  /** Gives the message what is known to have changed of it. @returns false for one that the user sees no longer. */
  admit(state: ConversationState, record: MessageRecord): boolean {
    return record.seq > state.clearedSeq && this.known.meet(record);
  }

  /** Asks for what follows. @throws ChatFailure */
  async ask(feed: ChangeFeed): Promise<GapAnswer> {
    const { caller, changes } = this.options;
    const afterChangeSeq = BigInt(feed.track.watermark);
    const asked = { ...feed.where, afterChangeSeq, limit: PAGE_MAX };
    const answer = await caller.call(CHANGE_METHOD.listChanges, asked);
    const completeTo = Number(answer.completeTo);
    if (answer.expired) this.skip(feed, completeTo);
    const items = answer.changes.map((change) => numberedChange(change));
    this.show(feed.track.fill({ items, completeTo, headSeq: completeTo }));
    changes.flush();
    return { hasMore: answer.hasMore, pendingForMs: 0 };
  }

  private offer(item: NumberedChange): void {
    const feed = this.feedOf(item.change);
    if (feed === undefined) return; // a conversation that is not known: its head and history say how it is
    if (feed.beginsWhenHeardOf) feed.track.skipTo(item.seq - 1);
    feed.beginsWhenHeardOf = false;
    this.show(feed.track.offer(item));
    if (feed.isLacking) this.options.onGap(feed);
  }

  private show(items: readonly NumberedChange[]): void {
    for (const item of items) this.apply(item);
  }

  private skip(feed: ChangeFeed, completeTo: number): void {
    feed.track.skipTo(completeTo);
    const { book, onOutdated } = this.options;
    if (feed.address === undefined) {
      onOutdated([...book.all()]);
      return;
    }
    const state = book.get(feed.address.id);
    if (state === undefined) return;
    state.distrust(state.track.headSeq);
    onOutdated([state]);
  }

  private feedOf(change: messagev1.MessageChange): ChangeFeed | undefined {
    if (change.scope === messagev1.ChangeScope.USER) return this.ownView;
    return this.stateOf(change)?.feed;
  }

  private stateOf({ type, from, to }: messagev1.MessageChange): ConversationState | undefined {
    const isOfPair = type === C2C.wire;
    const peer = isOfPair && from !== this.options.self ? from : to;
    const address = addressOnWire(type, peer);
    return address && this.options.book.get(address.id);
  }

  private apply(item: NumberedChange): void {
    const { change } = item.change;
    const state = this.stateOf(item.change);
    if (state === undefined) return;
    this.options.changes.addConversation(state);
    switch (change.case) {
      case 'recall':
        for (const seq of change.value.seqs) {
          this.recall(state, Number(seq), {
            item,
            content: recalledContent(item.change, change.value.reason),
          });
        }
        return;
      case 'modify':
        if (change.value.message !== undefined) this.modify(state, change.value.message, item);
        return;
      case 'hide':
        for (const seq of change.value.seqs) this.hide(state, Number(seq));
        return;
      case 'clear':
      case 'clearConversation':
        this.clear(state, Number(change.value.upToSeq));
        return;
    }
  }

  private recall(
    state: ConversationState,
    seq: number,
    { item, content }: { item: NumberedChange; content: MessageContent },
  ): void {
    const record = this.options.store.at(state.conversationID, seq) ?? state.lastAt(seq);
    const isCounted = record === undefined || countsAsUnread(record);
    this.give(state, seq, content);
    if (!state.retract(seq, isCounted)) this.options.onUncertain(state.address);
    const isTold = !item.isMadeHere && !item.change.silent;
    if (record !== undefined && isTold) this.options.changes.addRevoked(record.message);
  }

  private modify(state: ConversationState, wire: messagev1.Message, { change }: NumberedChange): void {
    const { self, store, changes } = this.options;
    const seq = Number(wire.seq);
    this.give(state, seq, modifiedContent(wire, self, state.address));
    // What is not shown yet is told of as it is then.
    const isShown = seq <= state.track.watermark && seq > state.clearedSeq;
    if (!isShown || change.silent) return;
    const record = store.at(state.conversationID, seq) ?? state.lastAt(seq);
    changes.addModified((record ?? readMessage(wire, self, state.address)).message);
  }

  /** To the message wherever it is here, and to whatever brings it later. */
  private give(state: ConversationState, seq: number, content: MessageContent): void {
    const held = this.options.store.at(state.conversationID, seq);
    const last = state.lastAt(seq);
    if (held !== undefined) takeContent(held, content);
    if (last !== undefined && last !== held) takeContent(last, content);
    if (last !== undefined) state.showLast();
    this.known.addContent(state.conversationID, seq, content);
  }

  private hide(state: ConversationState, seq: number): void {
    const { store, onUncertain } = this.options;
    const held = store.at(state.conversationID, seq);
    if (held !== undefined) this.removeDeleted(held);
    this.known.addHidden(state.conversationID, seq);
    state.retract(seq, false);
    const isLast = state.lastAt(seq) !== undefined;
    if (isLast) state.dropLast(newestOf(store.ofConversation(state.conversationID)));
    // It will never be shown here, and may count all the same.
    if (isLast || seq > state.track.watermark) onUncertain(state.address);
  }

  private clear(state: ConversationState, upToSeq: number): void {
    const { store, changes, onUncertain } = this.options;
    if (upToSeq <= state.clearedSeq) return;
    for (const record of [...store.ofConversation(state.conversationID)]) {
      if (record.seq > 0 && record.seq <= upToSeq) this.removeDeleted(record);
    }
    if (!state.clear(upToSeq)) onUncertain(state.address);
    changes.addConversation(state);
  }

  private removeDeleted(record: MessageRecord): void {
    record.message.isDeleted = true;
    this.options.store.remove(record);
  }

  private onForgotten(conversationID: string, seq: number): void {
    const state = this.options.book.get(conversationID);
    if (state === undefined || seq <= state.track.watermark) return;
    state.distrust(seq);
    state.track.learnHead(seq);
  }
}

function newestOf(records: Iterable<MessageRecord>): MessageRecord | undefined {
  let newest: MessageRecord | undefined;
  for (const record of records) {
    const isListed = record.seq > 0 && (record.flags & messagev1.MessageFlag.NO_LAST) === 0;
    if (isListed && record.seq > (newest?.seq ?? 0)) newest = record;
  }
  return newest;
}
