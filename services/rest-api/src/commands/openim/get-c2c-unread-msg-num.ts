import { ErrorCode, isUserId } from '@parley/kernel';
import { messagev1 } from '@parley/proto';
import { type Envelope, succeeded } from '../../envelope.js';
import { badField, optionalTexts } from '../../json/fields.js';
import type { JsonObject } from '../../json/json-body.js';
import { CALLS_PER_SECOND, defineCommand } from '../command.js';
import { OPENIM_FAMILY } from '../error-family.js';
import { toAccountOf } from './message-fields.js';

interface UnreadQuery {
  readonly user: string;
  /** Empty: the total only. */
  readonly peers: readonly string[];
}

const PEERS_MAX = 10;

/** One user's unread counts of one-to-one messages: the total, or by peer. */
export const getC2cUnreadMsgNum = defineCommand<UnreadQuery, messagev1.CountUnreadResponse>({
  path: 'openim/get_c2c_unread_msg_num',
  perSecondMax: CALLS_PER_SECOND,
  family: OPENIM_FAMILY,

  parse: (body) => ({ user: toAccountOf(body), peers: peersOf(body) }),

  call: ({ user, peers }, { tools, context }) =>
    tools.messages.countUnread({ user, peers: [...peers], type: messagev1.ConversationType.C2C }, context),

  render: (answer, { peers }) =>
    peers.length === 0 ? succeeded({ AllC2CUnreadMsgNum: Number(answer.total) }) : renderByPeer(answer),
});

/** Each peer once. @throws ChatError 90001 for a malformed or long list, 90008 for a malformed peer. */
function peersOf(body: JsonObject): string[] {
  const peers = [...new Set(optionalTexts(body, 'Peer_Account', ErrorCode.OPENIM_BAD_JSON))];
  if (peers.length > PEERS_MAX) {
    throw badField(ErrorCode.OPENIM_BAD_JSON, 'Peer_Account', `takes at most ${PEERS_MAX} items`);
  }
  if (!peers.every(isUserId)) {
    throw badField(ErrorCode.FROM_ACCOUNT_INVALID, 'Peer_Account', 'must hold UserIDs only');
  }
  return peers;
}

function renderByPeer({ peers }: messagev1.CountUnreadResponse): Envelope {
  return succeeded({
    C2CUnreadMsgNumList: peers
      .filter(({ code }) => code === 0)
      .map(({ peer, unreadCount }) => ({ Peer_Account: peer, C2CUnreadMsgNum: Number(unreadCount) })),
    ErrorList: peers
      .filter(({ code }) => code !== 0)
      .map(({ peer, code }) => ({ Peer_Account: peer, ErrorCode: code })),
  });
}
