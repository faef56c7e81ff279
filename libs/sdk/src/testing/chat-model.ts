// A server's memory for tests: numbers, retries, holes, unread counts and read marks as
// the protocol promises them, without disks, queues or time-outs of its own. Groups beside
// it: group-model.ts says who is in them.
import { create } from '@bufbuild/protobuf';
import { type groupv1, messagev1 } from '@parley/proto';
import { isTopicID } from '../messages/conversation-kind.js';

const { ConversationType, MessageFlag } = messagev1;

export interface ModelConversation {
  readonly type: messagev1.ConversationType;
  /** Of a group: who is in it now. */
  readonly users: Set<string>;
  readonly messages: Map<number, messagev1.Message>;
  /** Numbers that were taken and have no message: may they still get one? */
  readonly holes: Map<number, 'pending' | 'void'>;
  readonly readSeqs: Map<string, number>;
  /** Of a group: the head when a user came in. */
  readonly openedSeqs: Map<string, number>;
  /** Of a group: the lowest number that a user sees. */
  readonly visibleFrom: Map<string, number>;
  readonly seqOfSend: Map<string, number>;
  /** Of its messages, ascending from number 1. */
  readonly changes: messagev1.MessageChange[];
  /** What users deleted, and up to where they cleared, by user. */
  readonly hiddenSeqs: Map<string, Set<number>>;
  readonly clearedSeqs: Map<string, number>;
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
  /** A user, or a group. */
  readonly peer: string;
}

const isGroup = ({ type }: ModelConversation): boolean => type === ConversationType.GROUP;

export class ChatModel {
  /** By `<user> <peer>`. */
  private readonly receiveOptions = new Map<string, groupv1.ReceiveOption>();
  private readonly conversations = new Map<string, ModelConversation>();

  constructor(readonly now: () => number) {}

  /** `isStored` false: a group that keeps no messages. */
  send(from: string, request: messagev1.SendRequest, isStored = true): AcceptedSend {
    const conversation = this.conversationOf(from, request.to);
    const sendKey = `${from} ${request.clientMessageId}`;
    const known = conversation.seqOfSend.get(sendKey);
    if (known !== undefined) {
      return { message: conversation.messages.get(known) as messagev1.Message, isDuplicate: true };
    }
    const isNumbered = isStored && (request.flags & MessageFlag.ONLINE_ONLY) === 0;
    const seq = isNumbered ? conversation.nextSeq++ : 0;
    const { to, clientMessageId, msgSeq, random, body, cloudCustomData, flags } = request;
    const message = create(messagev1.MessageSchema, {
      ...{ from, to, type: request.type, seq: BigInt(seq), clientMessageId, timeMs: BigInt(this.now()) },
      ...{ msgSeq, random, body, cloudCustomData, flags },
      ...{ clientTimeS: request.clientTimeS, offlinePush: request.offlinePush, priority: request.priority },
      ...{ toAccounts: request.toAccounts, atAccounts: request.atAccounts, atAll: request.atAll },
    });
    if (isNumbered) {
      conversation.seqOfSend.set(sendKey, seq);
      this.store(conversation, message);
    }
    return { message, isDuplicate: false };
  }

  setReceiveOption(user: string, { peers, option }: messagev1.SetReceiveOptionRequest): void {
    for (const peer of peers) {
      this.receiveOptions.set(`${user} ${peer}`, option);
      this.conversationOf(user, peer).updatedAtMs = this.now();
    }
  }

  /** Takes a number for a message of `from` that is appended later, or never. */
  reserve(from: string, to: string): Reservation {
    const conversation = this.conversationOf(from, to);
    const seq = conversation.nextSeq++;
    conversation.holes.set(seq, 'pending');
    const { type } = conversation;
    return {
      seq,
      append: (text) => {
        conversation.holes.delete(seq);
        return this.store(conversation, textMessage({ from, to, type, seq, text, timeMs: this.now() }));
      },
      abandon: () => conversation.holes.set(seq, 'void'),
    };
  }

  /** The user is in the group from now on. */
  openGroup(groupID: string, user: string, withHistory = false): void {
    const conversation = this.groupOf(groupID);
    if (conversation.users.has(user)) return;
    conversation.users.add(user);
    conversation.readSeqs.set(user, conversation.headSeq);
    conversation.openedSeqs.set(user, conversation.headSeq);
    conversation.visibleFrom.set(user, withHistory ? 0 : conversation.headSeq + 1);
    conversation.updatedAtMs = this.now();
  }

