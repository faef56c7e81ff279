// What the fields of an entry may be. Source: rest-accounts-messages.md 9.1.
import { ChatError, ErrorCode } from '@parley/kernel';
import type { profilev1 } from '@parley/proto';
import { CUSTOM_VALUE_BYTES_MAX, REMARK_BYTES_MAX, WORDING_BYTES_MAX } from './limits.js';

const SOURCE = /^AddSource_Type_[A-Za-z]{1,8}$/;

const bad = (info: string): ChatError => new ChatError(ErrorCode.SNS_BAD_PARAMETER, info);

export interface TextFields {
  readonly remark?: string;
  readonly addSource?: string;
  readonly addWording?: string;
}

/** @throws ChatError 30001 */
export function checkTexts({ remark = '', addSource = '', addWording = '' }: TextFields): void {
  if (Buffer.byteLength(remark) > REMARK_BYTES_MAX)
    throw bad(`a remark has at most ${REMARK_BYTES_MAX} bytes`);
  if (Buffer.byteLength(addWording) > WORDING_BYTES_MAX) {
    throw bad(`the words of a request have at most ${WORDING_BYTES_MAX} bytes`);
  }
  if (addSource !== '' && !SOURCE.test(addSource))
    throw bad('a source is AddSource_Type_ and up to 8 letters');
}

/** @throws ChatError 30001 */
export function checkCustom(items: readonly profilev1.ProfileItem[], declared: ReadonlySet<string>): void {
  if (new Set(items.map(({ tag }) => tag)).size < items.length) throw bad('a tag is named twice');
  for (const { tag, value } of items) {
    if (!declared.has(tag)) throw bad('a custom field is not declared');
    if (value.case === undefined) throw bad('a custom field has no value');
    if (value.case === 'text' && Buffer.byteLength(value.value) > CUSTOM_VALUE_BYTES_MAX) {
      throw bad(`a custom field has at most ${CUSTOM_VALUE_BYTES_MAX} bytes`);
    }
  }
}

/** Those of before with those that are given, sorted by tag. An empty text takes a field away. */
export function mergeCustom(
  before: readonly profilev1.ProfileItem[],
  given: readonly profilev1.ProfileItem[],
): profilev1.ProfileItem[] {
  const byTag = new Map([...before, ...given].map((item) => [item.tag, item]));
  return [...byTag.values()]
    .filter(({ value }) => value.case === 'number' || (value.case === 'text' && value.value !== ''))
    .sort((a, b) => (a.tag < b.tag ? -1 : 1));
}
