// The body of a message that grows, as clients know it: one custom element that lists the pieces so far.

/** A message that grows. */
export interface StreamState {
  readonly chunks: readonly string[];
  readonly isFinished: boolean;
  /** What clients show that know no such messages. */
  readonly compatibleText: string;
}

/** Source of these numbers: client-features.md 5.14. */
const PLUGIN = 2;
const SOURCE_STREAM = 2;

export function toStreamBody({ chunks, isFinished, compatibleText }: StreamState): Uint8Array {
  const data = { chatbotPlugin: PLUGIN, src: SOURCE_STREAM, chunks, isFinished: isFinished ? 1 : 0 };
  const content = { Data: JSON.stringify(data), Desc: compatibleText };
  return new TextEncoder().encode(JSON.stringify([{ MsgType: 'TIMCustomElem', MsgContent: content }]));
}

/** Undefined: the body is another message's. */
export function readStreamBody(body: Uint8Array): StreamState | undefined {
  const elements = parse(new TextDecoder().decode(body));
  if (!Array.isArray(elements) || elements.length !== 1) return undefined;
  const [element] = elements;
  if (!isObject(element) || element.MsgType !== 'TIMCustomElem' || !isObject(element.MsgContent)) {
    return undefined;
  }
  const { Data: text, Desc: compatibleText } = element.MsgContent;
  const data = typeof text === 'string' ? parse(text) : undefined;
  if (!isObject(data) || data.chatbotPlugin !== PLUGIN || data.src !== SOURCE_STREAM) return undefined;
  const { chunks, isFinished } = data;
  if (typeof compatibleText !== 'string' || !isTexts(chunks)) return undefined;
  if (isFinished !== 0 && isFinished !== 1) return undefined;
  return { chunks, isFinished: isFinished === 1, compatibleText };
}

/** Undefined: no JSON. Custom elements hold whatever their app likes. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');
