import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorCode } from '@parley/kernel';
import type { messagev1 } from '@parley/proto';
import { succeeded } from '../../envelope.js';
import { requiredInteger } from '../../json/fields.js';
import { contentOf } from '../openim/message-fields.js';
import { contentCrc } from '../openim/message-identity.js';
import { defineGroupCommand } from './group-command.js';
import { CONTENT_CODES } from './group-message.js';
import { optionalMember } from './member-fields.js';

type BroadcastRequest = MessageInitShape<typeof messagev1.BroadcastRequestSchema>;

/** One message to everybody in any live group of the app. Source: rest-groups.md 4. */
export const sendBroadcastMsg = defineGroupCommand<BroadcastRequest, messagev1.BroadcastResponse>({
  path: 'group_open_http_svc/send_broadcast_msg',
  perSecondMax: 1,
  parse: (body, caller) => {
    const random = requiredInteger(body, 'Random', { code: ErrorCode.GROUP_BAD_PARAMETER });
    const content = contentOf(body, CONTENT_CODES);
    const from = optionalMember(body, 'From_Account') ?? caller.identifier;
    return { from, random, ...content, dedupKey: `rest:${random}:${contentCrc(content)}` };
  },
  call: (request, { tools, context }) => tools.messages.broadcast(request, context),
  render: ({ msgSeq, timeMs }) => succeeded({ MsgSeq: msgSeq, MsgTime: Math.floor(Number(timeMs) / 1_000) }),
});
