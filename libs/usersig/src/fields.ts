// Readers of single JSON fields. Undefined: the field is missing or not of its form.
// They are strict because the signed text is made of lines: a value with a line
// feed could pass for two fields.
import { IDENTIFIER_CHARS_MAX } from './limits.js';

type Document = Readonly<Record<string, unknown>>;

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const DECIMAL = /^(?:0|-?[1-9][0-9]{0,14})$/;
const DIGITS = /^[0-9]{1,10}$/;
const SDK_APP_ID_MAX = 0xffff_ffff;

/** A user's name as it stands in the ticket: no control characters. */
export function readIdentifier(document: Document): string | undefined {
  const value = document['TLS.identifier'];
  return typeof value === 'string' && isIdentifier(value) ? value : undefined;
}

export function isIdentifier(value: string): boolean {
  if (value.length === 0 || value.length > IDENTIFIER_CHARS_MAX) return false;
  for (let at = 0; at < value.length; at++) {
    const unit = value.charCodeAt(at);
    if (unit < 0x20 || unit === 0x7f) return false;
  }
  return true;
}

export const isSdkAppId = (value: number): boolean =>
  Number.isInteger(value) && value > 0 && value <= SDK_APP_ID_MAX;

/** A JSON number that is a whole one. */
export function readInteger(document: Document, name: string): number | undefined {
  const value = document[name];
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;
}

/** A string of a whole number in its shortest form. */
export function readDecimal(document: Document, name: string): number | undefined {
  const value = document[name];
  return typeof value === 'string' && DECIMAL.test(value) ? Number(value) : undefined;
}

/** A string of one to ten digits, as it is. */
export function readDigits(document: Document, name: string): string | undefined {
  const value = document[name];
  return typeof value === 'string' && DIGITS.test(value) ? value : undefined;
}

/** A non-empty string of padded base64 in the standard alphabet, as it is. */
export function readBase64(document: Document, name: string): string | undefined {
  const value = document[name];
  return typeof value === 'string' && value !== '' && BASE64.test(value) ? value : undefined;
}

export const decodeBase64 = (text: string): Uint8Array => Buffer.from(text, 'base64');
export const encodeBase64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
