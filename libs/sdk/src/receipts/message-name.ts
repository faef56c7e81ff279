// How the service knows a message that the app holds.
import { ChatFailure, FailureCode } from '../events/failure.js';
import { check } from '../groups/checks.js';
import type { MessageStore } from '../messages/message-store.js';
import type { Message } from '../model/message.js';
import { requireConversation } from '../sync/history.js';

export interface MessageName {
  readonly type: number;
  readonly peer: string;
  /** 0n: named by msgKey. */
  readonly seq: bigint;
  readonly msgKey: string;
}

/** @throws ChatFailure 2105 for what is no message that was sent. */
export function nameOf(message: Message, store: MessageStore): MessageName {
  const isSent = typeof message?.ID === 'string' && message.status === 'success';
  if (!isSent) throw new ChatFailure(FailureCode.MESSAGE_EXPECTED, 'a message that was sent is expected');
  const { kind, peer } = requireConversation(message.conversationID);
  const known = store.find(message.ID)?.seq ?? 0;
  const isNumbered = known > 0 || kind.sendingIsReading;
  const { sequence, random, time } = message;
  return {
    ...{ type: kind.wire, peer },
    seq: isNumbered ? BigInt(known || sequence) : 0n,
    msgKey: isNumbered ? '' : `${sequence}_${random}_${time}`,
  };
}

/** Messages of one conversation. @throws ChatFailure 6017 or 2105. */
export function requireMessages(messages: readonly Message[], max: number): void {
  const isList = Array.isArray(messages) && messages.length >= 1 && messages.length <= max;
  check(isList, `messageList is an array of 1 to ${max} messages`);
  const [first] = messages;
  const areOfOne = messages.every((one) => one?.conversationID === first?.conversationID);
  check(areOfOne, 'the messages are of one conversation');
}
