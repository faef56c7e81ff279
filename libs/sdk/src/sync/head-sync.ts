// Compares the heads of all conversations with what this device has: after a login,
// after every reconnect, when the server asks for it, and now and then. Asks about single conversations in
// between, for as long as it takes: what a read mark changed may be in no later list.
import { messagev1 } from '@parley/proto';
import type { Caller } from '../calls/caller.js';
import { METHOD } from '../calls/method.js';
import { decideBackoffMs } from '../connection/backoff.js';
import {
  CONVERSATION_PAGES_MAX,
  HEAD_CHECK_INTERVAL_MS,
  HEAD_OVERLAP_MS,
  PAGE_MAX,
} from '../constants/limits.js';
import { ChatFailure } from '../events/failure.js';
import type { Logger } from '../events/logger.js';
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
  readonly onGap: (state: ConversationState) => void;
  /** Called once, after the first whole list. */
  readonly onFirst: () => void;
}

const REFRESHES_AT_ONCE = 8;

export class HeadSync {
  private isRunning = false;
  private isWanted = false;
  private isFirst = true;
  private isOver = false;
  private syncedAtMs = 0;
  private cancelCheck: CancelTimer = () => undefined;
  private readonly refreshing = new Map<string, Promise<ConversationState | undefined>>();
  /** Peers with whom something is known to be out of date. */
  private readonly stale = new Set<string>();

  constructor(private readonly options: HeadSyncOptions) {}

  /** Compares now; when that is happening already, once more afterwards. */
  run(): void {
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
  refresh(peer: string): Promise<ConversationState | undefined> {
    const running = this.refreshing.get(peer);
    if (running !== undefined) return running;
    const refresh = this.fetchOne(peer).finally(() => this.refreshing.delete(peer));
    this.refreshing.set(peer, refresh);
    return refresh;
  }

  /** The same in the background, by a question that begins from now on, until it is answered. */
  refreshSoon(peer: string): void {
    this.stale.add(peer);
    if (!this.isRunning) void this.loop();
  }

  private async loop(): Promise<void> {
    this.isRunning = true;
    for (let failures = 0; (this.isWanted || this.stale.size > 0) && !this.isOver; ) {
      if ((!this.isWanted || (await this.pass())) && (await this.refreshStale())) {
        failures = 0;
        continue;
      }
      const chance = this.options.random();
      await this.options.timer.sleep(decideBackoffMs({ failures, retryAfterMs: 0, chance }));
      failures += 1;
    }
    this.isRunning = false;
    this.planCheck();
  }

  private async pass(): Promise<boolean> {
    this.isWanted = false;
    if (!(await this.hasAnswer(this.listAll()))) {
      this.isWanted = true;
      return false;
    }
    if (this.isFirst) {
      this.isFirst = false;
      this.options.onFirst();
    }
    this.options.changes.flush();
    return true;
  }

  /** False: some are still out of date, be it that the server did not answer or that it knew no better. */
  private async refreshStale(): Promise<boolean> {
    const peers = [...this.stale].slice(0, REFRESHES_AT_ONCE);
    for (const peer of peers) this.stale.delete(peer);
    const isAnswered = await Promise.all(peers.map((peer) => this.hasAnswer(this.fetchOne(peer))));
    for (const [at, peer] of peers.entries()) if (isAnswered[at] !== true) this.stale.add(peer);
    return !peers.some((peer) => this.stale.has(peer));
  }

  private async hasAnswer(question: Promise<unknown>): Promise<boolean> {
    try {
      await question;
      return true;
    } catch (thrown) {
      if (!(thrown instanceof ChatFailure)) throw thrown;
      this.options.logger.info('head sync failed', { code: thrown.code });
      return false;
    }
  }

  private async listAll(): Promise<void> {
    const changedAfterMs = BigInt(Math.max(0, this.syncedAtMs - HEAD_OVERLAP_MS));
    let cursor = '';
    let startedAtMs = 0;
    for (let page = 0; page < CONVERSATION_PAGES_MAX; page++) {
      const list = await this.options.caller.call(METHOD.listConversations, {
        cursor,
        limit: PAGE_MAX,
        changedAfterMs,
      });
      if (this.isOver) return;
      if (page === 0) startedAtMs = Number(list.serverTimeMs);
      for (const conversation of list.conversations) this.apply(conversation);
      cursor = list.nextCursor;
      if (cursor === '') break;
    }
    if (this.isFirst) this.options.book.isComplete = cursor === '';
    if (cursor === '') this.syncedAtMs = startedAtMs;
  }

  private async fetchOne(peer: string): Promise<ConversationState | undefined> {
    const type = messagev1.ConversationType.C2C;
    const { conversation } = await this.options.caller.call(METHOD.getConversation, { type, peer });
    if (conversation === undefined) return undefined;
    const state = this.apply(conversation);
    this.options.changes.flush();
    return state;
  }

  private apply(conversation: messagev1.Conversation): ConversationState | undefined {
    if (conversation.type !== messagev1.ConversationType.C2C) return undefined;
    const { book, readMarks } = this.options;
    const state = book.ofPeer(conversation.peer) ?? this.openState(conversation);
    const headSeq = Number(conversation.headSeq);
    state.track.learnHead(headSeq);
    const readSeq = Number(conversation.readSeq);
    if (state.unread.rebase({ headSeq, readSeq, unread: Number(conversation.unreadCount) })) {
      readMarks.showOwn(state);
    } else {
      this.refreshSoon(conversation.peer);
    }
    readMarks.movePeer(state, Number(conversation.peerReadSeq), Number(conversation.peerReadMessageTimeMs));
    if (state.track.hasGap) this.options.onGap(state);
    return state;
  }

  /** Where this device begins in a conversation that it did not know. */
  private openState(conversation: messagev1.Conversation): ConversationState {
    const { book, inbox, self } = this.options;
    const headSeq = Number(conversation.headSeq);
    const earliest = inbox.earliestSeqOf(conversation.peer) ?? headSeq + 1;
    // After the first list an unknown conversation began while this device was away: all of it is new.
    const isNew = !this.isFirst && book.isComplete;
    const state = book.open(conversation.peer, isNew ? 0 : Math.min(headSeq, earliest - 1));
    if (!isNew && conversation.lastMessage !== undefined) {
      const last = readMessage(conversation.lastMessage, self);
      state.setLast(last);
    }
    return state;
  }

  private planCheck(): void {
    if (this.isOver) return;
    this.cancelCheck();
    const delayMs = HEAD_CHECK_INTERVAL_MS * (0.75 + this.options.random() / 2);
    this.cancelCheck = this.options.timer.after(delayMs, () => this.run());
  }
}
