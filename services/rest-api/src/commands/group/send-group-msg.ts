import type { messagev1 } from '@parley/proto';
import { succeeded } from '../../envelope.js';
import { msgTimeOf } from '../openim/message-identity.js';
import { defineGroupCommand } from './group-command.js';
import { parseGroupMessage, type SendRequest } from './group-message.js';

/** MsgDropReason of a message above the group's rate. */
const SHED = 'MsgFreqCtrl';

/** Sends one message to a group or a topic, in the name of any account of the app. */
export const sendGroupMsg = defineGroupCommand<SendRequest, messagev1.SendResponse>({
  path: 'group_open_http_svc/send_group_msg',
  parse: parseGroupMessage,
  call: (request, { tools, context }) => tools.messages.send(request, context),
  render: ({ seq, timeMs, shed }) =>
    succeeded({
      MsgTime: msgTimeOf(timeMs),
      MsgSeq: Number(seq),
      MsgDropReason: shed ? SHED : '',
    }),
});
