// The one check of a message's body. Nobody looks into it afterwards.
import { ChatError, MESSAGE_BYTES_MAX } from '@parley/kernel';
import type { Codes } from './codes.js';
import {
  ELEMENT_SHAPES,
  type ElementShape,
  type FieldType,
  type ListShape,
  PLATFORM_ELEMENT_SHAPES,
} from './element-shapes.js';
import { BODY_DEPTH_MAX, ELEMENTS_PER_BODY_MAX } from './limits.js';

// A byte order mark is no part of JSON: kept, so that JSON.parse refuses it.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Holds a body and its CloudCustomData against the message format.
 * @throws ChatError with the code of the caller's border: too long, not UTF-8 JSON, not an array, a bad element.
 */
export function checkBody(body: Uint8Array, cloudCustomData: string, codes: Codes): void {
  checkLength(body.byteLength + Buffer.byteLength(cloudCustomData), codes);
  new BodyCheck(codes, ELEMENT_SHAPES).body(parseJson(body, codes), 0);
}

/** The same for what the platform itself says, which may hold tips and notices: nobody else makes them. */
export function checkPlatformBody(body: Uint8Array, cloudCustomData: string, codes: Codes): void {
  checkLength(body.byteLength + Buffer.byteLength(cloudCustomData), codes);
  new BodyCheck(codes, PLATFORM_ELEMENT_SHAPES).body(parseJson(body, codes), 0);
}

function checkLength(bytes: number, codes: Codes): void {
  if (bytes > MESSAGE_BYTES_MAX) {
    throw new ChatError(
      codes.messageTooLong,
      `MsgBody and CloudCustomData have ${bytes} bytes, ${MESSAGE_BYTES_MAX} are allowed`,
    );
  }
}

function parseJson(body: Uint8Array, codes: Codes): unknown {
  try {
    return JSON.parse(utf8.decode(body));
  } catch (cause) {
    throw new ChatError(codes.bodyNotJson, 'MsgBody is not JSON in UTF-8', { cause });
  }
}

class BodyCheck {
  #elements = 0;

  constructor(
    private readonly codes: Codes,
    private readonly shapes: ReadonlyMap<string, ElementShape>,
  ) {}

  body(value: unknown, depth: number): void {
    if (!Array.isArray(value)) throw new ChatError(this.codes.bodyNotArray, 'MsgBody is not an array');
    if (value.length === 0) throw new ChatError(this.codes.bodyMalformed, 'MsgBody is empty');
    this.#elements += value.length;
    if (this.#elements > ELEMENTS_PER_BODY_MAX) {
      throw new ChatError(
        this.codes.bodyMalformed,
        `a message has at most ${ELEMENTS_PER_BODY_MAX} elements`,
      );
    }
    let customElements = 0;
    for (const element of value) {
      if (this.#element(element, depth + 1) === 'TIMCustomElem') customElements++;
    }
    if (customElements > 1) {
      throw new ChatError(this.codes.bodyMalformed, 'a message has at most one TIMCustomElem');
    }
  }

  /** Answers the element's type. */
  #element(value: unknown, depth: number): string {
    if (!isObject(value) || typeof value.MsgType !== 'string') {
      throw new ChatError(this.codes.bodyMalformed, 'an element is an object with MsgType and MsgContent');
    }
    const { MsgType: type, MsgContent: content } = value;
    const shape = this.shapes.get(type);
    if (shape === undefined) throw this.#invalid('MsgType is unknown');
    if (!isObject(content)) throw this.#invalid(`MsgContent of ${type} is not an object`);
    for (const name of shape.required ?? []) {
      if (content[name] === undefined) throw this.#invalid(`${type} lacks ${name}`);
    }
    this.#content(content, shape, type, depth + 1);
    for (const name of Object.keys(value)) {
      if (name !== 'MsgType' && name !== 'MsgContent') this.#depth(value[name], depth + 1);
    }
    return type;
  }

  #content(content: JsonObject, shape: ElementShape, where: string, depth: number): void {
    for (const name of Object.keys(content)) {
      const value = content[name];
      const list = shape.lists?.[name];
      if (list !== undefined) this.#list(value, list, `${where}.${name}`, depth + 1);
      else if (shape.fields[name] !== undefined) this.#field(value, shape.fields[name], `${where}.${name}`);
      else this.#depth(value, depth + 1);
    }
  }

  #field(value: unknown, type: FieldType, where: string): void {
    const isRight =
      type === 'integer'
        ? Number.isSafeInteger(value)
        : typeof value === type && (type !== 'number' || Number.isFinite(value));
    if (!isRight) throw this.#invalid(`${where} is not a ${type}`);
  }

  #list(value: unknown, shape: ListShape, where: string, depth: number): void {
    if (!Array.isArray(value)) throw this.#invalid(`${where} is not an array`);
    if (value.length > shape.itemsMax) throw this.#invalid(`${where} has more than ${shape.itemsMax} items`);
    for (const item of value) {
      if (shape.item === undefined) {
        this.#field(item, 'string', `an item of ${where}`);
        continue;
      }
      if (!isObject(item)) throw this.#invalid(`an item of ${where} is not an object`);
      // Also bounds the nesting of the inner body, before anything recurses into it.
      this.#content(item, shape.item, where, depth + 1);
      const inner = shape.bodyField === undefined ? undefined : item[shape.bodyField];
      if (inner !== undefined) this.body(inner, depth + 1);
    }
  }

  /** Bounds the nesting of what no rule looks at. */
  #depth(value: unknown, depth: number): void {
    if (typeof value !== 'object' || value === null) return;
    if (depth > BODY_DEPTH_MAX) {
      throw this.#invalid(`MsgBody is nested deeper than ${BODY_DEPTH_MAX} levels`);
    }
    for (const inner of Object.values(value)) this.#depth(inner, depth + 1);
  }

  #invalid(info: string): ChatError {
    return new ChatError(this.codes.elementInvalid, info);
  }
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
