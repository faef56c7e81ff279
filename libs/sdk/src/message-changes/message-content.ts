// What a change gives to a message. Pure.
import type { messagev1 } from '@parley/proto';
import type { ConversationAddress } from '../messages/conversation-kind.js';
import { emptyElement } from '../messages/element-codec.js';
import { readMessage } from '../messages/read-message.js';
import type { Message, MessageRecord } from '../model/message.js';

/** The part of a message that changes. */
export type ChangeableFields = Pick<
  Message,
  'type' | 'payload' | 'elements' | 'cloudCustomData' | 'isModified'
>;

export interface MessageContent {
  /** Number of the change that made it so; the higher one stands. */
  readonly version: number;
  /** Undefined: it was recalled. */
  readonly fields?: ChangeableFields;
  readonly revoker?: string;
  readonly revokeReason?: string;
}

export const recalledContent = (change: messagev1.MessageChange, reason: string): MessageContent => ({
  ...{ version: Number(change.changeSeq), revoker: change.operator, revokeReason: reason },
});

export function contentOf({ message, version }: MessageRecord): MessageContent {
  const { type, payload, elements, cloudCustomData, isModified, revoker, revokeReason } = message;
  if (message.isRevoked) return { version, revoker, revokeReason };
  return { version, fields: { type, payload, elements, cloudCustomData, isModified } };
}

export const modifiedContent = (
  wire: messagev1.Message,
  self: string,
  address: ConversationAddress,
): MessageContent => contentOf(readMessage(wire, self, address));

/** @returns whether the message took it: what is not newer changes nothing. */
export function takeContent(record: MessageRecord, content: MessageContent): boolean {
  if (content.version < record.version) return false;
  if (content.version === record.version && !record.isTouched) return false;
  record.version = content.version;
  record.isTouched = false;
  if (content.fields === undefined) revoke(record, content);
  else Object.assign(record.message, content.fields);
  return true;
}

function revoke(record: MessageRecord, { revoker = '', revokeReason = '' }: MessageContent): void {
  const { message } = record;
  record.isCounted = false;
  Object.assign(message, { isRevoked: true, revoker, revokeReason });
  message.revokerInfo = { userID: revoker, nick: '', avatar: '' };
  // Its author may take the text up again for as long as it is in memory.
  if (message.flow === 'out') return;
  const element = emptyElement(message.type);
  Object.assign(message, { elements: [element], payload: element.payload, cloudCustomData: '' });
}
