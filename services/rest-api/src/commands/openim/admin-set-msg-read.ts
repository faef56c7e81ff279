import { ErrorCode } from '@parley/kernel';
import { messagev1 } from '@parley/proto';
import { succeeded } from '../../envelope.js';
import { badField, fieldOf, requiredAccount, UINT32_MAX } from '../../json/fields.js';
import type { JsonObject } from '../../json/json-body.js';
import { CALLS_PER_SECOND, defineCommand } from '../command.js';
import { OPENIM_FAMILY } from '../error-family.js';
import { FROM_CODES, TO_CODES } from './message-fields.js';

interface ReadMark {
  readonly user: string;
  readonly peer: string;
  /** 0: everything up to now. */
  readonly untilTimeS: number;
}

const DECIMAL = /^[0-9]{1,10}$/;

/** Marks a conversation as read by one party, up to a time. */
export const adminSetMsgRead = defineCommand<ReadMark, unknown>({
  path: 'openim/admin_set_msg_read',
  perSecondMax: CALLS_PER_SECOND,
  family: OPENIM_FAMILY,

  parse: (body) => ({
    user: requiredAccount(body, 'Report_Account', FROM_CODES),
    peer: requiredAccount(body, 'Peer_Account', TO_CODES),
    untilTimeS: readTimeOf(body),
  }),

  call: ({ user, peer, untilTimeS }, { tools, context }) =>
    tools.messages.markRead({ user, type: messagev1.ConversationType.C2C, peer, untilTimeS }, context),

  render: () => succeeded(),
});

/** The documentation says String and its sample sends a number, so both are taken. */
function readTimeOf(body: JsonObject): number {
  const value = fieldOf(body, 'MsgReadTime');
  if (value === undefined) return 0;
  const seconds = typeof value === 'string' && DECIMAL.test(value) ? Number(value) : value;
  if (Number.isInteger(seconds) && (seconds as number) >= 0 && (seconds as number) <= UINT32_MAX) {
    return seconds as number;
  }
  throw badField(ErrorCode.OPENIM_BAD_JSON, 'MsgReadTime', 'must be a UNIX time in seconds');
}
