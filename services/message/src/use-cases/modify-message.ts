// ModifyMessage: a message gets another body or other custom data.

import { create, fromBinary } from '@bufbuild/protobuf';
import { ChatError, type Clock } from '@parley/kernel';
import { messagev1 } from '@parley/proto';
import { CallerRole } from '@parley/rpc';
import { checkBody } from '../domain/message-body.js';
import { ChangeOutcome, type MessageChange } from '../domain/message-change.js';
import { hasFlag, isVisibleTo, MessageFlag } from '../domain/message-facts.js';
import { historyBehind } from '../errors.js';
import type { SubmitChange } from '../sending/submit-change.js';
import type { MessageRow } from '../stores/message-store.js';
import {
  audienceOf,
  type ChangeCall,
  changeKey,
  conversationChange,
  messageNotFound,
  refuseOutcome,
} from './change-call.js';
import type { FindTarget, TargetName } from './find-target.js';

export interface ModifyCall extends ChangeCall {
  readonly target: TargetName;
  /** Undefined: stays. */
  readonly body: Uint8Array | undefined;
  readonly cloudCustomData: string | undefined;
  /** Undefined: whatever it has. */
  readonly expectedVersion: bigint | undefined;
}

export interface Modified {
  /** Undefined: somebody else was faster. */
  readonly change: MessageChange | undefined;
  /** As it stands. */
  readonly message: messagev1.Message;
}

export class ModifyMessage {
  constructor(
    private readonly find: FindTarget,
    private readonly submit: SubmitChange,
    private readonly clock: Clock,
  ) {}

  /** Who sees a message may change it: rules beyond that are the app's. @throws ChatError */
  async run(call: ModifyCall): Promise<Modified> {
    const { conversation, caller } = call;
    const row = await this.find.run(conversation, call.target, caller.codes);
    if (row === undefined) throw messageNotFound(conversation);
    this.#check(call, row);
    const { body, cloudCustomData, expectedVersion } = call;
    const modify = create(messagev1.ModifySchema, { seq: row.facts.seq });
    if (body !== undefined) modify.body = body;
    if (cloudCustomData !== undefined) modify.cloudCustomData = cloudCustomData;
    if (expectedVersion !== undefined) modify.expectedVersion = expectedVersion;
    const { outcome, change } = await this.submit.run({
      stream: conversation,
      dedupKey: changeKey(call),
      originConnectionId: caller.connectionId,
      change: conversationChange(call, this.clock.now(), {
        audience: audienceOf(row.facts),
        change: { case: 'modify', value: modify },
      }),
    });
    if (outcome === ChangeOutcome.VERSION_CONFLICT) return this.#newest(call);
    refuseOutcome(outcome, conversation, caller.codes);
    const message = change?.change.case === 'modify' ? change.change.value.message : undefined;
    if (change === undefined || message === undefined) throw historyBehind();
    return { change, message };
  }

  #check({ user, caller, conversation, ...call }: ModifyCall, row: MessageRow): void {
    const { codes } = caller;
    if (call.body === undefined && call.cloudCustomData === undefined) {
      throw new ChatError(codes.badRequest, 'neither MsgBody nor CloudCustomData is given');
    }
    if (caller.role === CallerRole.USER && !isVisibleTo(row.facts, user)) throw messageNotFound(conversation);
    if (hasFlag(row.facts.flags, MessageFlag.SYSTEM)) {
      throw new ChatError(codes.badRequest, 'what the platform says stays');
    }
    const present = fromBinary(messagev1.MessageSchema, row.bytes);
    if (hasFlag(row.facts.flags, MessageFlag.RECALLED)) return;
    checkBody(call.body ?? present.body, call.cloudCustomData ?? present.cloudCustomData, codes);
  }

  async #newest(call: ModifyCall): Promise<Modified> {
    const row = await this.find.run(call.conversation, call.target, call.caller.codes);
    if (row === undefined) throw messageNotFound(call.conversation);
    return { change: undefined, message: fromBinary(messagev1.MessageSchema, row.bytes) };
  }
}
