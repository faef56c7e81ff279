// Receipts of single messages: a reader leaves one, senders are told and ask. They move no read mark.
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { ChatError, type Clock, ErrorCode, type UserId } from '@parley/kernel';
import { messagev1, wirev1 } from '@parley/proto';
import { CallerRole } from '@parley/rpc';
import type { Conversation } from '../domain/conversation.js';
import type { GroupFacts } from '../domain/group-rules.js';
import { RECEIPT_MEMBERS_MAX, RECEIPTS_PER_CALL_MAX } from '../domain/limits.js';
import { hasFlag, isVisibleTo, MessageFlag } from '../domain/message-facts.js';
import { parseMsgKey } from '../domain/msg-key.js';
import type { ToldNotices } from '../sending/told-notices.js';
import type { MessageRow, MessageStore } from '../stores/message-store.js';
import type { ReceiptStore } from '../stores/receipt-store.js';
import { type ChangeCall, messageNotFound } from './change-call.js';
import type { FindTarget } from './find-target.js';
import type { ReceiptAudience } from './receipt-audience.js';

export interface ReceiptsOptions {
  readonly find: FindTarget;
  readonly messages: MessageStore;
  readonly receipts: ReceiptStore;
  readonly audience: ReceiptAudience;
  readonly notices: ToldNotices;
  readonly clock: Clock;
}

export interface ReceiptCall extends Omit<ChangeCall, 'clientChangeId'> {
  /** Of a group. */
  readonly facts?: GroupFacts | undefined;
}

export interface ReceiptUsersQuery {
  readonly seq: bigint;
  readonly isUnread: boolean;
  readonly cursor: string;
  readonly limit: number;
}

/** Counts of one message, by what is known of the conversation. */
type CountOf = (row: MessageRow) => Promise<messagev1.Receipt>;

export class Receipts {
  constructor(private readonly options: ReceiptsOptions) {}

  /**
   * The user has read these. What asks for no receipt, is the user's own or not the user's to see is passed over.
   * @throws ChatError 10060 or 10007 of a group, and for what names nothing.
   */
  async send(call: ReceiptCall, seqs: readonly bigint[], msgKeys: readonly string[]): Promise<void> {
    const { receipts, clock } = this.options;
    const { conversation, user, caller } = call;
    checkCount(call, seqs.length + msgKeys.length);
    checkType(call.facts);
    const found = [...(await this.#rows(conversation, seqs)), ...(await this.#named(call, msgKeys))];
    const rows = found.filter((row) => row !== undefined && asksFor(row, user)) as MessageRow[];
    if (rows.length === 0) return;
    const refs = rows.map(({ facts }) => ({ conversation, seq: facts.seq }));
    const known = await receipts.has(refs, user);
    const isNew = (_: unknown, at: number): boolean => known[at] !== true;
    await receipts.put(refs.filter(isNew), user, clock.now());
    // The first attempt may have ended between the rows and the notice.
    const told = caller.attempt > 0 ? rows : rows.filter(isNew);
    if (told.length > 0) await this.#tell(call, told);
  }

  /** Of messages that the user has sent; an app's back end asks for anybody's in a group. In the order asked. */
  async get(call: ReceiptCall, seqs: readonly bigint[]): Promise<messagev1.Receipt[]> {
    const { conversation } = call;
    checkCount(call, seqs.length);
    checkType(call.facts);
    const rows = await this.#rows(conversation, seqs);
    const countOf = await this.#counter(conversation);
    return Promise.all(
      seqs.map((seq, at) => {
        const row = rows[at];
        if (row === undefined || !isReceipted(row) || !mayAsk(call, row)) return noReceipt(conversation, seq);
        return countOf(row);
      }),
    );
  }

  /** Who has read a message of a group, or has not; in byte order. */
  async users(
    call: ReceiptCall,
    { seq, isUnread, cursor, limit }: ReceiptUsersQuery,
  ): Promise<{ userIds: UserId[]; nextCursor: string }> {
    const { receipts, audience } = this.options;
    const { conversation } = call;
    checkType(call.facts);
    const [row] = await this.#rows(conversation, [seq]);
    if (row === undefined || !isReceipted(row) || !mayAsk(call, row) || conversation.kind !== 'group') {
      throw new ChatError(ErrorCode.GROUP_RECEIPT_NOT_FOUND, 'the message has no receipts');
    }
    const ref = { conversation, seq };
    const all = isUnread
      ? await this.#unread(ref, (await audience.of(conversation))(row.facts), cursor)
      : await receipts.readers(ref, { limit: limit + 1, after: cursor });
    const userIds = all.slice(0, limit);
    return { userIds, nextCursor: all.length > limit ? (userIds.at(-1) ?? '') : '' };
  }

  async #unread(
    ref: { conversation: Conversation; seq: bigint },
    audience: UserId[],
    after: string,
  ): Promise<UserId[]> {
    const readers = new Set(await this.options.receipts.readers(ref, { limit: RECEIPT_MEMBERS_MAX * 2 }));
    return audience.filter((user) => !readers.has(user) && user > after).sort();
  }

  /** Undefined where there is none. */
  #rows(conversation: Conversation, seqs: readonly bigint[]): Promise<(MessageRow | undefined)[]> {
    return this.options.messages.getMany(seqs.map((seq) => ({ conversation, seq })));
  }

