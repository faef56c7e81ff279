// What a test server does with changes of messages: decides, numbers, tells, lists.
import { create, type DescMessage, fromBinary, type MessageShape, toBinary } from '@bufbuild/protobuf';
import { messagev1, type wirev1 } from '@parley/proto';
import { CHANGE_METHOD } from '../calls/change-method.js';
import type { ChatModel, ModelConversation } from './chat-model.js';
import { Refusal } from './refusal.js';

export type ChangeMethodName = keyof typeof CHANGE_METHOD;

export const isChangeMethod = (name: string): name is ChangeMethodName => name in CHANGE_METHOD;

const { ConversationType, ChangeScope, MessageFlag } = messagev1;

/** Whom a change is told. */
export type TellChange = (
  to: { readonly users: readonly string[] } | { readonly groupID: string },
  event: wirev1.Push['event'],
) => void;

interface Asked {
  readonly type: messagev1.ConversationType;
  readonly peer: string;
  readonly clientChangeId: string;
}

type Init = Parameters<typeof create<typeof messagev1.MessageChangeSchema>>[1];

export class ChangeModel {
  /** Changes of users' own views. */
  private readonly views = new Map<string, messagev1.MessageChange[]>();
  private readonly byId = new Map<string, messagev1.MessageChange>();
  /** Changes up to this number are not kept any longer, of whatever. */
  expiredTo = 0;

  constructor(private readonly chat: ChatModel) {}

  handle(name: ChangeMethodName, request: Uint8Array, { user, tell }: { user: string; tell: TellChange }) {
    switch (name) {
      case 'recallMessage': {
        const asked = read(CHANGE_METHOD.recallMessage.input, request);
        const change = this.once(user, asked, () => this.recall(user, asked, tell));
        return write(CHANGE_METHOD.recallMessage.output, { change });
      }
      case 'modifyMessage': {
        const asked = read(CHANGE_METHOD.modifyMessage.input, request);
        return write(CHANGE_METHOD.modifyMessage.output, this.modify(user, asked, tell));
      }
      case 'hideMessages': {
        const asked = read(CHANGE_METHOD.hideMessages.input, request);
        const change = this.once(user, asked, () => this.hide(user, asked, tell));
        return write(CHANGE_METHOD.hideMessages.output, { change });
      }
      case 'clearHistory': {
        const asked = read(CHANGE_METHOD.clearHistory.input, request);
        const change = this.once(user, asked, () => this.clear(user, asked, tell));
        return write(CHANGE_METHOD.clearHistory.output, { change });
      }
      case 'listChanges':
        return write(
          CHANGE_METHOD.listChanges.output,
          this.list(user, read(CHANGE_METHOD.listChanges.input, request)),
        );
    }
  }

  headOfView(user: string): number {
    return this.views.get(user)?.length ?? 0;
  }

  /** As a user, or the back end (''). Silent: without an event. */
  recall(
    user: string,
    asked: { type: messagev1.ConversationType; peer: string; seq: bigint; msgKey?: string; reason?: string },
    tell: TellChange,
    silent = false,
  ): messagev1.MessageChange {
    const message = this.find(user, asked);
    if (hasBit(message, MessageFlag.RECALLED)) throw new Refusal(20023, 'recalled already');
    if (asked.type === ConversationType.C2C && message.from !== user) throw new Refusal(20001, 'not yours');
    const value = { seqs: [message.seq], reason: asked.reason ?? '' };
    const change = this.add(user, asked, { silent, change: { case: 'recall', value } });
    const changed = this.replace(message, change);
    changed.flags |= MessageFlag.RECALLED;
    changed.body = new TextEncoder().encode('[]');
    changed.cloudCustomData = '';
    changed.recalledBy = user;
    changed.recallReason = value.reason;
    this.tell(asked, change, tell, message);
    return change;
  }

  private modify(user: string, asked: messagev1.ModifyMessageRequest, tell: TellChange) {
    const known = this.byId.get(`${user} ${asked.clientChangeId}`);
    if (known?.change.case === 'modify') return { change: known, message: known.change.value.message };
    const message = this.find(user, asked);
    if (hasBit(message, MessageFlag.RECALLED)) throw new Refusal(20023, 'recalled already');
    const isConflict = asked.expectedVersion !== undefined && asked.expectedVersion !== message.version;
    if (isConflict) return { message, conflict: true };
    const value = create(messagev1.ModifySchema, { seq: message.seq });
    const change = this.add(user, asked, { change: { case: 'modify', value } });
    const changed = this.replace(message, change);
    changed.body = asked.body ?? changed.body;
    changed.cloudCustomData = asked.cloudCustomData ?? changed.cloudCustomData;
    if (change.change.case === 'modify') change.change.value.message = changed;
    this.byId.set(`${user} ${asked.clientChangeId}`, change);
    this.tell(asked, change, tell, message);
    return { change, message: changed };
  }

