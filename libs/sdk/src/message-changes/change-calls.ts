// What an app asks to change: one message for everybody, or what this user sees.
import { createCallId } from '../calls/call-id.js';
import { isMomentary } from '../calls/call-outcome.js';
import type { Caller } from '../calls/caller.js';
import { CHANGE_METHOD } from '../calls/change-method.js';
import { DELETED_MESSAGES_MAX } from '../constants/limits.js';
import { ChatFailure, FailureCode } from '../events/failure.js';
import { check } from '../groups/checks.js';
import { type ConversationAddress, GROUP } from '../messages/conversation-kind.js';
import { encodeBody } from '../messages/element-codec.js';
import type { MessageStore } from '../messages/message-store.js';
import { readMessage } from '../messages/read-message.js';
import type { Message } from '../model/message.js';
import { requireConversation } from '../sync/history.js';
import type { MessageChanges } from './message-changes.js';
import { contentOf, takeContent } from './message-content.js';

export interface ChangeCallsOptions {
  readonly self: string;
  readonly caller: Caller;
  readonly store: MessageStore;
  readonly random: () => number;
  readonly messageChanges: MessageChanges;
  /** A call may have been done, and nobody tells this device. */
  readonly onUncertain: (address: ConversationAddress) => void;
  /** The same of a call about the user's own view. */
  readonly onUncertainView: () => void;
}

/** A message as the service finds it. */
type Target = { readonly seq: bigint } | { readonly msgKey: string };

export class ChangeCalls {
  constructor(private readonly options: ChangeCallsOptions) {}

  async revoke(message: Message): Promise<Message> {
    const { address, target } = this.requireSent(message);
    const asked = { ...this.named(address), ...target };
    const call = this.options.caller.call(CHANGE_METHOD.recallMessage, asked);
    const { change } = await this.watched(address, call);
    this.options.messageChanges.onMade(change);
    // The app may hold another object than this session does.
    message.isRevoked = true;
    message.revoker = this.options.self;
    message.revokerInfo = { userID: this.options.self, nick: '', avatar: '' };
    return message;
  }

  async modify(message: Message): Promise<Message> {
    const { address, target } = this.requireSent(message);
    check(!message.isRevoked, 'the message is recalled');
    const [, ...others] = message.elements;
    const body = encodeBody([{ type: message.type, payload: message.payload }, ...others]);
    const version = this.recordOf(message)?.version;
    const asked = {
      ...{ ...this.named(address), ...target, body, cloudCustomData: message.cloudCustomData },
      ...(version === undefined ? {} : { expectedVersion: BigInt(version) }),
    };
    const call = this.options.caller.call(CHANGE_METHOD.modifyMessage, asked);
    const {
      change,
      conflict,
      message: newest,
    } = await this.watched(address, call).catch((thrown) => {
      const record = this.recordOf(message);
      if (record !== undefined) record.isTouched = true;
      throw thrown;
    });
    if (conflict) throw this.conflict(address, newest && readMessage(newest, this.options.self, address));
    this.options.messageChanges.onMade(change);
    message.isModified = true;
    return message;
  }

  /** Messages that never reached the server leave this device only. */
  async delete(messages: readonly Message[]): Promise<readonly Message[]> {
    const isList = Array.isArray(messages) && messages.length > 0 && messages.length <= DELETED_MESSAGES_MAX;
    check(isList, `messageList is an array of 1 to ${DELETED_MESSAGES_MAX} messages`);
    const address = requireConversation(messages[0]?.conversationID);
    check(
      messages.every(({ conversationID }) => conversationID === address.id),
      'the messages are of one conversation',
    );
    const targets = messages.filter((message) => this.isStored(message)).map((one) => this.targetOf(one));
    if (targets.length > 0) {
      const seqs = targets.flatMap((target) => ('seq' in target ? [target.seq] : []));
      const msgKeys = targets.flatMap((target) => ('msgKey' in target ? [target.msgKey] : []));
      const asked = { ...this.named(address), seqs, msgKeys };
      const call = this.options.caller.call(CHANGE_METHOD.hideMessages, asked);
      const { change } = await this.watched(undefined, call);
      this.options.messageChanges.onMade(change);
    }
    for (const message of messages) {
      const record = this.options.store.find(message.ID);
      if (record !== undefined) this.options.store.remove(record);
      message.isDeleted = true;
    }
    return messages;
  }

  async clear(conversationID: string): Promise<{ conversationID: string }> {
    const address = requireConversation(conversationID);
    const call = this.options.caller.call(CHANGE_METHOD.clearHistory, this.named(address));
    const { change } = await this.watched(undefined, call);
    this.options.messageChanges.onMade(change);
    return { conversationID };
  }

  private requireSent(message: Message): { address: ConversationAddress; target: Target } {
    const address = requireConversation(message?.conversationID);
    check(this.isStored(message), 'the message is not one that was sent and is stored');
    return { address, target: this.targetOf(message) };
  }

  private recordOf(message: Message) {
    const record = this.options.store.find(message.ID);
    return record?.message === message ? record : undefined;
  }

  /** Online-only messages have no number; so have those of another session, whose MsgKey names them. */
  private isStored(message: Message): boolean {
    const record = this.recordOf(message);
    return message.status === 'success' && (record === undefined || record.seq > 0);
  }

  private targetOf(message: Message): Target {
    const seq = this.recordOf(message)?.seq ?? 0;
    if (seq > 0) return { seq: BigInt(seq) };
    if (message.conversationType === GROUP.type) return { seq: BigInt(message.sequence) };
    return { msgKey: `${message.sequence}_${message.random}_${message.time}` };
  }

  private named({ kind, peer }: ConversationAddress) {
    return { type: kind.wire, peer, clientChangeId: createCallId(this.options.random) };
  }

  /** `address` undefined: a change of the user's own view. */
  private async watched<T>(address: ConversationAddress | undefined, call: Promise<T>): Promise<T> {
    try {
      return await call;
    } catch (thrown) {
      const isDone = thrown instanceof ChatFailure && isMomentary(thrown);
      if (isDone && address === undefined) this.options.onUncertainView();
      if (isDone && address !== undefined) this.options.onUncertain(address);
      throw thrown;
    }
  }

  private conflict(address: ConversationAddress, newest: ReturnType<typeof readMessage> | undefined) {
    const { store } = this.options;
    const held = newest && (store.at(address.id, newest.seq) ?? newest);
    if (held !== undefined && newest !== undefined) {
      held.isTouched = true;
      takeContent(held, contentOf(newest));
    }
    const data = held === undefined ? {} : { message: held.message };
    return new ChatFailure(FailureCode.MESSAGE_CONFLICT, 'the message was changed meanwhile', data);
  }
}
