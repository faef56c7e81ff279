// What a test server does with receipts and extensions: keeps them by message, and tells whom they concern.
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { messagev1, type wirev1 } from '@parley/proto';
import { RECEIPT_METHOD } from '../calls/receipt-method.js';
import type { ChatModel } from './chat-model.js';
import type { GroupModel } from './group-model.js';
import { Refusal } from './refusal.js';

export type ReceiptMethodName = keyof typeof RECEIPT_METHOD;

export const isReceiptMethod = (name: string): name is ReceiptMethodName => name in RECEIPT_METHOD;

type Push = (users: readonly string[], event: wirev1.Push['event']) => void;

interface Named {
  readonly peer: string;
}

const { GROUP } = messagev1.ConversationType;
const { SET, CLEAR } = messagev1.ExtensionOperation;

export class ReceiptModel {
  private readonly readers = new Map<string, Set<string>>();
  private readonly pairs = new Map<string, { latest: bigint; all: messagev1.Extension[] }>();

  constructor(
    private readonly model: ChatModel,
    private readonly groups: GroupModel,
    private readonly push: Push,
  ) {}

  handle(name: ReceiptMethodName, request: Uint8Array, user: string): Uint8Array {
    const { input, output } = RECEIPT_METHOD[name];
    return toBinary(output, create(output, this.answer(name, fromBinary(input, request), user)));
  }

  private answer(name: ReceiptMethodName, request: object, user: string): object {
    switch (name) {
      case 'sendReceipts':
        return this.read(request as messagev1.SendReceiptsRequest, user);
      case 'getReceipts': {
        const { seqs, ...named } = request as messagev1.GetReceiptsRequest;
        return { receipts: seqs.map((seq) => this.receiptOf(this.find(named, user, seq), seq)) };
      }
      case 'listReceiptUsers': {
        const { groupId, seq, unread } = request as messagev1.ListReceiptUsersRequest;
        const message = this.find({ peer: groupId }, user, seq);
        const readers = this.readersOf(message);
        const userIds = this.audience(message).filter((one) => readers.has(one) !== unread);
        return { userIds, nextCursor: '' };
      }
      case 'changeExtensions':
        return this.change(request as messagev1.ChangeExtensionsRequest, user);
      case 'getExtensions': {
        const { seq, startSeq, ...named } = request as messagev1.GetExtensionsRequest;
        const { all, latest } = this.pairsOf(this.find(named, user, seq));
        const wanted = all.filter((pair) => pair.seq >= startSeq);
        return { extensions: wanted.slice(0, 2), isComplete: wanted.length <= 2, latestSeq: latest };
      }
    }
  }

  private read({ seqs, ...named }: messagev1.SendReceiptsRequest, user: string): object {
    for (const seq of seqs) {
      const message = this.find(named, user, seq);
      this.readersOf(message).add(user);
      const value = create(messagev1.ReceiptNoticeSchema, {
        ...{ type: message.type, reader: user, groupId: message.type === GROUP ? message.to : '' },
        ...{ receipts: [this.receiptOf(message, seq)], timeMs: 7_000n },
      });
      this.push([message.from], { case: 'receipts', value });
    }
    return {};
  }

  private change(request: messagev1.ChangeExtensionsRequest, user: string): object {
    const { seq, operation, extensions, ...named } = request;
    const message = this.find(named, user, seq);
    const kept = this.pairsOf(message);
    const set: messagev1.Extension[] = [];
    const deleted = operation === CLEAR ? kept.all.map(({ key }) => key) : [];
    if (operation === CLEAR) kept.all = [];
    const results = extensions.map((asked) => {
      const present = kept.all.find(({ key }) => key === asked.key);
      if ((present?.seq ?? 0n) !== asked.seq)
        return { code: 23001, extension: present ?? { key: asked.key } };
      kept.all = kept.all.filter((pair) => pair !== present);
      kept.latest += 1n;
      const pair = create(messagev1.ExtensionSchema, { ...asked, seq: kept.latest });
      if (operation !== SET) deleted.push(asked.key);
      else {
        kept.all.push(pair);
        set.push(pair);
      }
      return { code: 0, extension: operation === SET ? pair : { key: asked.key } };
    });
    const { clientMessageId, type, from, to } = message;
    const value = create(messagev1.ExtensionNoticeSchema, {
      ...{ type, from, to, seq, clientMessageId, set, deleted, latestSeq: kept.latest },
    });
    this.push([...this.audience(message), from], { case: 'extensions', value });
    return { results };
  }

  private find({ peer }: Named, user: string, seq: bigint): messagev1.Message {
    const message = this.model.visible({ user, peer }).find((one) => one.seq === seq);
    if (message === undefined) throw new Refusal(23004, 'there is no such message');
    return message;
  }

  private audience({ type, to, from }: messagev1.Message): string[] {
    const users = type === GROUP ? [...(this.groups.groups.get(to)?.members.keys() ?? [])] : [to];
    return users.filter((user) => user !== from);
  }

  private receiptOf(message: messagev1.Message, seq: bigint): messagev1.Receipt {
    const readCount = this.readersOf(message).size;
    return create(messagev1.ReceiptSchema, {
      ...{ seq, readCount, clientMessageId: message.clientMessageId },
      unreadCount: this.audience(message).length - readCount,
      isPeerRead: message.type !== GROUP && readCount > 0,
    });
  }

  private readersOf(message: messagev1.Message): Set<string> {
    const readers = this.readers.get(message.clientMessageId) ?? new Set<string>();
    this.readers.set(message.clientMessageId, readers);
    return readers;
  }

  private pairsOf(message: messagev1.Message) {
    const kept = this.pairs.get(message.clientMessageId) ?? { latest: 0n, all: [] };
    this.pairs.set(message.clientMessageId, kept);
    return kept;
  }
}
