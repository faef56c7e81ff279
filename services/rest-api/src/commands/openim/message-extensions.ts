// The commands about pairs on messages, one-to-one and in groups, and about one-to-one receipts.
// Source: rest-accounts-messages.md 5.10 and 6, rest-groups.md 4.
import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorCode } from '@parley/kernel';
import { messagev1 } from '@parley/proto';
import { succeeded } from '../../envelope.js';
import {
  eachObject,
  fieldOf,
  optionalInteger,
  optionalText,
  requiredAccount,
  requiredInteger,
  requiredList,
  requiredText,
} from '../../json/fields.js';
import type { JsonObject } from '../../json/json-body.js';
import { CALLS_PER_SECOND, defineCommand } from '../command.js';
import { EXTENSION_FAMILY, OPENIM_FAMILY } from '../error-family.js';
import { defineGroupCommand } from '../group/group-command.js';
import { groupOrTopicOf } from '../group/group-fields.js';
import { FROM_CODES, TO_CODES } from './message-fields.js';
import { msgKeyOf } from './message-identity.js';

type ChangeRequest = MessageInitShape<typeof messagev1.ChangeExtensionsRequestSchema>;
type GetRequest = MessageInitShape<typeof messagev1.GetExtensionsRequestSchema>;

const BAD = ErrorCode.GROUP_BAD_PARAMETER;
const EXTENSIONS_MAX = 20;
const RECEIPTS_MAX = 30;
const { C2C, GROUP } = messagev1.ConversationType;
const { SET, DELETE, CLEAR } = messagev1.ExtensionOperation;
const OPERATIONS = [SET, DELETE, CLEAR] as const;

/** The operation and its pairs; pairs of a clearing are passed over. */
function changeOf(body: JsonObject): Pick<ChangeRequest, 'operation' | 'extensions'> {
  const operation =
    OPERATIONS[requiredInteger(body, 'OperateType', { code: BAD, min: 1, max: 3 }) - 1] ?? SET;
  if (operation === CLEAR) return { operation, extensions: [] };
  const list = requiredList(body, 'ExtensionList', {
    codes: { notArray: BAD, tooFew: BAD, tooMany: BAD },
    bounds: { min: 1, max: EXTENSIONS_MAX },
  });
  const extensions = eachObject(list, 'ExtensionList', BAD).map((item) => ({
    key: requiredText(item, 'Key', BAD),
    value: optionalText(item, 'Value', BAD) ?? '',
    seq: BigInt(optionalInteger(item, 'Seq', { code: BAD }) ?? 0),
  }));
  return { operation, extensions };
}

const toJson = (pair: messagev1.Extension | undefined) => ({
  Key: pair?.key ?? '',
  Value: pair?.value ?? '',
  Seq: Number(pair?.seq ?? 0n),
});

const renderChange = ({ results }: messagev1.ChangeExtensionsResponse) =>
  succeeded({
    ExtensionList: results.map(({ code, extension }) => ({
      ErrorCode: code,
      Extension: toJson(extension),
    })),
  });

const renderPage = (page: messagev1.GetExtensionsResponse) =>
  succeeded({
    ExtensionList: page.extensions.map(toJson),
    CompleteFlag: page.isComplete ? 1 : 0,
    LatestSeq: Number(page.latestSeq),
    ClearSeq: Number(page.clearSeq),
  });

/** Without From_Account the message is the admin's. */
const pairOf = (body: JsonObject) => ({
  type: C2C,
  user: fieldOf(body, 'From_Account') === undefined ? '' : requiredAccount(body, 'From_Account', FROM_CODES),
  peer: requiredAccount(body, 'To_Account', TO_CODES),
  msgKey: requiredText(body, 'MsgKey', BAD),
});

const startOf = (body: JsonObject) => BigInt(optionalInteger(body, 'StartSeq', { code: BAD }) ?? 0);

const messageOf = (body: JsonObject) => ({
  type: GROUP,
  peer: groupOrTopicOf(body),
  seq: BigInt(requiredInteger(body, 'MsgSeq', { code: BAD, min: 1 })),
});

export const setKeyValues = defineCommand<ChangeRequest, messagev1.ChangeExtensionsResponse>({
  path: 'openim_msg_ext_http_svc/set_key_values',
  perSecondMax: CALLS_PER_SECOND,
  family: EXTENSION_FAMILY,
  parse: (body) => ({ ...pairOf(body), ...changeOf(body) }),
  call: (request, { tools, context }) => tools.messages.changeExtensions(request, context),
  render: renderChange,
});

export const getKeyValues = defineCommand<GetRequest, messagev1.GetExtensionsResponse>({
  path: 'openim_msg_ext_http_svc/get_key_values',
  perSecondMax: CALLS_PER_SECOND,
  family: EXTENSION_FAMILY,
  parse: (body) => ({ ...pairOf(body), startSeq: startOf(body) }),
  call: (request, { tools, context }) => tools.messages.getExtensions(request, context),
  render: renderPage,
});

export const groupSetKeyValues = defineGroupCommand<ChangeRequest, messagev1.ChangeExtensionsResponse>({
  path: 'openim_msg_ext_http_svc/group_set_key_values',
  parse: (body) => ({ ...messageOf(body), ...changeOf(body) }),
  call: (request, { tools, context }) => tools.messages.changeExtensions(request, context),
  render: renderChange,
});

export const groupGetKeyValues = defineGroupCommand<GetRequest, messagev1.GetExtensionsResponse>({
  path: 'openim_msg_ext_http_svc/group_get_key_values',
  parse: (body) => ({ ...messageOf(body), startSeq: startOf(body) }),
  call: (request, { tools, context }) => tools.messages.getExtensions(request, context),
  render: renderPage,
});

/** The receiver has read single messages. */
export const c2cMsgReadReceipt = defineCommand<
  MessageInitShape<typeof messagev1.SendReceiptsRequestSchema>,
  unknown
>({
  path: 'openim/c2c_msg_read_receipt',
  perSecondMax: CALLS_PER_SECOND,
  family: OPENIM_FAMILY,
  parse(body) {
    const code = ErrorCode.MESSAGE_FORMAT_INVALID;
    const list = requiredList(body, 'C2CMsgInfo', {
      codes: { notArray: code, tooFew: code, tooMany: code },
      bounds: { min: 1, max: RECEIPTS_MAX },
    });
    return {
      type: C2C,
      user: requiredAccount(body, 'Operator_Account', FROM_CODES),
      peer: requiredAccount(body, 'Peer_Account', TO_CODES),
      msgKeys: eachObject(list, 'C2CMsgInfo', code).map(keyOf),
    };
  },
  call: (request, { tools, context }) => tools.messages.sendReceipts(request, context),
  render: () => succeeded(),
});

function keyOf(item: JsonObject): string {
  const key = optionalText(item, 'MsgKey', ErrorCode.MESSAGE_KEY_INVALID);
  if (key !== undefined) return key;
  const code = ErrorCode.MESSAGE_KEY_INVALID;
  return msgKeyOf({
    msgSeq: requiredInteger(item, 'MsgSeq', { code }),
    random: requiredInteger(item, 'MsgRandom', { code }),
    msgTime: requiredInteger(item, 'MsgTime', { code }),
  });
}
