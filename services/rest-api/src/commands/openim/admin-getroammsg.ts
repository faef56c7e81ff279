import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorCode, PAGE_MESSAGES_MAX } from '@parley/kernel';
import { messagev1 } from '@parley/proto';
import { type Envelope, succeeded } from '../../envelope.js';
import { eitherName, optionalText, requiredAccount, requiredInteger } from '../../json/fields.js';
import { CALLS_PER_SECOND, defineCommand } from '../command.js';
import { OPENIM_FAMILY } from '../error-family.js';
import { FROM_CODES, TO_CODES } from './message-fields.js';
import { msgKeyOf, msgTimeOf } from './message-identity.js';

interface RoamQuery {
  readonly operator: string;
  readonly request: MessageInitShape<typeof messagev1.ListMessagesByTimeRequestSchema>;
}

/** An answer is cut here; at least one message is always in it. */
const ANSWER_BYTES_MAX = 13 * 1024;
/** MsgFlagBits of a recalled message. */
const FLAG_RECALLED = 8;
const BAD = ErrorCode.OPENIM_BAD_JSON;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** A page of a conversation as one party sees it; pages go from new to old, a page is ascending. */
export const adminGetroammsg = defineCommand<RoamQuery, messagev1.ListMessagesByTimeResponse>({
  path: 'openim/admin_getroammsg',
  perSecondMax: CALLS_PER_SECOND,
  family: OPENIM_FAMILY,

  parse(body) {
    // Old SDKs use the names of a send.
    const operator = requiredAccount(body, eitherName(body, 'Operator_Account', 'From_Account'), FROM_CODES);
    return {
      operator,
      request: {
        user: operator,
        peer: requiredAccount(body, eitherName(body, 'Peer_Account', 'To_Account'), TO_CODES),
        limit: Math.min(requiredInteger(body, 'MaxCnt', { code: BAD, min: 1 }), PAGE_MESSAGES_MAX),
        minTimeS: requiredInteger(body, 'MinTime', { code: BAD }),
        maxTimeS: requiredInteger(body, 'MaxTime', { code: BAD }),
        lastMsgKey: optionalText(body, 'LastMsgKey', BAD) ?? '',
        bytesMax: ANSWER_BYTES_MAX,
      },
    };
  },

  call: ({ request }, { tools, context }) => tools.messages.listMessagesByTime(request, context),
  render: renderPage,
});

function renderPage(page: messagev1.ListMessagesByTimeResponse, { operator }: RoamQuery): Envelope {
  const messages = page.messages.map((message) => renderMessage(message, operator, page.peerReadSeq));
  const [oldest] = messages;
  return succeeded({
    Complete: page.isComplete ? 1 : 0,
    MsgCnt: messages.length,
    LastMsgTime: oldest?.MsgTimeStamp ?? 0,
    LastMsgKey: oldest?.MsgKey ?? '',
    MsgList: messages,
  });
}

function renderMessage(message: messagev1.Message, operator: string, peerReadSeq: bigint) {
  const { from, to, msgSeq, random, seq } = message;
  const msgTime = msgTimeOf(message.timeMs);
  return {
    From_Account: from,
    To_Account: to,
    MsgSeq: msgSeq,
    MsgRandom: random,
    MsgTimeStamp: msgTime,
    MsgClientTime: message.clientTimeS,
    MsgFlagBits: (message.flags & messagev1.MessageFlag.RECALLED) === 0 ? 0 : FLAG_RECALLED,
    IsPeerRead: from === operator && seq <= peerReadSeq ? 1 : 0,
    MsgKey: msgKeyOf({ msgSeq, random, msgTime }),
    MsgBody: JSON.parse(utf8.decode(message.body)) as unknown,
    CloudCustomData: message.cloudCustomData,
  };
}
