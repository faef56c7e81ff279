// The commands that change one-to-one messages. Source: rest-accounts-messages.md 5.5, 5.8 and 5.9.
import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorCode } from '@parley/kernel';
import { messagev1 } from '@parley/proto';
import { succeeded } from '../../envelope.js';
import {
  badField,
  eachText,
  fieldOf,
  optionalText,
  requiredAccount,
  requiredList,
  requiredText,
} from '../../json/fields.js';
import type { JsonObject } from '../../json/json-body.js';
import { CALLS_PER_SECOND, defineCommand } from '../command.js';
import { OPENIM_FAMILY } from '../error-family.js';
import { contentCodes, contentOf, FROM_CODES, TO_CODES } from './message-fields.js';

type RecallRequest = MessageInitShape<typeof messagev1.RecallMessageRequestSchema>;
type ModifyRequest = MessageInitShape<typeof messagev1.ModifyMessageRequestSchema>;
type HideRequest = MessageInitShape<typeof messagev1.HideMessagesRequestSchema>;

/** MsgKeys of one delete_c2c_msg_ramble. */
const KEYS_MAX = 30;
const BAD_KEY = ErrorCode.MESSAGE_KEY_INVALID;
const { C2C } = messagev1.ConversationType;

/** Recalls a message of any age. */
export const adminMsgwithdraw = defineCommand<RecallRequest, unknown>({
  path: 'openim/admin_msgwithdraw',
  perSecondMax: CALLS_PER_SECOND,
  family: OPENIM_FAMILY,
  parse: namedMessage,
  call: (request, { tools, context }) => tools.messages.recallMessage(request, context),
  render: () => succeeded(),
});

/** Overwrites body, custom data, or both. */
export const modifyC2cMsg = defineCommand<ModifyRequest, messagev1.ModifyMessageResponse>({
  path: 'openim/modify_c2c_msg',
  perSecondMax: CALLS_PER_SECOND,
  family: OPENIM_FAMILY,
  parse: (body) => ({ ...namedMessage(body), ...newContentOf(body) }),
  call: (request, { tools, context }) => tools.messages.modifyMessage(request, context),
  render: () => succeeded(),
});

/** Deletes messages from one party's view. */
export const deleteC2cMsgRamble = defineCommand<HideRequest, messagev1.HideMessagesResponse>({
  path: 'openim/delete_c2c_msg_ramble',
  perSecondMax: CALLS_PER_SECOND,
  family: OPENIM_FAMILY,
  parse: (body) => ({
    type: C2C,
    user: requiredAccount(body, 'Operator_Account', FROM_CODES),
    peer: requiredAccount(body, 'Peer_Account', TO_CODES),
    msgKeys: eachText(
      requiredList(body, 'MsgKeyList', {
        codes: { notArray: BAD_KEY, tooFew: BAD_KEY, tooMany: BAD_KEY },
        bounds: { min: 1, max: KEYS_MAX },
      }),
      'MsgKeyList',
      BAD_KEY,
    ),
  }),
  call: (request, { tools, context }) => tools.messages.hideMessages(request, context),
  render: ({ invalidMsgKeys }) =>
    succeeded(invalidMsgKeys.length === 0 ? {} : { InvalidMsgKeyList: invalidMsgKeys }),
});

function namedMessage(body: JsonObject) {
  return {
    type: C2C,
    user: requiredAccount(body, 'From_Account', FROM_CODES),
    peer: requiredAccount(body, 'To_Account', TO_CODES),
    msgKey: requiredText(body, 'MsgKey', BAD_KEY),
  };
}

/** What a message is changed to; at least one of the two. @throws ChatError 90007, 90010 or 93000. */
export function newContentOf(body: JsonObject): { body?: Uint8Array; cloudCustomData?: string } {
  const codes = contentCodes(ErrorCode.BODY_TOO_LONG);
  const cloudCustomData = optionalText(body, 'CloudCustomData', codes.malformed);
  const custom = cloudCustomData === undefined ? {} : { cloudCustomData };
  if (fieldOf(body, 'MsgBody') !== undefined) return { body: contentOf(body, codes).body, ...custom };
  if (cloudCustomData !== undefined) return custom;
  throw badField(codes.malformed, 'MsgBody', 'or CloudCustomData is required');
}
