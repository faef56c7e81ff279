// Whom a request about a group is about, and what of the group they see.
import { ChatError, ErrorCode, type GroupId, toGroupId, type UserId } from '@parley/kernel';
import { actorOf, type CallContext, CallerRole } from '@parley/rpc';
import { GROUP_CODES } from '../domain/codes.js';
import { type GroupConversation, groupConversationOf } from '../domain/conversation.js';
import { type GroupFacts, noHistory, notAMember, refuseRead, visibleFrom } from '../domain/group-rules.js';
import type { GroupReader } from '../reading/group-reader.js';
import type { View } from '../reading/view.js';
import type { AccountCheck } from '../sending/account-check.js';
import type { GroupDirectory } from '../sending/group-directory.js';

export interface ActingInGroup {
  readonly conversation: GroupConversation;
  readonly user: UserId;
  readonly facts: GroupFacts;
}

interface GroupRequest {
  readonly user: string;
  /** The group. */
  readonly peer: string;
}

export class ActingInGroups {
  constructor(
    private readonly directory: GroupDirectory,
    private readonly accounts: AccountCheck,
    private readonly groups: GroupReader,
  ) {}

  /** A member, or whom an admin names. @throws ChatError 10010, 10007 and what concerns the user. */
  async member(request: GroupRequest, context: CallContext): Promise<ActingInGroup> {
    const user = actorOf(context, request.user, GROUP_CODES.userUnknown);
    if (context.role === CallerRole.ADMIN) {
      const refusal = new ChatError(GROUP_CODES.userUnknown, 'the account does not exist');
      await this.accounts.require(context.appId, user, refusal);
    }
    return this.#in(request.peer, user, context);
  }

  /** Of a group that an app's back end changes. @throws ChatError 10010 */
  facts(conversation: GroupConversation, context: CallContext): Promise<GroupFacts> {
    return this.#in(conversation.groupId, context.userId, context).then(({ facts }) => facts);
  }

  /** What is shown to a member; an app's back end that names nobody sees everything. */
  async view(request: GroupRequest, context: CallContext): Promise<View> {
    if (context.role !== CallerRole.USER && request.user === '') {
      const { conversation, facts } = await this.#in(request.peer, context.userId, context);
      if (!facts.storesHistory) throw noHistory();
      return { conversation, user: undefined, fromSeq: 0n };
    }
    const { conversation, user, facts } = await this.member(request, context);
    if (!facts.storesHistory) return { conversation, user, fromSeq: 0n };
    const membership = await this.groups.membership(conversation, user);
    if (membership.isOpen) return { conversation, user, fromSeq: visibleFrom(facts, membership) };
    // What was remembered of the user may be older than the row; now the group service says which it is.
    await this.directory.allow({ appId: context.appId, groupId: conversation.groupId, user }, (fresh) =>
      fresh.isMember ? stillOpening() : notAMember(),
    );
    throw stillOpening();
  }

  async #in(named: string, user: UserId, context: CallContext): Promise<ActingInGroup> {
    const { appId, role } = context;
    const groupId: GroupId = toGroupId(named);
    const facts = await this.directory.allow({ appId, groupId, user }, (some) => refuseRead(some, role));
    return { conversation: groupConversationOf(appId, groupId), user, facts };
  }
}

/** Joined a moment ago: the row that says what is shown is being written. */
export const stillOpening = (): ChatError =>
  new ChatError(ErrorCode.UNAVAILABLE, 'the group is being opened for its new member; retry', {
    retryAfterMs: 200,
  });