  async #named({ conversation, caller }: ReceiptCall, msgKeys: readonly string[]): Promise<MessageRow[]> {
    const rows: MessageRow[] = [];
    for (const msgKey of msgKeys) {
      const key = parseMsgKey(msgKey);
      if (key === undefined) throw new ChatError(caller.codes.messageKeyInvalid, 'MsgKey is none');
      const row = await this.options.find.byKey(conversation, key);
      if (row !== undefined) rows.push(row);
    }
    return rows;
  }

  /** Each sender hears of its own. */
  async #tell({ conversation, user }: ReceiptCall, rows: readonly MessageRow[]): Promise<void> {
    const countOf = await this.#counter(conversation);
    const bySender = new Map<UserId, MessageRow[]>();
    for (const row of rows) bySender.set(row.facts.from, [...(bySender.get(row.facts.from) ?? []), row]);
    const { appId } = conversation;
    for (const [sender, own] of bySender) {
      const value = create(messagev1.ReceiptNoticeSchema, {
        type: own[0]?.facts.type ?? 0,
        reader: user,
        groupId: conversation.kind === 'group' ? conversation.groupId : '',
        receipts: await Promise.all(own.map(countOf)),
        timeMs: BigInt(this.options.clock.now()),
      });
      const push = create(wirev1.PushSchema, { event: { case: 'receipts', value } });
      await this.options.notices.tell({
        ...{ appId, actor: user, target: { appId, userIds: [sender] } },
        push: toBinary(wirev1.PushSchema, push),
      });
    }
  }

  async #counter(conversation: Conversation): Promise<CountOf> {
    const { audience, receipts } = this.options;
    if (conversation.kind === 'pair') {
      return async (row) => {
        const readers = await receipts.readers({ conversation, seq: row.facts.seq }, { limit: 1 });
        return receiptOf(row, { readCount: readers.length, unreadCount: 1 - readers.length });
      };
    }
    const audienceOf = await audience.of(conversation);
    return async (row) => {
      const ref = { conversation, seq: row.facts.seq };
      const readCount = (await receipts.readers(ref, { limit: RECEIPT_MEMBERS_MAX * 2 })).length;
      const unread = await this.#unread(ref, audienceOf(row.facts), '');
      return receiptOf(row, { readCount, unreadCount: unread.length });
    };
  }
}

function checkCount({ caller }: ReceiptCall, count: number): void {
  if (count >= 1 && count <= RECEIPTS_PER_CALL_MAX) return;
  throw new ChatError(caller.codes.badRequest, `name 1 to ${RECEIPTS_PER_CALL_MAX} messages`);
}

function checkType(facts: GroupFacts | undefined): void {
  if (facts === undefined) return;
  if (!facts.takesReceipts) {
    throw new ChatError(ErrorCode.GROUP_NO_PERMISSION, 'groups of this type have no receipts');
  }
}

const isReceipted = ({ facts }: MessageRow): boolean =>
  hasFlag(facts.flags, MessageFlag.NEED_READ_RECEIPT) && !hasFlag(facts.flags, MessageFlag.RECALLED);

const asksFor = (row: MessageRow, reader: UserId): boolean =>
  isReceipted(row) && row.facts.from !== reader && isVisibleTo(row.facts, reader);

const mayAsk = ({ caller, user, conversation }: ReceiptCall, { facts }: MessageRow): boolean =>
  facts.from === user || (caller.role !== CallerRole.USER && conversation.kind === 'group');

function receiptOf(row: MessageRow, counts: { readCount: number; unreadCount: number }): messagev1.Receipt {
  const { clientMessageId } = fromBinary(messagev1.MessageSchema, row.bytes);
  const isPeerRead = row.facts.type !== messagev1.ConversationType.GROUP && counts.readCount > 0;
  return create(messagev1.ReceiptSchema, { seq: row.facts.seq, clientMessageId, isPeerRead, ...counts });
}

function noReceipt(conversation: Conversation, seq: bigint): Promise<messagev1.Receipt> {
  const code =
    conversation.kind === 'group' ? ErrorCode.GROUP_RECEIPT_NOT_FOUND : messageNotFound(conversation).code;
  const info = 'the message has no receipts';
  return Promise.resolve(create(messagev1.ReceiptSchema, { seq, code, info }));
}
