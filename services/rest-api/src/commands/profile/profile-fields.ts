// Fields of profiles between JSON and the contract.
import type { MessageInitShape } from '@bufbuild/protobuf';
import { ChatError, ErrorCode } from '@parley/kernel';
import type { profilev1 } from '@parley/proto';
import { eachObject, fieldOf, requiredText, UINT32_MAX } from '../../json/fields.js';
import type { JsonObject } from '../../json/json-body.js';

const BAD = ErrorCode.PROFILE_BAD_PARAMETER;

export type ItemInit = MessageInitShape<typeof profilev1.ProfileItemSchema>;

/** The items of a list of {Tag, Value}. @throws ChatError 40001, or 40610 for a value of a wrong type. */
export function itemsOf(body: JsonObject, name: string): ItemInit[] {
  const list = fieldOf(body, name);
  if (!Array.isArray(list)) throw new ChatError(BAD, `${name} is required and must be an array`);
  return eachObject(list, name, BAD).map((item) => ({
    tag: requiredText(item, 'Tag', BAD),
    value: toValue(fieldOf(item, 'Value')),
  }));
}

function toValue(value: unknown): NonNullable<ItemInit['value']> {
  if (typeof value === 'string') return { case: 'text', value };
  const isNumber = Number.isInteger(value) && (value as number) >= 0 && (value as number) <= UINT32_MAX;
  if (isNumber) return { case: 'number', value: value as number };
  throw new ChatError(
    ErrorCode.PROFILE_VALUE_TYPE_ILLEGAL,
    'Value must be a string or an unsigned 32-bit integer',
  );
}

export const toJson = ({ tag, value }: profilev1.ProfileItem) => ({ Tag: tag, Value: value.value ?? '' });
