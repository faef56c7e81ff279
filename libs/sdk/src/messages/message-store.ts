// The messages that this instance has seen, in memory, bounded.
import { contentOf, takeContent } from '../message-changes/message-content.js';
import type { MessageRecord } from '../model/message.js';

/** Keeps at most `max` messages; the ones that came first leave first. */
export class MessageStore {
  private readonly byId = new Map<string, MessageRecord>();
  private readonly byConversation = new Map<string, Map<string, MessageRecord>>();

  constructor(private readonly max: number) {}

  find(id: string): MessageRecord | undefined {
    return this.byId.get(id);
  }

  /**
   * Remembers a message. One that is known already keeps its object, so that what the
   * app holds stays the message; it learns its number, and newer content.
   */
  put(record: MessageRecord): MessageRecord {
    const known = this.byId.get(record.message.ID);
    if (known === undefined || (known.seq !== 0 && known.seq !== record.seq)) return this.replace(record);
    known.seq = record.seq;
    if (known !== record) takeContent(known, contentOf(record));
    return known;
  }

  /** Remembers this object as the message, whatever was known under its id: what the app sends is what it holds. */
  replace(record: MessageRecord): MessageRecord {
    const { ID, conversationID } = record.message;
    this.byId.set(ID, record);
    const siblings = this.byConversation.get(conversationID) ?? new Map<string, MessageRecord>();
    siblings.set(ID, record);
    this.byConversation.set(conversationID, siblings);
    if (this.byId.size > this.max) this.evict();
    return record;
  }

  ofConversation(conversationID: string): Iterable<MessageRecord> {
    return this.byConversation.get(conversationID)?.values() ?? [];
  }

  /** The message under this number, if it is here. */
  at(conversationID: string, seq: number): MessageRecord | undefined {
    for (const record of this.ofConversation(conversationID)) if (record.seq === seq) return record;
    return undefined;
  }

  remove({ message: { ID, conversationID } }: MessageRecord): void {
    this.byId.delete(ID);
    const siblings = this.byConversation.get(conversationID);
    siblings?.delete(ID);
    if (siblings?.size === 0) this.byConversation.delete(conversationID);
  }

  clear(): void {
    this.byId.clear();
    this.byConversation.clear();
  }

  private evict(): void {
    const [oldest] = this.byId.values();
    if (oldest !== undefined) this.remove(oldest);
  }
}
