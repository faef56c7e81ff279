// What a change makes of a profile, and what it may be.
import { create } from '@bufbuild/protobuf';
import { ChatError, ErrorCode } from '@parley/kernel';
import { profilev1 } from '@parley/proto';
import { mayDo, ruleOf, type Side } from './reading.js';
import { STANDARD_TAGS, type TagRule } from './tags.js';

/** Every standard field and every custom one, each once. */
const ITEMS_MAX = 32;
/** Source: rest-accounts-messages.md 8.1. */
const VALUE_BYTES_MAX = 500;

/** A profile as it is stored. */
export interface StoredProfile {
  readonly changeSeq: bigint;
  readonly items: readonly profilev1.StoredItem[];
  /** Decided, and perhaps not in the log yet. */
  readonly openChange: profilev1.ProfileChange | undefined;
}

export const NO_PROFILE: StoredProfile = { changeSeq: 0n, items: [], openChange: undefined };

/** @throws ChatError 40001, 40009, 40008, 40610, 40601 or 40605, the first that applies. */
export function checkItems(
  items: readonly profilev1.ProfileItem[],
  side: Side,
  custom: ReadonlyMap<string, TagRule>,
): void {
  if (items.length < 1 || items.length > ITEMS_MAX) {
    throw new ChatError(ErrorCode.PROFILE_BAD_PARAMETER, `1 to ${ITEMS_MAX} fields at once`);
  }
  if (new Set(items.map(({ tag }) => tag)).size < items.length) {
    throw new ChatError(ErrorCode.PROFILE_BAD_PARAMETER, 'a tag is named twice');
  }
  for (const item of items) checkItem(item, side, custom);
}

function checkItem(
  { tag, value }: profilev1.ProfileItem,
  side: Side,
  custom: ReadonlyMap<string, TagRule>,
): void {
  const rule = ruleOf(tag, custom);
  if (rule === undefined) {
    throw new ChatError(ErrorCode.PROFILE_TAG_UNKNOWN, 'a tag is neither standard nor declared');
  }
  if (!mayDo(rule.write, side)) throw new ChatError(ErrorCode.PROFILE_WRITE_DENIED, `${tag} may not be set`);
  const isOfType = value.case !== undefined && (rule.type === 'any' || rule.type === value.case);
  if (!isOfType) throw new ChatError(ErrorCode.PROFILE_VALUE_TYPE_ILLEGAL, `${tag} has another type`);
  if (value.case !== 'text') return;
  const bytes = Buffer.byteLength(value.value);
  if (bytes > VALUE_BYTES_MAX) {
    throw new ChatError(ErrorCode.PROFILE_VALUE_TOO_LONG, `${tag} has at most ${VALUE_BYTES_MAX} bytes`);
  }
  const isLegal = bytes <= rule.bytesMax && (rule.values === undefined || rule.values.includes(value.value));
  if (!isLegal && STANDARD_TAGS.has(tag)) {
    throw new ChatError(ErrorCode.PROFILE_VALUE_ILLEGAL, `${tag} cannot have this value`);
  }
}

export interface Occasion {
  readonly appId: number;
  readonly userId: string;
  readonly operator: string;
  readonly nowMs: number;
}

/** The profile with the fields set; undefined when it has them already. */
export function decideUpdate(
  stored: StoredProfile,
  items: readonly profilev1.ProfileItem[],
  occasion: Occasion,
): StoredProfile | undefined {
  const byTag = new Map(stored.items.map((each) => [each.item?.tag ?? '', each]));
  const changed = items.filter((item) => !isSame(byTag.get(item.tag)?.item, item));
  if (changed.length === 0) return undefined;
  const setAtMs = BigInt(occasion.nowMs);
  for (const item of changed) byTag.set(item.tag, create(profilev1.StoredItemSchema, { item, setAtMs }));
  const all = [...byTag].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
  return changedProfile(stored, all, changed, occasion);
}

/** The profile without what was set up to the end of an account's life; undefined when nothing of it is left. */
export function decideRemoval(
  stored: StoredProfile,
  endedAtMs: bigint,
  occasion: Occasion,
): StoredProfile | undefined {
  const left = stored.items.filter(({ setAtMs }) => setAtMs > endedAtMs);
  return left.length === stored.items.length ? undefined : changedProfile(stored, left, [], occasion);
}

function changedProfile(
  stored: StoredProfile,
  items: readonly profilev1.StoredItem[],
  changed: readonly profilev1.ProfileItem[],
  { appId, userId, operator, nowMs }: Occasion,
): StoredProfile {
  const changeSeq = stored.changeSeq + 1n;
  const openChange = create(profilev1.ProfileChangeSchema, {
    ...{ appId, userId, operator, changeSeq },
    timeMs: BigInt(nowMs),
    items: [...changed],
  });
  return { changeSeq, items, openChange };
}

const isSame = (a: profilev1.ProfileItem | undefined, b: profilev1.ProfileItem): boolean =>
  a !== undefined && a.value.case === b.value.case && a.value.value === b.value.value;
