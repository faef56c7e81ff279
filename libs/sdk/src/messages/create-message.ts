// Messages that are about to be sent: checks what the app passes, gives the identity.
import { TYPES } from '../constants/types.js';
import { ChatFailure, FailureCode } from '../events/failure.js';
import type { AtPayload, CreateMessageOptions } from '../model/chat-sdk.js';
import type { Message, MessagePayload } from '../model/message.js';
import { createBlankMessage } from './blank-message.js';
import { C2C, c2cWith, GROUP, inGroup, TOPIC } from './conversation-kind.js';

/** The types that an app may create so far. */
export type CreatableType =
  | typeof TYPES.MSG_TEXT
  | typeof TYPES.MSG_FACE
  | typeof TYPES.MSG_LOCATION
  | typeof TYPES.MSG_CUSTOM;

type FieldKind = 'string' | 'number';

interface FieldRule {
  readonly kind: FieldKind;
  /** For a field that may be absent. */
  readonly otherwise?: string;
}

const RULES: Readonly<Record<CreatableType, Readonly<Record<string, FieldRule>>>> = {
  [TYPES.MSG_TEXT]: { text: { kind: 'string' } },
  [TYPES.MSG_FACE]: { index: { kind: 'number' }, data: { kind: 'string', otherwise: '' } },
  [TYPES.MSG_LOCATION]: {
    description: { kind: 'string', otherwise: '' },
    latitude: { kind: 'number' },
    longitude: { kind: 'number' },
  },
  [TYPES.MSG_CUSTOM]: {
    data: { kind: 'string', otherwise: '' },
    description: { kind: 'string', otherwise: '' },
    extension: { kind: 'string', otherwise: '' },
  },
};

export interface DraftContext {
  readonly from: string;
  /** Wall time, ms. */
  readonly nowMs: number;
  /** 0 up to, not including, 1. */
  readonly chance: number;
}

/** @throws ChatFailure 6017 when an option or a field of the payload is missing or of the wrong kind. */
export function createDraft(
  type: CreatableType,
  options: CreateMessageOptions<object>,
  { from, nowMs, chance }: DraftContext,
): Message {
  check(typeof options === 'object' && options !== null, 'options are an object');
  const { to, conversationType, payload } = options;
  check(typeof to === 'string' && to !== '', 'to is a UserID or a GroupID');
  check(typeof payload === 'object' && payload !== null, 'payload is an object');
  check(
    conversationType === C2C.type || conversationType === GROUP.type || conversationType === TOPIC.type,
    'conversationType is CONV_C2C, CONV_GROUP or CONV_TOPIC',
  );
  const clientTime = Math.floor(nowMs / 1000);
  const random = Math.floor(chance * 0x1_0000_0000);
  const message = createBlankMessage({
    ID: `${from}-${clientTime}-${random}`,
    from,
    to,
    conversation: conversationType === C2C.type ? c2cWith(to) : inGroup(to),
    isOwn: true,
    clientTime,
    random,
    elements: [{ type, payload: readPayload(type, payload as Readonly<Record<string, unknown>>) }],
  });
  message.priority = options.priority ?? TYPES.MSG_PRIORITY_NORMAL;
  message.cloudCustomData = optionalText(options.cloudCustomData, 'cloudCustomData');
  message.needReadReceipt = options.needReadReceipt === true;
  message.isSupportExtension = options.isSupportExtension === true;
  const receivers = optionalIDs(options.receiverList, 'receiverList');
  if (receivers.length > 0) message.receiverList = receivers;
  return message;
}

function readPayload(type: CreatableType, payload: Readonly<Record<string, unknown>>): MessagePayload {
  const read = Object.entries(RULES[type]).map(([field, rule]) => {
    const value = payload[field] ?? rule.otherwise;
    const isGood = typeof value === rule.kind && (rule.kind !== 'number' || Number.isFinite(value));
    check(isGood, `payload.${field} is a ${rule.kind}`);
    return [field, value];
  });
  return Object.fromEntries(read) as MessagePayload;
}

/** A text that mentions members of a group. @throws ChatFailure 6017 */
export function createAtDraft(options: CreateMessageOptions<AtPayload>, context: DraftContext): Message {
  const message = createDraft(TYPES.MSG_TEXT, options, context);
  check(message.conversationType !== C2C.type, 'only messages to groups mention somebody');
  check(message.receiverList === undefined, 'a message for some members mentions nobody');
  const atUserList = optionalIDs(options.payload.atUserList, 'payload.atUserList');
  check(atUserList.length > 0, 'payload.atUserList names whom the message mentions');
  message.atUserList = atUserList;
  return message;
}

function optionalIDs(value: unknown, name: string): string[] {
  check(value === undefined || Array.isArray(value), `${name} is an array of UserIDs`);
  const ids: unknown[] = Array.isArray(value) ? value : [];
  check(
    ids.every((id) => typeof id === 'string' && id !== ''),
    `${name} is an array of UserIDs`,
  );
  return ids as string[];
}

function optionalText(value: unknown, name: string): string {
  check(value === undefined || typeof value === 'string', `${name} is a string`);
  return typeof value === 'string' ? value : '';
}

function check(isGood: boolean, rule: string): void {
  if (!isGood) throw new ChatFailure(FailureCode.BAD_PARAMETER, rule);
}
