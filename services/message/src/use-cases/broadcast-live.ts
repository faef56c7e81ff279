// One message to everybody who is in a live group of the app, whichever: to the room of all of them, so each
// gateway gets one copy and each connection one push. Nothing is stored.
import { create } from '@bufbuild/protobuf';
import { type Clock, LIVE_ROOMS_ID, type UserId } from '@parley/kernel';
import { messagev1 } from '@parley/proto';
import { CallerRole } from '@parley/rpc';
import { GROUP_CODES } from '../domain/codes.js';
import { decideGroupSend } from '../domain/decide-group-send.js';
import { encodeMessage } from '../encoding/message-encoding.js';
import { senderUnknown } from '../errors.js';
import type { MessageEvents } from '../events.js';
import type { AccountCheck } from '../sending/account-check.js';
import type { DeliverMessage } from '../sending/deliver-message.js';
import type { Caller } from './send-message.js';

export interface BroadcastLiveOptions {
  readonly clock: Clock;
  readonly accounts: AccountCheck;
  readonly deliver: DeliverMessage;
  readonly events: MessageEvents;
}

export class BroadcastLive {
  constructor(private readonly options: BroadcastLiveOptions) {}

  /**
   * A retry is pushed again, under the same name: devices show it once.
   * @throws ChatError 10004, 10019, 80002 or a code of the body.
   */
  async run(request: messagev1.BroadcastRequest, from: UserId, caller: Caller) {
    const { clock, accounts, deliver, events } = this.options;
    const { random, body, cloudCustomData, dedupKey } = request;
    const asked = create(messagev1.SendRequestSchema, { random, body, cloudCustomData, dedupKey });
    const decided = decideGroupSend(asked, { from, groupId: LIVE_ROOMS_ID }, caller);
    if (caller.role === CallerRole.ADMIN) {
      await accounts.require(caller.appId, from, senderUnknown(GROUP_CODES));
    }
    const draft = { ...decided, clientMessageId: dedupKey };
    const timeMs = clock.now();
    deliver.start(draft, encodeMessage(draft, 0n, timeMs), undefined);
    events.sentOnline();
    return { msgSeq: draft.msgSeq, timeMs: BigInt(timeMs) };
  }
}
