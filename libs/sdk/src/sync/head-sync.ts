// Compares the heads of all conversations with what this device has: after a login,
// after every reconnect, when the server asks for it, and now and then. Asks about single conversations in
// between, for as long as it takes: what a read mark changed may be in no later list.
import { messagev1 } from '@parley/proto';
import type { Caller } from '../calls/caller.js';
import { METHOD } from '../calls/method.js';
import { repeatPasses } from '../connection/repeat-passes.js';
import {
  CONVERSATION_PAGES_MAX,
  HEAD_CHECK_INTERVAL_MS,
  HEAD_OVERLAP_MS,
  PAGE_MAX,
} from '../constants/limits.js';
import { ChatFailure, isExclusion } from '../events/failure.js';
import type { Logger } from '../events/logger.js';
import { fromRemindType } from '../groups/group-view.js';
import type { MessageChanges } from '../message-changes/message-changes.js';
import { addressOnWire, type ConversationAddress } from '../messages/conversation-kind.js';
import { readMessage } from '../messages/read-message.js';
import type { CancelTimer, SharedTimer } from '../time/shared-timer.js';
import type { Changes } from './changes.js';
import type { ConversationBook } from './conversation-book.js';
import type { ConversationState } from './conversation-state.js';
import type { Inbox } from './inbox.js';
import type { ReadMarks } from './read-marks.js';

export interface HeadSyncOptions {
  readonly self: string;
  readonly caller: Caller;
  readonly timer: SharedTimer;
  readonly random: () => number;
  readonly logger: Logger;
  readonly book: ConversationBook;
  readonly inbox: Inbox;
  readonly readMarks: ReadMarks;
  readonly changes: Changes;
  readonly messageChanges: MessageChanges;
  readonly onGap: (state: ConversationState) => void;
  /** Reads the groups that the user is in; false when it failed for the moment. */
  readonly listGroups: () => Promise<boolean>;
  /** The same of topics, which are in no list of conversations: with what is said in them alone, or with themselves too. */
  readonly followTopics: (areTopicsWanted: boolean) => Promise<boolean>;
  /** Called once, after the first whole list. */
  readonly onFirst: () => void;
}

const { GROUP } = messagev1.ConversationType;
const REFRESHES_AT_ONCE = 8;

export class HeadSync {
  private isRunning = false;
  private isWanted = false;
  /** Whether the groups are to be listed anew: not at every look, for notices and heads tell of them too. */
  private areGroupsWanted = true;
  private isFirst = true;
  private isOver = false;
  private syncedAtMs = 0;
  private cancelCheck: CancelTimer = () => undefined;
  private readonly refreshing = new Map<string, Promise<ConversationState | undefined>>();
  /** Conversations of which something is known to be out of date, by id. */
  private readonly stale = new Map<string, ConversationAddress>();

  constructor(private readonly options: HeadSyncOptions) {}

  /** Compares now; when that is happening already, once more afterwards. */
  run(): void {
    this.areGroupsWanted = true;
    this.look();
  }

  private look(): void {
    this.isWanted = true;
    if (!this.isRunning) void this.loop();
  }

  stop(): void {
    this.isOver = true;
    this.cancelCheck();
  }

  /**
   * Asks about one conversation.
   *
   * @returns its state; undefined when there is no such conversation.
   * @throws ChatFailure
   */
  refresh(address: ConversationAddress): Promise<ConversationState | undefined> {
    const running = this.refreshing.get(address.id);
    if (running !== undefined) return running;
    const refresh = this.fetchOne(address).finally(() => this.refreshing.delete(address.id));
    this.refreshing.set(address.id, refresh);
    return refresh;
  }

  /** The same in the background, by a question that begins from now on, until it is answered. */
  refreshSoon(address: ConversationAddress): void {
    this.stale.set(address.id, address);
    if (!this.isRunning) void this.loop();
  }

  /** Opens a conversation of which only that this number exists is known, and fetches what it lacks up to there. */
  async openUpTo(address: ConversationAddress, seq: number): Promise<void> {
    try {
      const state = await this.refresh(address);
      if (state === undefined) return;
      state.track.learnHead(seq);
      if (state.isLacking) this.options.onGap(state);
    } catch (thrown) {
      if (!(thrown instanceof ChatFailure)) throw thrown;
      this.options.logger.info('a conversation could not be opened', { code: thrown.code });
    }
  }

  private async loop(): Promise<void> {
    this.isRunning = true;
    const { timer, random } = this.options;
    const isWanted = (): boolean => (this.isWanted || this.stale.size > 0) && !this.isOver;
    const pass = async (): Promise<boolean> =>
      (!this.isWanted || (await this.pass())) && (await this.refreshStale());
    await repeatPasses({ isWanted, pass, timer, random });
    this.isRunning = false;
    this.planCheck();
  }

  private async pass(): Promise<boolean> {
    this.isWanted = false;
    const areTopicsWanted = this.areGroupsWanted;
    // Groups first, so that a conversation finds its group.
    const hasGroups = await this.passGroups();
    if (this.isOver) return true;
    if (!(await this.hasAnswer(this.listAll()))) {
      this.isWanted = true;
      return false;
    }
    if (this.isFirst) {
      this.isFirst = false;
      this.options.onFirst();
    }
    this.options.changes.flush();
    const hasTopics = await this.options.followTopics(areTopicsWanted);
    if (!hasTopics && areTopicsWanted) this.areGroupsWanted = true;
    if (hasGroups && hasTopics) return true;
    this.isWanted = true;
    return false;
  }

