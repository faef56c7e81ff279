// For whom a group's message was, as far as receipts go: its members when it was sent, or those whom it names.
import { type AppId, ChatError, ErrorCode, type UserId } from '@parley/kernel';
import type { groupv1 } from '@parley/proto';
import { type Client, serviceContext } from '@parley/rpc';
import type { GroupConversation } from '../domain/conversation.js';
import { RECEIPT_MEMBERS_MAX } from '../domain/limits.js';
import type { MessageFacts } from '../domain/message-facts.js';

interface KnownMember {
  readonly userId: UserId;
  readonly joinTimeMs: number;
}

/** Whom a message is for, given the members. */
export type AudienceOf = (message: MessageFacts) => UserId[];

export class ReceiptAudience {
  constructor(private readonly groups: Client<typeof groupv1.GroupService>) {}

  /** One question, for any number of messages. @throws ChatError 10060 for a group that is too large. */
  async of({ appId, groupId }: GroupConversation): Promise<AudienceOf> {
    const members = await this.#members(appId, groupId);
    return (message) =>
      members
        // Join times know whole seconds.
        .filter(({ userId, joinTimeMs }) => userId !== message.from && joinTimeMs <= message.timeMs)
        .map(({ userId }) => userId)
        .filter((userId) => message.toAccounts.length === 0 || message.toAccounts.includes(userId));
  }

  async #members(appId: AppId, groupId: string): Promise<KnownMember[]> {
    const context = serviceContext(appId, 'message' as UserId);
    const request = { groupId, limit: RECEIPT_MEMBERS_MAX };
    const { members, memberNum } = await this.groups.listMembers(request, context);
    if (memberNum > RECEIPT_MEMBERS_MAX) {
      const info = `messages of groups of more than ${RECEIPT_MEMBERS_MAX} members have no receipts`;
      throw new ChatError(ErrorCode.GROUP_TOO_LARGE_FOR_RECEIPTS, info);
    }
    return members.map(({ userId, joinTimeS }) => ({
      userId: userId as UserId,
      joinTimeMs: joinTimeS * 1_000,
    }));
  }
}
