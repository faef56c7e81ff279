// What stands beside a user on a list of follows: name and picture.
import type { profilev1 } from '@parley/proto';

const SHOWN_TAGS: ReadonlySet<string> = new Set(['Tag_Profile_IM_Nick', 'Tag_Profile_IM_Image']);

export const shownItems = (items: readonly profilev1.ProfileItem[]): profilev1.ProfileItem[] =>
  items.filter(({ tag }) => SHOWN_TAGS.has(tag));
