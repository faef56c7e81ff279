// What a change makes of a group's attributes. Limits: rest-groups.md 6.
import { create } from '@bufbuild/protobuf';
import { ChatError, ErrorCode } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import {
  ATTRIBUTE_KEY_BYTES_MAX,
  ATTRIBUTE_VALUE_BYTES_MAX,
  ATTRIBUTES_BYTES_MAX,
  ATTRIBUTES_MAX,
} from './limits.js';
import { badParameter } from './refusals.js';

type Change = Pick<groupv1.ChangeAttributesRequest, 'mode' | 'attributes'>;

/**
 * The attributes after the change, whose number is `seq`; undefined when it changes nothing.
 * @throws ChatError 10004, 10045 to 10048 or 10050.
 */
export function changeAttributes(
  stored: groupv1.AttributeSet,
  change: Change,
  seq: bigint,
): groupv1.AttributeSet | undefined {
  const next = nextValues(stored, change);
  checkLimits(next);
  const before = new Map(stored.attributes.map((attribute) => [attribute.key, attribute]));
  const attributes = [...next].map(([key, value]) => {
    const known = before.get(key);
    return known?.value === value ? known : create(groupv1.AttributeSchema, { key, value, seq });
  });
  const isSame = attributes.length === before.size && attributes.every((one) => before.get(one.key) === one);
  return isSame ? undefined : create(groupv1.AttributeSetSchema, { attributes, mainSeq: seq });
}

function nextValues(stored: groupv1.AttributeSet, { mode, attributes }: Change): Map<string, string> {
  const present = new Map(stored.attributes.map(({ key, value }) => [key, value]));
  switch (mode) {
    case groupv1.AttributeMode.REPLACE:
      return new Map(attributes.map(({ key, value }) => [key, value]));
    case groupv1.AttributeMode.UPSERT:
      for (const { key, value } of attributes) present.set(key, value);
      return present;
    case groupv1.AttributeMode.DELETE:
      for (const { key } of attributes) {
        if (present.delete(key)) continue;
        throw new ChatError(ErrorCode.GROUP_ATTRIBUTE_NOT_FOUND, 'there is no attribute with this key');
      }
      return present;
    case groupv1.AttributeMode.CLEAR:
      return new Map();
    default:
      throw badParameter('how the attributes change is not said');
  }
}

function checkLimits(values: ReadonlyMap<string, string>): void {
  if (values.size > ATTRIBUTES_MAX) {
    throw new ChatError(
      ErrorCode.GROUP_ATTRIBUTES_TOO_MANY,
      `a group has at most ${ATTRIBUTES_MAX} attributes`,
    );
  }
  let bytes = 0;
  for (const [key, value] of values) {
    const keyBytes = Buffer.byteLength(key);
    const valueBytes = Buffer.byteLength(value);
    bytes += keyBytes + valueBytes;
    if (keyBytes < 1 || keyBytes > ATTRIBUTE_KEY_BYTES_MAX) {
      throw new ChatError(
        ErrorCode.GROUP_ATTRIBUTE_KEY_TOO_LONG,
        `a key has 1 to ${ATTRIBUTE_KEY_BYTES_MAX} bytes`,
      );
    }
    if (valueBytes > ATTRIBUTE_VALUE_BYTES_MAX) {
      throw new ChatError(
        ErrorCode.GROUP_ATTRIBUTE_VALUE_TOO_LONG,
        `a value has at most ${ATTRIBUTE_VALUE_BYTES_MAX} bytes`,
      );
    }
  }
  if (bytes <= ATTRIBUTES_BYTES_MAX) return;
  throw new ChatError(
    ErrorCode.GROUP_ATTRIBUTES_TOO_LONG,
    `a group's attributes have at most ${ATTRIBUTES_BYTES_MAX} bytes`,
  );
}
