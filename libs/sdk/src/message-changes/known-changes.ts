// The newest changes of single messages, bounded: a message may come after its change, as it was before.
import { KNOWN_CHANGES_MAX } from '../constants/limits.js';
import type { MessageRecord } from '../model/message.js';
import { type MessageContent, takeContent } from './message-content.js';

interface Known {
  readonly conversationID: string;
  readonly seq: number;
  content?: MessageContent;
  isHidden: boolean;
}

export class KnownChanges {
  /** The one that was told last is the last. */
  private readonly known = new Map<string, Known>();

  /** `onForgotten` hears of what there was no room for any longer. */
  constructor(private readonly onForgotten: (conversationID: string, seq: number) => void) {}

  addContent(conversationID: string, seq: number, content: MessageContent): void {
    const known = this.renew(conversationID, seq);
    if (known.content === undefined || known.content.version < content.version) known.content = content;
    this.trim();
  }

  addHidden(conversationID: string, seq: number): void {
    this.renew(conversationID, seq).isHidden = true;
    this.trim();
  }

  /** Gives the message what is newer. @returns false when the user deleted it. */
  meet(record: MessageRecord): boolean {
    if (this.known.size === 0) return true;
    const known = this.known.get(nameOf(record.message.conversationID, record.seq));
    if (known?.content !== undefined) takeContent(record, known.content);
    return known?.isHidden !== true;
  }

  private renew(conversationID: string, seq: number): Known {
    const name = nameOf(conversationID, seq);
    const known = this.known.get(name) ?? { conversationID, seq, isHidden: false };
    this.known.delete(name);
    this.known.set(name, known);
    return known;
  }

  private trim(): void {
    if (this.known.size <= KNOWN_CHANGES_MAX) return;
    const [oldest] = this.known.entries();
    if (oldest === undefined) return;
    const [name, { conversationID, seq }] = oldest;
    this.known.delete(name);
    this.onForgotten(conversationID, seq);
  }
}

const nameOf = (conversationID: string, seq: number): string => `${seq} ${conversationID}`;
