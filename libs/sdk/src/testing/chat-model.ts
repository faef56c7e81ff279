// A server's memory for tests: numbers, retries, holes, unread counts and read marks as
// the protocol promises them, without disks, queues or time-outs of its own.
import { create } from '@bufbuild/protobuf';
import { messagev1 } from '@parley/proto';

const { ConversationType, MessageFlag } = messagev1;

interface ModelConversation {
  readonly users: readonly [string, string];
  readonly messages: Map<number, messagev1.Message>;
  /** Numbers that were taken and have no message: may they still get one? */
  readonly holes: Map<number, 'pending' | 'void'>;
  readonly readSeqs: Map<string, number>;
  readonly seqOfSend: Map<string, number>;
  nextSeq: number;
  headSeq: number;
  updatedAtMs: number;
}

export interface AcceptedSend {
  readonly message: messagev1.Message;
  readonly isDuplicate: boolean;
}

/** A number that was taken: either gets its message or never will. */
export interface Reservation {
  readonly seq: number;
  append(text: string): messagev1.Message;
  abandon(): void;
}

/** What a client asks for as the logged-in user. */
export interface Asker {
  readonly user: string;
  readonly peer: string;
}

export class ChatModel {
  private readonly conversations = new Map<string, ModelConversation>();

  constructor(readonly now: () => number) {}

  send(from: string, request: messagev1.SendRequest): AcceptedSend {
    const conversation = this.conversationOf(from, request.to);
    const sendKey = `${from} ${request.clientMessageId}`;
    const known = conversation.seqOfSend.get(sendKey);
    if (known !== undefined) {
      return { message: conversation.messages.get(known) as messagev1.Message, isDuplicate: true };
    }
    const isOnlineOnly = (request.flags & MessageFlag.ONLINE_ONLY) !== 0;
    const seq = isOnlineOnly ? 0 : conversation.nextSeq++;
    const message = create(messagev1.MessageSchema, {
      ...{ from, to: request.to, type: ConversationType.C2C, seq: BigInt(seq) },
      ...{ clientMessageId: request.clientMessageId, timeMs: BigInt(this.now()), msgSeq: request.msgSeq },
      ...{ random: request.random, body: request.body, cloudCustomData: request.cloudCustomData },
      ...{ flags: request.flags, clientTimeS: request.clientTimeS, offlinePush: request.offlinePush },
    });
    if (!isOnlineOnly) {
      conversation.seqOfSend.set(sendKey, seq);
      this.store(conversation, message);
    }
    return { message, isDuplicate: false };
  }

  /** Takes a number for a message of `from` that is appended later, or never. */
  reserve(from: string, to: string): Reservation {
    const conversation = this.conversationOf(from, to);
    const seq = conversation.nextSeq++;
    conversation.holes.set(seq, 'pending');
    return {
      seq,
      append: (text) => {
        conversation.holes.delete(seq);
        return this.store(conversation, textMessage({ from, to, seq, text, timeMs: this.now() }));
      },
      abandon: () => conversation.holes.set(seq, 'void'),
    };
  }

  listMessages({ user, peer }: Asker, beforeSeq: number, limit: number): messagev1.ListMessagesResponse {
    const older = this.stored(user, peer).filter(({ seq }) => beforeSeq === 0 || seq < BigInt(beforeSeq));
    const messages = older.slice(-limit);
    return create(messagev1.ListMessagesResponseSchema, {
      messages,
      isComplete: messages.length === older.length,
      nextBeforeSeq: messages[0]?.seq ?? 0n,
    });
  }

  sync({ user, peer }: Asker, afterSeq: number, limit: number): messagev1.SyncMessagesResponse {
    const { messages, holes, headSeq } = this.conversationOf(user, peer);
    const page: messagev1.Message[] = [];
    let completeTo = afterSeq;
    let isPending = false;
    for (let seq = afterSeq + 1; seq <= headSeq && page.length < limit && !isPending; seq++) {
      isPending = holes.get(seq) === 'pending';
      const message = messages.get(seq);
      if (message !== undefined) page.push(message);
      if (!isPending) completeTo = seq;
    }
    return create(messagev1.SyncMessagesResponseSchema, {
      messages: page,
      completeTo: BigInt(completeTo),
      hasMore: !isPending && completeTo < headSeq,
      headSeq: BigInt(headSeq),
      pendingForMs: isPending ? 400 : 0,
    });
  }

