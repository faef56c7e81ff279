// The outer layers, the same in both schemes: JSON in zlib in base64 with three
// characters exchanged.
import { deflateSync, inflateSync } from 'node:zlib';
import { USER_SIG_CHARS_MAX, USER_SIG_JSON_BYTES_MAX } from './limits.js';

export type Unpacked =
  | { readonly kind: 'unpacked'; readonly document: Readonly<Record<string, unknown>> }
  | { readonly kind: 'malformed'; readonly info: string };

const PACKED_TEXT = /^[A-Za-z0-9*-]+_{0,2}$/;
/** One allocation holds any ordinary ticket; larger ones take another round. */
const INFLATE_CHUNK_BYTES = 1024;

/** @throws RangeError when the result would be too long to be verified. */
export function pack(document: Readonly<Record<string, unknown>>): string {
  const json = Buffer.from(JSON.stringify(document), 'utf8');
  const text = deflateSync(json)
    .toString('base64')
    .replaceAll('+', '*')
    .replaceAll('/', '-')
    .replaceAll('=', '_');
  if (json.length > USER_SIG_JSON_BYTES_MAX || text.length > USER_SIG_CHARS_MAX) {
    throw new RangeError('the UserSig would be too long: shorten its userbuf');
  }
  return text;
}

/** Never throws. Memory is bounded whatever the text inflates to. */
export function unpack(text: string): Unpacked {
  if (text.length > USER_SIG_CHARS_MAX) return malformed(`longer than ${USER_SIG_CHARS_MAX} characters`);
  if (text.length % 4 !== 0 || !PACKED_TEXT.test(text))
    return malformed('truncated, or of foreign characters');
  const base64 = text.replaceAll('*', '+').replaceAll('-', '/').replaceAll('_', '=');
  const packed = Buffer.from(base64, 'base64');
  // One ticket, one text: spare bits of the last character are no place to write on.
  if (packed.toString('base64') !== base64) return malformed('truncated, or of foreign characters');
  const json = inflate(packed);
  if (json === undefined) return malformed('its compression is corrupted, or it inflates to too much');
  const document = parseObject(json);
  return document === undefined ? malformed('not a JSON object inside') : { kind: 'unpacked', document };
}

const malformed = (info: string): Unpacked => ({ kind: 'malformed', info });

function inflate(packed: Buffer): string | undefined {
  try {
    return inflateSync(packed, {
      chunkSize: INFLATE_CHUNK_BYTES,
      maxOutputLength: USER_SIG_JSON_BYTES_MAX,
      rejectGarbageAfterEnd: true,
    }).toString('utf8');
  } catch {
    // Whatever zlib says, a stranger's bytes are to blame: the answer is the same.
    return undefined;
  }
}

function parseObject(json: string): Readonly<Record<string, unknown>> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    // Not JSON is an ordinary answer here.
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return value as Readonly<Record<string, unknown>>;
}
