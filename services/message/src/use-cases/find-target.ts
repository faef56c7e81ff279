// The message that a change is about: named by its number, or by the MsgKey of the compatible borders.
import { ChatError } from '@parley/kernel';
import type { Codes } from '../domain/codes.js';
import type { Conversation } from '../domain/conversation.js';
import { type MsgKey, parseMsgKey } from '../domain/msg-key.js';
import { historyBehind } from '../errors.js';
import type { ConversationReader } from '../reading/conversation-reader.js';
import type { TimeOrder } from '../reading/time-order.js';
import type { MessageRow, MessageStore } from '../stores/message-store.js';

/** Messages of one second that are looked at for a MsgKey. */
const LOOKED_AT_MAX = 1_000;

export interface TargetName {
  /** 0n: named by msgKey. */
  readonly seq: bigint;
  readonly msgKey: string;
}

export class FindTarget {
  constructor(
    private readonly reader: ConversationReader,
    private readonly messages: MessageStore,
    private readonly order: TimeOrder,
  ) {}

  /** Undefined: there is no such message. @throws ChatError when the MsgKey is none, or the writer is behind. */
  async run(conversation: Conversation, name: TargetName, codes: Codes): Promise<MessageRow | undefined> {
    if (name.seq === 0n) return this.byKey(conversation, requireKey(name.msgKey, codes));
    const { isCaughtUp } = await this.reader.head(conversation);
    const [row] = await this.messages.getMany([{ conversation, seq: name.seq }]);
    if (row === undefined && !isCaughtUp) throw historyBehind();
    return row;
  }

  async byKey(conversation: Conversation, key: MsgKey): Promise<MessageRow | undefined> {
    const { head, isCaughtUp } = await this.reader.head(conversation);
    if (head !== undefined) {
      const range = { minTimeMs: key.timeS * 1_000, maxTimeMs: key.timeS * 1_000 + 999 };
      let seen = 0;
      for await (const row of this.order.descending(conversation, head, range)) {
        if (row.facts.msgSeq === key.msgSeq && row.facts.random === key.random) return row;
        if (++seen >= LOOKED_AT_MAX) break;
      }
    }
    if (!isCaughtUp) throw historyBehind();
    return undefined;
  }
}

function requireKey(msgKey: string, codes: Codes): MsgKey {
  const key = parseMsgKey(msgKey);
  if (key === undefined) throw new ChatError(codes.messageKeyInvalid, 'MsgKey is none');
  return key;
}