  closeGroup(groupID: string, user: string): void {
    this.groupOf(groupID).users.delete(user);
  }

  listMessages(asker: Asker, beforeSeq: number, limit: number): messagev1.ListMessagesResponse {
    const visible = this.visible(asker).filter(({ seq }) => beforeSeq === 0 || seq < BigInt(beforeSeq));
    const messages = visible.slice(-limit);
    return create(messagev1.ListMessagesResponseSchema, {
      messages,
      isComplete: messages.length === visible.length,
      nextBeforeSeq: messages[0]?.seq ?? 0n,
    });
  }

  sync(asker: Asker, afterSeq: number, limit: number): messagev1.SyncMessagesResponse {
    const { messages, holes, headSeq } = this.conversationOf(asker.user, asker.peer);
    const visible = new Set(this.visible(asker));
    const page: messagev1.Message[] = [];
    let completeTo = afterSeq;
    let isPending = false;
    for (let seq = afterSeq + 1; seq <= headSeq && page.length < limit && !isPending; seq++) {
      isPending = holes.get(seq) === 'pending';
      const message = messages.get(seq);
      if (message !== undefined && visible.has(message)) page.push(message);
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
    return [...this.conversations.entries()]
      .filter(([key, conversation]) => {
        if (isTopicID(key)) return false;
        const { users, updatedAtMs, headSeq } = conversation;
        return users.has(user) && (headSeq > 0 || isGroup(conversation)) && updatedAtMs >= changedAfterMs;
      })
      .map(([key, conversation]) => this.describe(conversation, { user, peer: peerIn(key, user) }));
  }

  getConversation(asker: Asker): messagev1.Conversation | undefined {
    const conversation = this.conversationOf(asker.user, asker.peer);
    const isThere = isGroup(conversation) ? conversation.users.has(asker.user) : conversation.headSeq > 0;
    return isThere ? this.describe(conversation, asker) : undefined;
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
      ...{ user, peer, type: conversation.type, readSeq: BigInt(seq), readAtMs: BigInt(this.now()) },
      readMessageTimeMs: conversation.messages.get(seq)?.timeMs ?? 0n,
    });
  }

  unreadOf(asker: Asker): number {
    const conversation = this.conversationOf(asker.user, asker.peer);
    const readSeq = BigInt(conversation.readSeqs.get(asker.user) ?? 0);
    const clearedSeq = BigInt(conversation.clearedSeqs.get(asker.user) ?? 0);
    const uncounted =
      MessageFlag.NO_UNREAD | MessageFlag.RECALLED | (isGroup(conversation) ? MessageFlag.SYSTEM : 0);
    const counts = ({ from, seq, flags, toAccounts }: messagev1.Message) =>
      from !== asker.user &&
      seq > readSeq &&
      seq > clearedSeq &&
      (flags & uncounted) === 0 &&
      toAccounts.length === 0;
    return this.entitled(asker).filter(counts).length;
  }

  /** Everything that is stored, ascending. */
  stored(user: string, peer: string): messagev1.Message[] {
    return [...this.conversationOf(user, peer).messages.values()].sort((a, b) => Number(a.seq - b.seq));
  }

  /** Everything that the user sees, ascending. */
  visible(asker: Asker): messagev1.Message[] {
    const { hiddenSeqs, clearedSeqs } = this.conversationOf(asker.user, asker.peer);
    const hidden = hiddenSeqs.get(asker.user);
    const clearedSeq = clearedSeqs.get(asker.user) ?? 0;
    return this.entitled(asker).filter(
      ({ seq }) => Number(seq) > clearedSeq && hidden?.has(Number(seq)) !== true,
    );
  }

  /** The same with what the user deleted. */
  private entitled({ user, peer }: Asker): messagev1.Message[] {
    const from = BigInt(this.conversationOf(user, peer).visibleFrom.get(user) ?? 0);
    return this.stored(user, peer).filter(
      (message) =>
        message.seq >= from &&
        (message.toAccounts.length === 0 || message.from === user || message.toAccounts.includes(user)),
    );
  }

  groupOf(groupID: string): ModelConversation {
    return this.demand(groupKey(groupID), ConversationType.GROUP, []);
  }

  private store(conversation: ModelConversation, message: messagev1.Message): messagev1.Message {
    const seq = Number(message.seq);
    conversation.messages.set(seq, message);
    conversation.headSeq = Math.max(conversation.headSeq, seq);
    conversation.updatedAtMs = this.now();
    // Sending is reading.
    const isOfUser = (message.flags & MessageFlag.SYSTEM) === 0;
    if (isGroup(conversation) && isOfUser) {
      conversation.readSeqs.set(message.from, Math.max(seq, conversation.readSeqs.get(message.from) ?? 0));
    }
    return message;
  }

  private describe(conversation: ModelConversation, asker: Asker): messagev1.Conversation {
    const { user, peer } = asker;
    const listed = this.visible(asker).filter(({ flags }) => (flags & MessageFlag.NO_LAST) === 0);
    const lastMessage = listed.at(-1);
    const peerReadSeq = isGroup(conversation) ? 0 : (conversation.readSeqs.get(peer) ?? 0);
    return create(messagev1.ConversationSchema, {
      ...{ type: conversation.type, peer, headSeq: BigInt(conversation.headSeq) },
      ...(lastMessage && { lastMessage }),
      unreadCount: BigInt(this.unreadOf(asker)),
      readSeq: BigInt(conversation.readSeqs.get(user) ?? 0),
      peerReadSeq: BigInt(peerReadSeq),
      peerReadMessageTimeMs: conversation.messages.get(peerReadSeq)?.timeMs ?? 0n,
      updatedAtMs: BigInt(conversation.updatedAtMs),
      changeSeq: BigInt(conversation.changes.length),
      clearedSeq: BigInt(conversation.clearedSeqs.get(user) ?? 0),
      openedSeq: BigInt(conversation.openedSeqs.get(user) ?? 0),
      receiveOption: this.receiveOptions.get(`${user} ${peer}`) ?? 0,
      mentions: isGroup(conversation) ? this.mentionsOf(asker) : [],
    });
  }

  /** The last 30 above the user's mark, by others. */
  private mentionsOf(asker: Asker): messagev1.Mention[] {
    const readSeq = BigInt(this.conversationOf(asker.user, asker.peer).readSeqs.get(asker.user) ?? 0);
    return this.visible(asker)
      .filter(
        ({ seq, from, flags }) =>
          seq > readSeq && from !== asker.user && (flags & MessageFlag.RECALLED) === 0,
      )
      .map(({ seq, from, atAll, atAccounts }) => {
        const atUser = atAccounts.includes(asker.user);
        return create(messagev1.MentionSchema, { seq, from, atAll, atUser });
      })
      .filter(({ atAll, atUser }) => atAll || atUser)
      .slice(-30);
  }

  conversationOf(user: string, peer: string): ModelConversation {
    const group = this.conversations.get(groupKey(peer));
    return group ?? this.demand(pairKey(user, peer), ConversationType.C2C, [user, peer]);
  }

  private demand(key: string, type: messagev1.ConversationType, users: string[]): ModelConversation {
    const known = this.conversations.get(key);
    if (known !== undefined) return known;
    const conversation: ModelConversation = {
      ...{ type, users: new Set(users), messages: new Map(), holes: new Map(), readSeqs: new Map() },
      ...{
        visibleFrom: new Map(),
        openedSeqs: new Map(),
        seqOfSend: new Map(),
        changes: [],
        hiddenSeqs: new Map(),
        clearedSeqs: new Map(),
        nextSeq: 1,
        headSeq: 0,
        updatedAtMs: 0,
      },
    };
    this.conversations.set(key, conversation);
    return conversation;
  }
}

const pairKey = (a: string, b: string): string => (a <= b ? `${a} ${b}` : `${b} ${a}`);
const groupKey = (groupID: string): string => `group: ${groupID}`;

function peerIn(key: string, user: string): string {
  const [first = '', second = ''] = key.split(' ');
  return first === 'group:' || first === user ? second : first;
}

interface TextMessage {
  readonly from: string;
  readonly to: string;
  readonly type: messagev1.ConversationType;
  readonly seq: number;
  readonly text: string;
  readonly timeMs: number;
}

const textMessage = ({ from, to, type, seq, text, timeMs }: TextMessage): messagev1.Message =>
  create(messagev1.MessageSchema, {
    ...{ from, to, type, seq: BigInt(seq), timeMs: BigInt(timeMs) },
    ...{ msgSeq: seq, random: seq },
    body: new TextEncoder().encode(JSON.stringify([{ MsgType: 'TIMTextElem', MsgContent: { Text: text } }])),
  });
