// A message as a REST send describes it, and its way into a SendRequest.
import type { MessageInitShape } from '@bufbuild/protobuf';
import { type ErrorCode, REST_DEDUP_WINDOW_S } from '@parley/kernel';
import { messagev1 } from '@parley/proto';
import { fieldOf, optionalText, requiredAccount } from '../../json/fields.js';
import type { JsonObject } from '../../json/json-body.js';
import type { Caller } from '../command.js';
import {
  contentCodes,
  contentOf,
  FROM_CODES,
  type MessageContent,
  msgRandomOf,
  msgSeqOf,
} from './message-fields.js';
import { dedupKeyOf } from './message-identity.js';
import { parseOfflinePushInfo } from './offline-push-info.js';
import { sendFlagsOf } from './send-options.js';

export interface OutgoingMessage {
  readonly from: string;
  /** Absent: the server picks one, so that two sends are never taken for one. */
  readonly msgSeq: number | undefined;
  readonly random: number;
  readonly content: MessageContent;
  readonly flags: number;
  readonly offlinePush: Uint8Array;
}

export interface OutgoingRules {
  readonly tooLong: ErrorCode;
  /** Whether From_Account "" is refused, or stands for the admin as if it were absent. */
  readonly refusesEmptyFrom: boolean;
}

/** Everything of a send but its receivers. @throws ChatError with the codes of `openim`. */
export function parseOutgoing(body: JsonObject, caller: Caller, rules: OutgoingRules): OutgoingMessage {
  return {
    from: fromAccountOf(body, caller, rules),
    msgSeq: msgSeqOf(body),
    random: msgRandomOf(body),
    content: contentOf(body, contentCodes(rules.tooLong)),
    flags: sendFlagsOf(body),
    offlinePush: parseOfflinePushInfo(body),
  };
}

function fromAccountOf(body: JsonObject, caller: Caller, rules: OutgoingRules): string {
  const isAbsent = fieldOf(body, 'From_Account') === undefined;
  const isEmpty = !isAbsent && optionalText(body, 'From_Account', FROM_CODES.notString) === '';
  if (isAbsent || (isEmpty && !rules.refusesEmptyFrom)) return caller.identifier;
  return requiredAccount(body, 'From_Account', FROM_CODES);
}

/** A message whose identity is settled; the same for every receiver of a batch. */
export interface IdentifiedMessage extends OutgoingMessage {
  readonly msgSeq: number;
}

export function toSendRequest(
  message: IdentifiedMessage,
  to: string,
): MessageInitShape<typeof messagev1.SendRequestSchema> {
  const { from, msgSeq, random, content, flags, offlinePush } = message;
  return {
    from,
    to,
    type: messagev1.ConversationType.C2C,
    msgSeq,
    random,
    body: content.body,
    cloudCustomData: content.cloudCustomData,
    flags,
    offlinePush,
    dedupKey: dedupKeyOf(from, { msgSeq, random }, content),
    dedupWindowS: REST_DEDUP_WINDOW_S,
  };
}
