// Between the MsgBody array of the wire (JSON) and the payloads of the API.
import { TYPES } from '../constants/types.js';
import { decodeNotice, decodeTip } from '../groups/notice-codec.js';
import type { MessageElement, MessagePayload } from '../model/message.js';

type Fields = Readonly<Record<string, unknown>>;

/** Pairs of payload field and wire field, with the type's zero value. */
interface ElementShape {
  readonly [payloadField: string]: { readonly wire: string; readonly empty: string | number };
}

const SHAPES: ReadonlyMap<unknown, ElementShape> = new Map<unknown, ElementShape>([
  [TYPES.MSG_TEXT, { text: { wire: 'Text', empty: '' } }],
  [TYPES.MSG_FACE, { index: { wire: 'Index', empty: 0 }, data: { wire: 'Data', empty: '' } }],
  [
    TYPES.MSG_LOCATION,
    {
      description: { wire: 'Desc', empty: '' },
      latitude: { wire: 'Latitude', empty: 0 },
      longitude: { wire: 'Longitude', empty: 0 },
    },
  ],
  [
    TYPES.MSG_CUSTOM,
    {
      data: { wire: 'Data', empty: '' },
      description: { wire: 'Desc', empty: '' },
      extension: { wire: 'Ext', empty: '' },
    },
  ],
]);

const utf8Encoder = new TextEncoder();
const utf8Decoder = new TextDecoder();

/** The MsgBody bytes of a message of the types that can be created here. */
export function encodeBody(elements: readonly MessageElement[]): Uint8Array {
  const body = elements.map(({ type, payload }) => ({
    MsgType: type,
    MsgContent: toContent(type, payload as unknown as Fields),
  }));
  return utf8Encoder.encode(JSON.stringify(body));
}

/**
 * The elements of a message. Types that this version does not know keep their wire
 * fields; a body that is no MsgBody, which the server lets nobody send, has none.
 */
export function decodeBody(body: Uint8Array): MessageElement[] {
  const parsed = parseJson(utf8Decoder.decode(body));
  if (!Array.isArray(parsed)) return [];
  return parsed.filter(isWireElement).map(({ MsgType, MsgContent }) => ({
    type: MsgType as TYPES,
    payload: toPayload(MsgType, MsgContent) as unknown as MessagePayload,
  }));
}

/** What is left of an element that lost its content: every field of its type, at rest. */
export const emptyElement = (type: TYPES): MessageElement => ({
  type,
  payload: toPayload(String(type), {}) as unknown as MessagePayload,
});

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isWireElement = (value: unknown): value is { MsgType: string; MsgContent: Fields } =>
  isObject(value) && typeof value.MsgType === 'string' && isObject(value.MsgContent);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // JSON.parse can only throw; the caller treats what is no array alike
  }
}

function toContent(type: unknown, payload: Fields): Fields {
  const shape = SHAPES.get(type);
  if (shape === undefined) return payload;
  return Object.fromEntries(
    Object.entries(shape).map(([field, { wire, empty }]) => [wire, payload[field] ?? empty]),
  );
}

/** Made by the platform alone: read, never written. */
const SYSTEM_ELEMENTS: ReadonlyMap<unknown, (content: Fields) => object> = new Map<
  unknown,
  (content: Fields) => object
>([
  [TYPES.MSG_GRP_TIP, decodeTip],
  [TYPES.MSG_GRP_SYS_NOTICE, decodeNotice],
]);

function toPayload(type: string, content: Fields): object {
  const decode = SYSTEM_ELEMENTS.get(type);
  if (decode !== undefined) return decode(content);
  const shape = SHAPES.get(type);
  if (shape === undefined) return content;
  return Object.fromEntries(
    Object.entries(shape).map(([field, { wire, empty }]) => [field, content[wire] ?? empty]),
  );
}
