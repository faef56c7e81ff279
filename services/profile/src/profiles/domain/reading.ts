// Which fields of a profile a caller may see.
import { ChatError, ErrorCode } from '@parley/kernel';
import { type Rights, STANDARD_TAGS, type TagRule } from './tags.js';

/** Who asks: the app's clients, its back end, or the platform itself, which may do everything. */
export type Side = keyof Rights | 'platform';

export const mayDo = (rights: Rights, side: Side): boolean => side === 'platform' || rights[side];

export const ruleOf = (tag: string, custom: ReadonlyMap<string, TagRule>): TagRule | undefined =>
  STANDARD_TAGS.get(tag) ?? custom.get(tag);

/** @throws ChatError 40009 for a tag that is unknown, 40007 for one that `side` may not read. */
export function checkReadable(
  tags: readonly string[],
  side: Side,
  custom: ReadonlyMap<string, TagRule>,
): void {
  for (const tag of tags) {
    const rule = ruleOf(tag, custom);
    if (rule === undefined) {
      throw new ChatError(ErrorCode.PROFILE_TAG_UNKNOWN, 'a tag is neither standard nor declared');
    }
    if (!mayDo(rule.read, side)) throw new ChatError(ErrorCode.PROFILE_READ_DENIED, 'a tag may not be read');
  }
}

/** Whether a stored field is shown: one of those asked for, or, if none was named, all that `side` may read. */
export function shownTags(
  tags: readonly string[],
  side: Side,
  custom: ReadonlyMap<string, TagRule>,
): (tag: string) => boolean {
  if (tags.length > 0) {
    const asked = new Set(tags);
    return (tag) => asked.has(tag);
  }
  return (tag) => {
    const rule = ruleOf(tag, custom);
    return rule !== undefined && mayDo(rule.read, side);
  };
}
