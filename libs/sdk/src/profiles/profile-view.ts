// Profiles between the wire and the API.
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { profilev1 } from '@parley/proto';
import { TYPES } from '../constants/types.js';
import type { Profile } from '../model/conversation.js';
import type { UpdateProfileOptions } from '../model/profile-sdk.js';

export type ItemInit = MessageInitShape<typeof profilev1.ProfileItemSchema>;
type FieldName = Exclude<keyof UpdateProfileOptions, 'profileCustomField'>;

const TAGS: Readonly<Record<FieldName, string>> = {
  nick: 'Tag_Profile_IM_Nick',
  avatar: 'Tag_Profile_IM_Image',
  gender: 'Tag_Profile_IM_Gender',
  birthday: 'Tag_Profile_IM_BirthDay',
  location: 'Tag_Profile_IM_Location',
  selfSignature: 'Tag_Profile_IM_SelfSignature',
  allowType: 'Tag_Profile_IM_AllowType',
  language: 'Tag_Profile_IM_Language',
  messageSettings: 'Tag_Profile_IM_MsgSettings',
  adminForbidType: 'Tag_Profile_IM_AdminForbidType',
  level: 'Tag_Profile_IM_Level',
  role: 'Tag_Profile_IM_Role',
};
const FIELD_NAMES = Object.keys(TAGS) as FieldName[];
const FIELD_OF: ReadonlyMap<string, FieldName> = new Map(FIELD_NAMES.map((name) => [TAGS[name], name]));
const CUSTOM_PREFIX = 'Tag_Profile_Custom_';

export const createEmptyProfile = (userID: string): Profile => ({
  userID,
  nick: '',
  avatar: '',
  gender: TYPES.GENDER_UNKNOWN,
  birthday: 0,
  location: '',
  selfSignature: '',
  allowType: TYPES.ALLOW_TYPE_ALLOW_ANY,
  language: 0,
  messageSettings: 0,
  adminForbidType: TYPES.FORBID_TYPE_NONE,
  level: 0,
  role: 0,
  lastUpdatedNumber: 0,
  profileCustomField: [],
});

type WireProfile = Pick<profilev1.Profile, 'userId' | 'items'> &
  Partial<Pick<profilev1.Profile, 'changeSeq'>>;

export function toProfile({ userId, items, changeSeq = 0n }: WireProfile): Profile {
  const known = items.flatMap(({ tag, value }) => {
    const name = FIELD_OF.get(tag);
    return name === undefined ? [] : [[name, value.value] as const];
  });
  const custom = items.filter(({ tag }) => tag.startsWith(CUSTOM_PREFIX));
  return {
    ...createEmptyProfile(userId),
    ...Object.fromEntries(known),
    lastUpdatedNumber: Number(changeSeq),
    profileCustomField: custom.map(({ tag, value }) => ({ key: tag, value: String(value.value ?? '') })),
  };
}

/** Undefined for a value that is neither text nor number: the app's mistake. */
export function toItems(options: UpdateProfileOptions): ItemInit[] | undefined {
  const given = FIELD_NAMES.filter((name) => options[name] !== undefined);
  const custom = options.profileCustomField ?? [];
  const items = [
    ...given.map((name) => toItem(TAGS[name], options[name])),
    ...custom.map((field) => toItem(field?.key, field?.value)),
  ];
  const good = items.filter((item) => item !== undefined);
  return good.length === items.length ? good : undefined;
}

export function toItem(tag: unknown, value: unknown): ItemInit | undefined {
  if (typeof tag !== 'string') return undefined;
  if (typeof value === 'string') return { tag, value: { case: 'text', value } };
  const isNumber = typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff;
  return isNumber ? { tag, value: { case: 'number', value } } : undefined;
}
