import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorCode } from '@parley/kernel';
import { messagev1 } from '@parley/proto';
import { succeeded } from '../../envelope.js';
import {
  badField,
  eachObject,
  eitherName,
  givenOf,
  optionalObject,
  optionalText,
  requiredInteger,
  requiredList,
  requiredText,
} from '../../json/fields.js';
import type { JsonObject } from '../../json/json-body.js';
import type { Caller } from '../command.js';
import { contentCrc, msgTimeOf } from '../openim/message-identity.js';
import { defineGroupCommand } from './group-command.js';
import { groupOrTopicOf, optionalFlag } from './group-fields.js';
import { GROUP_DEDUP_WINDOW_S, STREAM_CHUNKS_PER_CALL_MAX } from './group-limits.js';
import { optionalMember } from './member-fields.js';

type StreamRequest = MessageInitShape<typeof messagev1.StreamMessageRequestSchema>;

const BAD = ErrorCode.GROUP_BAD_PARAMETER;
const STREAM_ELEMENT = 'TIMStreamElem';
const DATA_EVENT = 'data';

/**
 * Begins a message that grows, such as a chatbot's answer, or continues the one that StreamMsgID names.
 * Source: rest-groups.md 4.
 */
export const sendGroupStreamMsg = defineGroupCommand<StreamRequest, messagev1.StreamMessageResponse>({
  path: 'stream_msg/send_group_stream_msg',
  parse: parseStream,
  call: (request, { tools, context }) => tools.messages.streamMessage(request, context),
  render: ({ streamId, seq, timeMs }) =>
    succeeded({ StreamMsgID: streamId, MsgSeq: Number(seq), MsgTime: msgTimeOf(timeMs) }),
});

function parseStream(body: JsonObject, caller: Caller): StreamRequest {
  const random = requiredInteger(body, eitherName(body, 'MsgRandom', 'Random'), { code: BAD });
  const content = streamElementOf(body);
  const streamId = optionalText(content, 'StreamMsgID', BAD) ?? '';
  const chunks = requiredList(content, 'Chunks', {
    codes: { notArray: BAD, tooFew: BAD, tooMany: BAD },
    bounds: { min: 1, max: STREAM_CHUNKS_PER_CALL_MAX },
  });
  const cloudCustomData = optionalText(body, 'CloudCustomData', BAD);
  const crc = contentCrc({
    body: Buffer.from(JSON.stringify(content)),
    cloudCustomData: cloudCustomData ?? '',
  });
  return {
    from: optionalMember(body, 'From_Account') ?? caller.identifier,
    groupId: groupOrTopicOf(body),
    random,
    streamId,
    chunks: eachObject(chunks, 'Chunks', BAD).map(chunkOf),
    ...givenOf({ compatibleText: optionalText(content, 'CompatibleText', BAD), cloudCustomData }),
    dedupKey: `rest:${random}:${crc}`,
    dedupWindowS: GROUP_DEDUP_WINDOW_S,
  };
}

function streamElementOf(body: JsonObject): JsonObject {
  const elements = requiredList(body, 'MsgBody', {
    codes: { notArray: BAD, tooFew: BAD, tooMany: BAD },
    bounds: { min: 1, max: 1 },
  });
  const [element = {}] = eachObject(elements, 'MsgBody', BAD);
  if (requiredText(element, 'MsgType', BAD) !== STREAM_ELEMENT) {
    throw badField(BAD, 'MsgType', `must be ${STREAM_ELEMENT}`);
  }
  const content = optionalObject(element, 'MsgContent', BAD);
  if (content === undefined) throw badField(BAD, 'MsgContent', 'is required');
  return content;
}

function chunkOf(chunk: JsonObject) {
  if (requiredText(chunk, 'EventType', BAD) !== DATA_EVENT) {
    throw badField(BAD, 'EventType', `must be "${DATA_EVENT}"`);
  }
  return {
    index: requiredInteger(chunk, 'Index', { code: BAD }),
    markdown: optionalText(chunk, 'Markdown', BAD) ?? '',
    isLast: isLastOf(chunk),
  };
}

/** The public pages do not say whether it is a number or a boolean. */
const isLastOf = (chunk: JsonObject): boolean =>
  typeof chunk.IsLast === 'boolean' ? chunk.IsLast : (optionalFlag(chunk, 'IsLast') ?? false);