  hide(user: string, asked: messagev1.HideMessagesRequest, tell: TellChange): messagev1.MessageChange {
    const { hiddenSeqs } = this.chat.conversationOf(user, asked.peer);
    const byKey = asked.msgKeys.map((msgKey) => this.find(user, { ...asked, seq: 0n, msgKey }).seq);
    const seqs = [...asked.seqs, ...byKey];
    hiddenSeqs.set(user, new Set([...(hiddenSeqs.get(user) ?? []), ...seqs.map(Number)]));
    return this.addToView(user, asked, { case: 'hide', value: { seqs } }, tell);
  }

  clear(user: string, asked: Asked, tell: TellChange): messagev1.MessageChange {
    const { clearedSeqs, headSeq } = this.chat.conversationOf(user, asked.peer);
    clearedSeqs.set(user, headSeq);
    return this.addToView(user, asked, { case: 'clear', value: { upToSeq: BigInt(headSeq) } }, tell);
  }

  private list(user: string, { scope, peer, afterChangeSeq, limit }: messagev1.ListChangesRequest) {
    const all =
      scope === ChangeScope.USER
        ? (this.views.get(user) ?? [])
        : this.chat.conversationOf(user, peer).changes;
    const kept = all.filter(({ changeSeq }) => changeSeq > afterChangeSeq && changeSeq > this.expiredTo);
    const page = kept.slice(0, limit);
    const isCut = page.length < kept.length;
    const isFor = ({ audience }: messagev1.MessageChange) => audience.length === 0 || audience.includes(user);
    return {
      changes: page.filter(isFor),
      completeTo: isCut ? (page.at(-1)?.changeSeq ?? 0n) : BigInt(all.length),
      hasMore: isCut,
      expired: Number(afterChangeSeq) < Math.min(this.expiredTo, all.length),
    };
  }

  private once(user: string, { clientChangeId }: Asked, make: () => messagev1.MessageChange) {
    const name = `${user} ${clientChangeId}`;
    const change = this.byId.get(name) ?? make();
    this.byId.set(name, change);
    return change;
  }

  private find(
    user: string,
    { peer, seq, msgKey }: { readonly peer: string; readonly seq: bigint; readonly msgKey?: string },
  ): messagev1.Message {
    const messages = this.chat.stored(user, peer);
    const keyOf = (one: messagev1.Message) => `${one.msgSeq}_${one.random}_${one.timeMs / 1000n}`;
    const found = messages.find((one) => (seq > 0n ? one.seq === seq : keyOf(one) === msgKey));
    if (found === undefined) throw new Refusal(20022, 'no such message');
    return found;
  }

  private add(user: string, { type, peer }: { type: messagev1.ConversationType; peer: string }, init: Init) {
    const conversation = this.chat.conversationOf(user === '' ? (init?.from ?? '') : user, peer);
    const change = create(messagev1.MessageChangeSchema, {
      ...{ changeSeq: BigInt(conversation.changes.length + 1), scope: ChangeScope.CONVERSATION },
      ...{ type, from: user, to: peer, operator: user, timeMs: BigInt(this.chat.now()) },
      ...init,
    });
    this.touch(conversation).changes.push(change);
    return change;
  }

  private addToView(
    user: string,
    { type, peer }: Asked,
    change: NonNullable<NonNullable<Init>['change']>,
    tell: TellChange,
  ): messagev1.MessageChange {
    const view = this.views.get(user) ?? [];
    this.views.set(user, view);
    const made = create(messagev1.MessageChangeSchema, {
      ...{ changeSeq: BigInt(view.length + 1), scope: ChangeScope.USER, type, from: user, to: peer },
      ...{ operator: user, timeMs: BigInt(this.chat.now()), change },
    });
    view.push(made);
    tell({ users: [user] }, { case: 'change', value: made });
    return made;
  }

  /** A row of its own: what was pushed before stays as it was. */
  private replace(message: messagev1.Message, { changeSeq }: messagev1.MessageChange): messagev1.Message {
    const changed = create(messagev1.MessageSchema, { ...message, version: changeSeq });
    this.chat.conversationOf(message.from, message.to).messages.set(Number(message.seq), changed);
    return changed;
  }

  private tell(
    { type, peer }: { type: messagev1.ConversationType; peer: string },
    change: messagev1.MessageChange,
    tell: TellChange,
    { from, to }: messagev1.Message,
  ): void {
    const event = { case: 'change', value: change } as const;
    tell(type === ConversationType.GROUP ? { groupID: peer } : { users: [from, to] }, event);
  }

  private touch(conversation: ModelConversation): ModelConversation {
    conversation.updatedAtMs = this.chat.now();
    return conversation;
  }
}

const hasBit = ({ flags }: messagev1.Message, bit: number): boolean => (flags & bit) !== 0;

const read = <D extends DescMessage>(schema: D, bytes: Uint8Array): MessageShape<D> =>
  fromBinary(schema, bytes);

const write = <D extends DescMessage>(schema: D, init: Parameters<typeof create<D>>[1]): Uint8Array =>
  toBinary(schema, create(schema, init));
