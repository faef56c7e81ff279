// What the message commands read alike, with the codes of their family.
import { ChatError, ErrorCode, MESSAGE_BYTES_MAX } from '@parley/kernel';
import {
  type AccountCodes,
  badField,
  fieldOf,
  optionalInteger,
  optionalText,
  requiredAccount,
  requiredInteger,
} from '../../json/fields.js';
import type { JsonObject } from '../../json/json-body.js';

export const FROM_CODES: AccountCodes = {
  invalid: ErrorCode.FROM_ACCOUNT_INVALID,
  notString: ErrorCode.FROM_ACCOUNT_INVALID,
};
export const TO_CODES: AccountCodes = {
  invalid: ErrorCode.TO_ACCOUNT_INVALID,
  notString: ErrorCode.TO_ACCOUNT_INVALID,
};

export const toAccountOf = (body: JsonObject): string => requiredAccount(body, 'To_Account', TO_CODES);

/** 0 stands for absent: SDKs with fixed structures send it so. @throws ChatError 90004. */
export const msgSeqOf = (body: JsonObject): number | undefined =>
  optionalInteger(body, 'MsgSeq', { code: ErrorCode.MESSAGE_SEQ_INVALID }) || undefined;

/** @throws ChatError 90005. */
export const msgRandomOf = (body: JsonObject): number =>
  requiredInteger(body, 'MsgRandom', { code: ErrorCode.MESSAGE_RANDOM_INVALID });

/** Body and custom data of a message. */
export interface MessageContent {
  /** The MsgBody array as JSON. Its elements are judged by the message service, once, for all doors. */
  readonly body: Uint8Array;
  readonly cloudCustomData: string;
}

/** What is answered for a content that cannot be sent. */
export interface ContentCodes {
  readonly notArray: ErrorCode;
  /** CloudCustomData is no string. */
  readonly malformed: ErrorCode;
  /** More than 12 KiB; checked here as well, so that a batch does not carry one oversized body to 500 calls. */
  readonly tooLong: ErrorCode;
}

/** The codes of `openim`; those for length differ among its commands. */
export const contentCodes = (tooLong: ErrorCode): ContentCodes => ({
  notArray: ErrorCode.MESSAGE_BODY_NOT_ARRAY,
  malformed: ErrorCode.MESSAGE_FORMAT_INVALID,
  tooLong,
});

/** @throws ChatError with one of `codes`. */
export function contentOf(body: JsonObject, codes: ContentCodes): MessageContent {
  const msgBody = fieldOf(body, 'MsgBody');
  if (!Array.isArray(msgBody)) throw badField(codes.notArray, 'MsgBody', 'must be an array');
  const cloudCustomData = optionalText(body, 'CloudCustomData', codes.malformed) ?? '';
  const bytes = Buffer.from(JSON.stringify(msgBody));
  if (bytes.length + Buffer.byteLength(cloudCustomData) > MESSAGE_BYTES_MAX) {
    throw new ChatError(
      codes.tooLong,
      `MsgBody and CloudCustomData take at most ${MESSAGE_BYTES_MAX} bytes together`,
    );
  }
  return { body: bytes, cloudCustomData };
}
