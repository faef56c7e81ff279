import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorCode } from '@parley/kernel';
import { messagev1 } from '@parley/proto';
import { succeeded } from '../../envelope.js';
import { badField, fieldOf, requiredAccount, requiredInteger } from '../../json/fields.js';
import type { JsonObject } from '../../json/json-body.js';
import { CALLS_PER_SECOND, defineCommand } from '../command.js';
import { OPENIM_FAMILY } from '../error-family.js';
import { contentCodes, contentOf, FROM_CODES, msgRandomOf, msgSeqOf, toAccountOf } from './message-fields.js';
import { contentCrc } from './message-identity.js';

type ImportRequest = MessageInitShape<typeof messagev1.ImportRequestSchema>;

/** SyncFromOldSystem: unread and delivered, or read and silent. */
const LIVE = 5;
const HISTORY = 2;

/** Brings one message of another system in, with its original time. */
export const importmsg = defineCommand<ImportRequest, unknown>({
  path: 'openim/importmsg',
  perSecondMax: CALLS_PER_SECOND,
  family: OPENIM_FAMILY,

  parse(body) {
    const content = contentOf(body, contentCodes(ErrorCode.BODY_TOO_LONG));
    return {
      live: isLive(body),
      from: requiredAccount(body, 'From_Account', FROM_CODES),
      to: toAccountOf(body),
      type: messagev1.ConversationType.C2C,
      // A repeated import is recognised by MsgSeq, MsgRandom and time: without a MsgSeq the content stands
      // for it, so that a migration can be run again.
      msgSeq: msgSeqOf(body) ?? (contentCrc(content) || 1),
      random: msgRandomOf(body),
      timeS: requiredInteger(body, 'MsgTimeStamp', { code: ErrorCode.MESSAGE_TIME_INVALID, min: 1 }),
      ...content,
    };
  },

  call: (request, { tools, context }) => tools.messages.import(request, context),
  render: () => succeeded(),
});

function isLive(body: JsonObject): boolean {
  const sync = fieldOf(body, 'SyncFromOldSystem');
  if (sync === LIVE || sync === HISTORY) return sync === LIVE;
  throw badField(
    ErrorCode.SYNC_FROM_OLD_SYSTEM_INVALID,
    'SyncFromOldSystem',
    `must be ${LIVE} or ${HISTORY}`,
  );
}
