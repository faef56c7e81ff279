// What a message says of its sender.
import type { profilev1 } from '@parley/proto';

const NICK = 'Tag_Profile_IM_Nick';
const IMAGE = 'Tag_Profile_IM_Image';

type Items = readonly profilev1.ProfileItem[];

export const senderOf = (items: Items): { nick: string; faceUrl: string } => ({
  nick: textOf(items, NICK),
  faceUrl: textOf(items, IMAGE),
});

export const concernsSender = (items: Items): boolean =>
  items.some(({ tag }) => tag === NICK || tag === IMAGE);

function textOf(items: Items, tag: string): string {
  const value = items.find((item) => item.tag === tag)?.value;
  return value?.case === 'text' ? value.value : '';
}
