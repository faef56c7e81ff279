// The refusals of messages from and to nobody.
import type { AppId, ChatError, UserId } from '@parley/kernel';
import type { Codes } from '../domain/codes.js';
import { receiverUnknown, senderUnknown } from '../errors.js';
import type { AccountDirectory } from './account-directory.js';

export class AccountCheck {
  constructor(private readonly directory: AccountDirectory) {}

  /** Undefined when it is known that the receiver exists; else rejects or resolves once it is known. */
  receiver(appId: AppId, to: UserId, codes: Codes): Promise<void> | undefined {
    if (this.directory.isKnown(appId, to)) return undefined;
    return this.require(appId, to, receiverUnknown(codes));
  }

  /** The same for sender and receiver; an unknown sender is told first. */
  both(
    appId: AppId,
    pair: { readonly from: UserId; readonly to: UserId },
    codes: Codes,
  ): Promise<void> | undefined {
    const receiver = this.receiver(appId, pair.to, codes);
    if (this.directory.isKnown(appId, pair.from)) return receiver;
    const sender = this.require(appId, pair.from, senderUnknown(codes));
    if (receiver === undefined) return sender;
    return Promise.allSettled([sender, receiver]).then((outcomes) => {
      for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    });
  }

  /** Rejects with `refusal` when the account does not exist. */
  async require(appId: AppId, user: UserId, refusal: ChatError): Promise<void> {
    if (!(await this.directory.exists(appId, user))) throw refusal;
  }
}
