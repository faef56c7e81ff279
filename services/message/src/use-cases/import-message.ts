// Import: a message from another system, with its own time. It goes the way of a send.
import type { messagev1 } from '@parley/proto';
import { decideImport } from '../domain/decide-send.js';
import type { MessageEvents } from '../events.js';
import type { Accepted, AcceptMessage } from '../sending/accept-message.js';
import type { AccountCheck } from '../sending/account-check.js';
import type { Caller, Pair } from './send-message.js';

export interface ImportMessageOptions {
  readonly accounts: AccountCheck;
  readonly accept: AcceptMessage;
  readonly events: MessageEvents;
}

export class ImportMessage {
  constructor(private readonly options: ImportMessageOptions) {}

  /** Answers after the message is durable. One that is there already, by MsgKey in either direction, stays as it is. */
  async run(request: messagev1.ImportRequest, pair: Pair, caller: Caller): Promise<Accepted> {
    const { accounts, accept, events } = this.options;
    const draft = decideImport(request, pair, caller);
    const { attempt, firstAttemptAtMs, role, deadlineMs, appId, codes } = caller;
    const check = () => accounts.both(appId, pair, codes);
    const accepted = await accept.run(draft, { attempt, firstAttemptAtMs, role, deadlineMs, check });
    if (!accepted.isDuplicate) events.imported();
    return accepted;
  }
}