  listConversations(user: string, changedAfterMs: number): messagev1.Conversation[] {
    return [...this.conversations.values()]
      .filter(
        ({ users, updatedAtMs, headSeq }) =>
          users.includes(user) && headSeq > 0 && updatedAtMs >= changedAfterMs,
      )
      .map((conversation) => this.describe(conversation, user));
  }

  getConversation({ user, peer }: Asker): messagev1.Conversation | undefined {
    const conversation = this.conversationOf(user, peer);
    return conversation.headSeq === 0 ? undefined : this.describe(conversation, user);
  }

  markRead({ user, peer }: Asker, readSeq: number): messagev1.ReadNotice {
    const conversation = this.conversationOf(user, peer);
    const seq = Math.max(
      conversation.readSeqs.get(user) ?? 0,
      readSeq === 0 ? conversation.headSeq : readSeq,
    );
    conversation.readSeqs.set(user, seq);
    conversation.updatedAtMs = this.now();
    return create(messagev1.ReadNoticeSchema, {
      ...{ user, peer, type: ConversationType.C2C, readSeq: BigInt(seq), readAtMs: BigInt(this.now()) },
      readMessageTimeMs: conversation.messages.get(seq)?.timeMs ?? 0n,
    });
  }

  unreadOf({ user, peer }: Asker): number {
    const readSeq = BigInt(this.conversationOf(user, peer).readSeqs.get(user) ?? 0);
    const counts = ({ from, seq, flags }: messagev1.Message) =>
      from !== user && seq > readSeq && (flags & MessageFlag.NO_UNREAD) === 0;
    return this.stored(user, peer).filter(counts).length;
  }

  /** Everything that is stored, ascending. */
  stored(user: string, peer: string): messagev1.Message[] {
    return [...this.conversationOf(user, peer).messages.values()].sort((a, b) => Number(a.seq - b.seq));
  }

  private store(conversation: ModelConversation, message: messagev1.Message): messagev1.Message {
    conversation.messages.set(Number(message.seq), message);
    conversation.headSeq = Math.max(conversation.headSeq, Number(message.seq));
    conversation.updatedAtMs = this.now();
    return message;
  }

  private describe(conversation: ModelConversation, user: string): messagev1.Conversation {
    const peer = conversation.users.find((other) => other !== user) ?? user;
    const visible = this.stored(user, peer).filter(({ flags }) => (flags & MessageFlag.NO_LAST) === 0);
    const lastMessage = visible.at(-1);
    const peerReadSeq = conversation.readSeqs.get(peer) ?? 0;
    return create(messagev1.ConversationSchema, {
      ...{ type: ConversationType.C2C, peer, headSeq: BigInt(conversation.headSeq) },
      ...(lastMessage && { lastMessage }),
      unreadCount: BigInt(this.unreadOf({ user, peer })),
      readSeq: BigInt(conversation.readSeqs.get(user) ?? 0),
      peerReadSeq: BigInt(peerReadSeq),
      peerReadMessageTimeMs: conversation.messages.get(peerReadSeq)?.timeMs ?? 0n,
      updatedAtMs: BigInt(conversation.updatedAtMs),
    });
  }

  private conversationOf(a: string, b: string): ModelConversation {
    const users: [string, string] = a <= b ? [a, b] : [b, a];
    const key = users.join(' ');
    const known = this.conversations.get(key);
    if (known !== undefined) return known;
    const conversation: ModelConversation = {
      ...{ users, messages: new Map(), holes: new Map(), readSeqs: new Map(), seqOfSend: new Map() },
      ...{ nextSeq: 1, headSeq: 0, updatedAtMs: 0 },
    };
    this.conversations.set(key, conversation);
    return conversation;
  }
}

interface TextMessage {
  readonly from: string;
  readonly to: string;
  readonly seq: number;
  readonly text: string;
  readonly timeMs: number;
}

const textMessage = ({ from, to, seq, text, timeMs }: TextMessage): messagev1.Message =>
  create(messagev1.MessageSchema, {
    ...{ from, to, type: ConversationType.C2C, seq: BigInt(seq), timeMs: BigInt(timeMs) },
    ...{ msgSeq: seq, random: seq },
    body: new TextEncoder().encode(JSON.stringify([{ MsgType: 'TIMTextElem', MsgContent: { Text: text } }])),
  });
