// Pinned messages of groups. The service keeps their numbers; the messages are in the history.
import type { groupv1 } from '@parley/proto';
import type { Caller } from '../calls/caller.js';
import { GROUP_METHOD } from '../calls/group-method.js';
import { METHOD } from '../calls/method.js';
import { ChatFailure } from '../events/failure.js';
import type { Logger } from '../events/logger.js';
import { inGroup } from '../messages/conversation-kind.js';
import type { MessageStore } from '../messages/message-store.js';
import { readMessage } from '../messages/read-message.js';
import type { PinMessageOptions, PinnedMessage, PinnedMessageListData } from '../model/group-sdk.js';
import type { Message } from '../model/message.js';
import type { Changes } from '../sync/changes.js';
import { check, requireGroupID } from './checks.js';

/** Changes that wait for their message; of further ones the app learns by asking. */
const CHANGES_WAITING_MAX = 100;

export interface PinCallsOptions {
  readonly self: string;
  readonly caller: Caller;
  readonly logger: Logger;
  readonly store: MessageStore;
  readonly changes: Changes;
}

export class PinCalls {
  private telling: Promise<void> = Promise.resolve();
  private waiting = 0;

  constructor(private readonly options: PinCallsOptions) {}

  /** Pins or unpins. */
  async change(options: PinMessageOptions): Promise<PinMessageOptions> {
    const groupID = requireGroupID(options?.groupID);
    const { message, isPinned } = options;
    check(typeof isPinned === 'boolean', 'isPinned is true or false');
    const isThere = message?.conversationID === inGroup(groupID).id && message.sequence > 0;
    check(isThere && message.status === 'success', 'message is one that was sent to the group');
    const request = { groupId: groupID, msgSeq: BigInt(message.sequence) };
    const { caller } = this.options;
    if (isPinned) await caller.call(GROUP_METHOD.pinMessage, request);
    else await caller.call(GROUP_METHOD.unpinMessage, request);
    return { groupID, message, isPinned };
  }

  async list(named: string): Promise<PinnedMessageListData> {
    const groupID = requireGroupID(named);
    const { pins } = await this.options.caller.call(GROUP_METHOD.listPins, { groupId: groupID });
    const found = await Promise.all(
      pins.map(async ({ msgSeq, pinner }) => ({ pinner, message: await this.find(groupID, msgSeq) })),
    );
    const seen = found.flatMap(({ pinner, message }) => (message === undefined ? [] : [{ pinner, message }]));
    return {
      messageList: seen.map(({ message }) => message),
      pinnerIDList: seen.map(({ pinner }) => pinner),
    };
  }

  /** Told one after the other, in the order in which they came. */
  onChanged(groupID: string, pins: groupv1.PinsChanged): void {
    if (this.waiting >= CHANGES_WAITING_MAX) return;
    this.waiting += 1;
    this.telling = this.telling
      .then(() => this.tell(groupID, pins))
      .catch((thrown: unknown) => {
        const code = thrown instanceof ChatFailure ? thrown.code : undefined;
        this.options.logger.warn('a pinned message could not be read', { groupID, code });
      })
      .finally(() => {
        this.waiting -= 1;
      });
  }

  private async tell(groupID: string, { msgSeq, pinned, operator }: groupv1.PinsChanged): Promise<void> {
    const message = pinned ? await this.find(groupID, msgSeq) : this.known(groupID, msgSeq);
    // Not for this user's eyes.
    if (message === undefined) return;
    const operatorInfo = { userID: operator };
    this.options.changes.addGroupEvent({ kind: 'pin', groupID, isPinned: pinned, message, operatorInfo });
    this.options.changes.flush();
  }

  private known(groupID: string, msgSeq: bigint): PinnedMessage {
    const conversationID = inGroup(groupID).id;
    return this.held(groupID, msgSeq) ?? { conversationID, sequence: Number(msgSeq) };
  }

  private held(groupID: string, msgSeq: bigint): Message | undefined {
    const seq = Number(msgSeq);
    for (const record of this.options.store.ofConversation(inGroup(groupID).id)) {
      if (record.seq === seq) return record.message;
    }
    return undefined;
  }

  /** Undefined when the user cannot see it, or it is gone. What is read here counts as shown nowhere else. */
  private async find(groupID: string, msgSeq: bigint): Promise<Message | undefined> {
    const held = this.held(groupID, msgSeq);
    if (held !== undefined) return held;
    const address = inGroup(groupID);
    const { messages } = await this.options.caller.call(METHOD.listMessages, {
      type: address.kind.wire,
      peer: groupID,
      beforeSeq: msgSeq + 1n,
      limit: 1,
    });
    const [wire] = messages;
    if (wire?.seq !== msgSeq) return undefined;
    return readMessage(wire, this.options.self, address).message;
  }
}
