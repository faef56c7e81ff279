// What the profile service says of a sender, and of a sender and a receiver, and what follows for a message of a user.
import { ChatError, ErrorCode } from '@parley/kernel';
import type { profilev1 } from '@parley/proto';

export type SendFacts = Omit<profilev1.GetSendFactsResponse, '$typeName' | '$unknown'>;

/** What is refused here. */
export type FactsRule = 'c2c' | 'c2c-to-oneself' | 'group';

const FOR_EVER_S = 0xffff_ffff;

const isMuted = (untilS: number, nowMs: number): boolean => untilS === FOR_EVER_S || untilS * 1_000 > nowMs;

/** Source: rest-accounts-messages.md 12 and 19.5. Undefined: the message may pass. */
export function refuseByFacts(facts: SendFacts, rule: FactsRule, nowMs: number): ChatError | undefined {
  if (rule === 'group') {
    if (!isMuted(facts.groupMutedUntilS, nowMs)) return undefined;
    return new ChatError(ErrorCode.GROUP_MUTED, 'the sender is muted for all group messages');
  }
  if (isMuted(facts.c2cMutedUntilS, nowMs)) {
    return new ChatError(ErrorCode.C2C_SENDER_MUTED, 'the sender is muted');
  }
  if (rule === 'c2c-to-oneself') return undefined;
  if (facts.blocked) return new ChatError(ErrorCode.C2C_BLOCKED, 'the receiver blocks the sender');
  return facts.requiresFriends ? refuseStrangers(facts) : undefined;
}

function refuseStrangers({ senderHasReceiver, receiverHasSender }: SendFacts): ChatError | undefined {
  if (!senderHasReceiver && !receiverHasSender) {
    return new ChatError(ErrorCode.C2C_NOT_FRIENDS, 'sender and receiver are not friends');
  }
  if (!senderHasReceiver) {
    return new ChatError(ErrorCode.C2C_NOT_FRIEND_OF_SENDER, 'the receiver is not a friend of the sender');
  }
  if (receiverHasSender) return undefined;
  return new ChatError(ErrorCode.C2C_NOT_FRIEND_OF_RECEIVER, 'the sender is not a friend of the receiver');
}
