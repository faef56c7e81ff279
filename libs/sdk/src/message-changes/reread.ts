// Reads the messages in memory of a conversation anew, after changes that nobody can list any longer.
import type { Caller } from '../calls/caller.js';
import { METHOD } from '../calls/method.js';
import { decideBackoffMs } from '../connection/backoff.js';
import { PAGE_MAX, REREAD_ATTEMPTS_MAX, REREAD_PAGES_MAX } from '../constants/limits.js';
import { ChatFailure } from '../events/failure.js';
import type { ConversationAddress } from '../messages/conversation-kind.js';
import type { MessageStore } from '../messages/message-store.js';
import { readMessage } from '../messages/read-message.js';
import type { MessageRecord } from '../model/message.js';
import type { Changes } from '../sync/changes.js';
import type { ConversationState } from '../sync/conversation-state.js';
import type { SharedTimer } from '../time/shared-timer.js';
import { contentOf, takeContent } from './message-content.js';

export interface RereadOptions {
  readonly self: string;
  readonly caller: Caller;
  readonly store: MessageStore;
  readonly changes: Changes;
  readonly timer: SharedTimer;
  readonly random: () => number;
  readonly onUncertain: (address: ConversationAddress) => void;
}

export class Reread {
  private readonly queue = new Set<ConversationState>();
  private isRunning = false;

  constructor(private readonly options: RereadOptions) {}

  /** In the background, one conversation after the other. */
  request(states: readonly ConversationState[]): void {
    for (const state of states) this.queue.add(state);
    if (!this.isRunning) void this.run();
  }

  private async run(): Promise<void> {
    this.isRunning = true;
    for (const state of this.queue) {
      // A request that comes from now on is one more.
      this.queue.delete(state);
      await this.refresh(state);
    }
    this.isRunning = false;
  }

  private async refresh(state: ConversationState): Promise<void> {
    const { onUncertain, timer, random, changes } = this.options;
    let left = this.loaded(state);
    for (let failures = 0; left.length > 0 && failures < REREAD_ATTEMPTS_MAX && !state.isClosed; ) {
      try {
        left = await this.readPages(state, left);
        break;
      } catch (thrown) {
        if (!(thrown instanceof ChatFailure)) throw thrown;
        await timer.sleep(decideBackoffMs({ failures, retryAfterMs: 0, chance: random() }));
        failures += 1;
      }
    }
    for (const record of left) this.options.store.remove(record);
    state.doubtLast();
    onUncertain(state.address);
    changes.flush();
  }

  private loaded({ conversationID }: ConversationState): MessageRecord[] {
    const records = [...this.options.store.ofConversation(conversationID)].filter(({ seq }) => seq > 0);
    return records.sort((a, b) => b.seq - a.seq);
  }

  /** @returns what lies below the last page, unread. @throws ChatFailure */
  private async readPages(state: ConversationState, loaded: MessageRecord[]): Promise<MessageRecord[]> {
    let left = loaded;
    for (let pages = 0; pages < REREAD_PAGES_MAX && left[0] !== undefined; pages++) {
      const page = await this.options.caller.call(METHOD.listMessages, {
        type: state.address.kind.wire,
        peer: state.peer,
        beforeSeq: BigInt(left[0].seq + 1),
        limit: PAGE_MAX,
      });
      const lowest = page.isComplete ? 0 : Number(page.nextBeforeSeq);
      const read = page.messages.map((wire) => readMessage(wire, this.options.self, state.address));
      this.compare(state, {
        loaded: left.filter(({ seq }) => seq >= lowest),
        read,
      });
      left = left.filter(({ seq }) => seq < lowest);
    }
    return left;
  }

  private compare(
    state: ConversationState,
    { loaded, read }: Readonly<Record<'loaded' | 'read', readonly MessageRecord[]>>,
  ): void {
    const { store, changes } = this.options;
    const bySeq = new Map(read.map((record) => [record.seq, record]));
    for (const record of loaded) {
      const { message, seq } = record;
      const now = bySeq.get(seq);
      if (now === undefined) {
        message.isDeleted = true;
        store.remove(record);
        if (state.lastAt(seq) !== undefined) state.dropLast(undefined);
        changes.addConversation(state);
      } else if (takeContent(record, contentOf(now))) {
        if (message.isRevoked) changes.addRevoked(message);
        else changes.addModified(message);
        changes.addConversation(state);
      }
    }
  }
}
