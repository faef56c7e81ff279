import { ErrorCode } from '@parley/kernel';
import type { messagev1 } from '@parley/proto';
import { succeeded } from '../../envelope.js';
import { CALLS_PER_SECOND, defineCommand } from '../command.js';
import { OPENIM_FAMILY } from '../error-family.js';
import { toAccountOf } from './message-fields.js';
import { msgIdOf, msgKeyOf, msgTimeOf } from './message-identity.js';
import { type OutgoingMessage, parseOutgoing, toSendRequest } from './outgoing-message.js';

interface SendMsg {
  readonly to: string;
  readonly message: OutgoingMessage;
}

/** Sends one message to one user, in the name of any account of the app. */
export const sendmsg = defineCommand<SendMsg, messagev1.SendResponse>({
  path: 'openim/sendmsg',
  perSecondMax: CALLS_PER_SECOND,
  family: OPENIM_FAMILY,

  parse: (body, caller) => ({
    to: toAccountOf(body),
    message: parseOutgoing(body, caller, { tooLong: ErrorCode.BODY_TOO_LONG, refusesEmptyFrom: false }),
  }),

  call({ to, message }, { tools, context }) {
    const msgSeq = message.msgSeq ?? tools.randomMsgSeq();
    return tools.messages.send(toSendRequest({ ...message, msgSeq }, to), context);
  },

  render(answer, { message }) {
    const names = { msgSeq: answer.msgSeq, random: message.random, msgTime: msgTimeOf(answer.timeMs) };
    return succeeded({
      MsgTime: names.msgTime,
      MsgKey: msgKeyOf(names),
      MsgId: msgIdOf(message.from, names),
    });
  },
});
