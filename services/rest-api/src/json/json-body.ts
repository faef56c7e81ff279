// From the bytes of a request to a JSON object, or undefined. Safe by
// construction: depth is bounded before anything is built, the result is read
// through own properties only (fields.ts), and nothing is ever merged from it.

/** A parsed object of a request. Read it with the functions of fields.ts only. */
export type JsonObject = { readonly [name: string]: unknown };

/**
 * Arrays and objects inside each other, at most. Ours: merged messages nest five
 * levels each, so twelve messages inside each other fit.
 */
export const JSON_DEPTH_MAX = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENERS: ReadonlySet<number> = new Set([0x5b, 0x7b]);
const CLOSERS: ReadonlySet<number> = new Set([0x5d, 0x7d]);

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The object that the bytes hold; undefined when they are not UTF-8, not JSON, too deep or no object. */
export function parseJsonObject(bytes: Uint8Array): JsonObject | undefined {
  if (!isDepthBounded(bytes, JSON_DEPTH_MAX)) return undefined;
  const value = parseJson(bytes);
  return isJsonObject(value) ? value : undefined;
}

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    // Both throw for one reason only: the text is not what it should be.
    return undefined;
  }
}

/** One pass over the bytes; works on any input, also one that is not JSON. */
function isDepthBounded(bytes: Uint8Array, depthMax: number): boolean {
  let depth = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (byte === QUOTE) at = endOfString(bytes, at);
    else if (OPENERS.has(byte)) depth++;
    else if (CLOSERS.has(byte)) depth--;
    if (depth > depthMax) return false;
  }
  return true;
}

function endOfString(bytes: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}
