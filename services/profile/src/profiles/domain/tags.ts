// The fields of a profile as data: type, limits, who reads and writes. Source: rest-accounts-messages.md 8.1,
// client-features.md 12.

/** `app`: the app's clients; `admin`: its back end. */
export interface Rights {
  readonly app: boolean;
  readonly admin: boolean;
}

export interface TagRule {
  /** `any`: a text, or a number that comes as one. */
  readonly type: 'text' | 'number' | 'any';
  readonly bytesMax: number;
  /** The only texts that the field may have. */
  readonly values?: readonly string[];
  readonly read: Rights;
  readonly write: Rights;
}

const ALL: Rights = { app: true, admin: true };
/** Source: rest-accounts-messages.md 19.3, 40601. */
const VALUE_BYTES_MAX = 500;

const text = (bytesMax = VALUE_BYTES_MAX): TagRule => ({ type: 'text', bytesMax, read: ALL, write: ALL });
const choice = (...values: string[]): TagRule => ({ ...text(), values });
const number: TagRule = { type: 'number', bytesMax: VALUE_BYTES_MAX, read: ALL, write: ALL };

export const NICK_TAG = 'Tag_Profile_IM_Nick';
export const IMAGE_TAG = 'Tag_Profile_IM_Image';
export const ALLOW_TYPE_TAG = 'Tag_Profile_IM_AllowType';
export const ADMIN_FORBID_TYPE_TAG = 'Tag_Profile_IM_AdminForbidType';

export const STANDARD_TAGS: ReadonlyMap<string, TagRule> = new Map([
  [NICK_TAG, text()],
  ['Tag_Profile_IM_Gender', choice('Gender_Type_Unknown', 'Gender_Type_Female', 'Gender_Type_Male')],
  ['Tag_Profile_IM_BirthDay', number],
  ['Tag_Profile_IM_Location', text(16)],
  ['Tag_Profile_IM_SelfSignature', text()],
  [ALLOW_TYPE_TAG, choice('AllowType_Type_NeedConfirm', 'AllowType_Type_AllowAny', 'AllowType_Type_DenyAny')],
  ['Tag_Profile_IM_Language', number],
  [IMAGE_TAG, text()],
  ['Tag_Profile_IM_MsgSettings', number],
  [
    ADMIN_FORBID_TYPE_TAG,
    {
      ...choice('AdminForbid_Type_None', 'AdminForbid_Type_SendOut'),
      write: { app: false, admin: true },
    },
  ],
  ['Tag_Profile_IM_Level', number],
  ['Tag_Profile_IM_Role', number],
]);
