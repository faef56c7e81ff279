// Whom a request is about: the part that all reads share.
import { ChatError, toUserId, type UserId } from '@parley/kernel';
import type { messagev1 } from '@parley/proto';
import { actorOf, type CallContext, CallerRole } from '@parley/rpc';
import { type Codes, codesFor } from '../domain/codes.js';
import { conversationOf, type PairConversation } from '../domain/conversation.js';
import { checkType } from '../domain/decide-send.js';
import type { AccountCheck } from '../sending/account-check.js';

export interface ActingUser {
  readonly user: UserId;
  readonly codes: Codes;
}

export interface ActingInConversation extends ActingUser {
  readonly peer: UserId;
  readonly conversation: PairConversation;
}

export class ActingUsers {
  constructor(private readonly accounts: AccountCheck) {}

  /** @throws ChatError when a user names another, or an admin names somebody who does not exist. */
  async user(named: string, context: CallContext): Promise<ActingUser> {
    const codes = codesFor(context.role);
    const user = actorOf(context, named, codes.userUnknown);
    if (context.role === CallerRole.ADMIN) await this.#require(context, user, codes.userUnknown);
    return { user, codes };
  }

  async inConversation(
    request: { readonly user: string; readonly peer: string; readonly type?: messagev1.ConversationType },
    context: CallContext,
  ): Promise<ActingInConversation> {
    const codes = codesFor(context.role);
    if (request.type !== undefined) checkType(request.type, codes);
    const peer = toUserId(request.peer, codes.peerUnknown);
    const { user } = await this.user(request.user, context);
    if (context.role === CallerRole.ADMIN) await this.#require(context, peer, codes.peerUnknown);
    return { user, peer, codes, conversation: conversationOf(context.appId, user, peer) };
  }

  #require(context: CallContext, user: UserId, code: Codes[keyof Codes]): Promise<void> {
    return this.accounts.require(context.appId, user, new ChatError(code, 'the account does not exist'));
  }
}