  /** False: some are still out of date, be it that the server did not answer or that it knew no better. */
  private async refreshStale(): Promise<boolean> {
    const addresses = [...this.stale.values()].slice(0, REFRESHES_AT_ONCE);
    for (const { id } of addresses) this.stale.delete(id);
    const isAnswered = await Promise.all(addresses.map((one) => this.hasAnswer(this.fetchOne(one))));
    for (const [at, address] of addresses.entries()) {
      if (isAnswered[at] !== true) this.stale.set(address.id, address);
    }
    return !addresses.some(({ id }) => this.stale.has(id));
  }

  private async hasAnswer(question: Promise<unknown>): Promise<boolean> {
    try {
      await question;
      return true;
    } catch (thrown) {
      if (!(thrown instanceof ChatFailure)) throw thrown;
      this.options.logger.info('head sync failed', { code: thrown.code });
      // Who is not in the group any longer has his answer.
      return isExclusion(thrown);
    }
  }

  private async passGroups(): Promise<boolean> {
    if (!this.areGroupsWanted) return true;
    this.areGroupsWanted = false;
    const isDone = await this.options.listGroups();
    if (!isDone) this.areGroupsWanted = true;
    return isDone;
  }

  private async listAll(): Promise<void> {
    const changedAfterMs = BigInt(Math.max(0, this.syncedAtMs - HEAD_OVERLAP_MS));
    let cursor = '';
    let startedAtMs = 0;
    for (let page = 0; page < CONVERSATION_PAGES_MAX; page++) {
      const { fills } = this.options.book;
      const list = await this.options.caller.call(METHOD.listConversations, {
        cursor,
        limit: PAGE_MAX,
        changedAfterMs,
      });
      if (this.isOver) return;
      if (page === 0) {
        startedAtMs = Number(list.serverTimeMs);
        this.options.messageChanges.learnOwnView(Number(list.userChangeSeq));
      }
      for (const conversation of list.conversations) this.apply(conversation, fills);
      cursor = list.nextCursor;
      if (cursor === '') break;
    }
    if (this.isFirst) this.options.book.isComplete = cursor === '';
    if (cursor === '') this.syncedAtMs = startedAtMs;
  }

  private async fetchOne({ kind, peer }: ConversationAddress): Promise<ConversationState | undefined> {
    const { fills } = this.options.book;
    const { conversation } = await this.options.caller.call(METHOD.getConversation, {
      type: kind.wire,
      peer,
    });
    if (conversation === undefined) return undefined;
    const state = this.apply(conversation, fills);
    this.options.changes.flush();
    return state;
  }

  /** `fills` is the book's count as it stood when the server was asked. */
  apply(conversation: messagev1.Conversation, fills: number): ConversationState | undefined {
    const address = addressOnWire(conversation.type, conversation.peer);
    if (address === undefined) return undefined;
    const { book, readMarks, messageChanges } = this.options;
    const state = book.get(address.id) ?? this.openState(address, conversation);
    const headSeq = Number(conversation.headSeq);
    state.track.learnHead(headSeq);
    const readSeq = Number(conversation.readSeq);
    const isCurrent = messageChanges.learnHead(state, conversation);
    if (isCurrent) state.learnMentions(headSeq, conversation.mentions);
    const unread = Number(conversation.unreadCount);
    if (isCurrent && state.unread.rebase({ headSeq, readSeq, unread })) readMarks.showOwn(state);
    else this.refreshSoon(address);
    if (isCurrent && !messageChanges.learnLast(state, conversation.lastMessage)) this.refreshSoon(address);
    // What came late meanwhile may be missing in this count, although it lies below this head.
    if (state.lastFill > fills) this.refreshSoon(address);
    if (conversation.type !== GROUP)
      state.view.messageRemindType = fromRemindType(conversation.receiveOption);
    readMarks.movePeer(state, Number(conversation.peerReadSeq), Number(conversation.peerReadMessageTimeMs));
    state.showHead();
    if (state.isLacking) this.options.onGap(state);
    return state;
  }

  /** Where this device begins in a conversation that it did not know. */
  private openState(address: ConversationAddress, conversation: messagev1.Conversation): ConversationState {
    const { book, inbox, self, messageChanges } = this.options;
    const headSeq = Number(conversation.headSeq);
    const earliest = inbox.earliestSeqOf(address) ?? headSeq + 1;
    // After the first list an unknown conversation began while this device was away: all of it is new. In a group
    // that is all since the user came in.
    const isNew = !this.isFirst && book.isComplete && address.kind.isListed;
    const newAfter = address.kind.beginsWhenHeardOf ? 0 : Math.min(headSeq, Number(conversation.openedSeq));
    const state = book.open(address, isNew ? newAfter : Math.min(headSeq, earliest - 1));
    messageChanges.begin(state, conversation);
    if (!isNew && conversation.lastMessage !== undefined) {
      state.introduce(readMessage(conversation.lastMessage, self, address));
    }
    return state;
  }

  private planCheck(): void {
    if (this.isOver) return;
    this.cancelCheck();
    const delayMs = HEAD_CHECK_INTERVAL_MS * (0.75 + this.options.random() / 2);
    this.cancelCheck = this.options.timer.after(delayMs, () => this.look());
  }
}
