// The five types as rows. A letter that stands in a row may: see policy.ts.
import { ErrorCode } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import type { GroupPolicy, Operation } from './policy.js';

const { FREE, NEED_PERMISSION, DISABLED } = groupv1.JoinOption;
const { NOTIFY, NOT_NOTIFY } = groupv1.ReceiveOption;

/** Messages per second of one group; client-features.md 10.3. */
const RATE_MAX = 40;
/** An owner who may not leave is told so. */
const OWNER_STAYS = { quitO: ErrorCode.GROUP_OWNER_MUST_STAY };

/** Public: the row that most others differ from in a few cells. */
const PUBLIC_MAY: Readonly<Record<Operation, string>> = {
  readInfo: 'SMAOX',
  readMembers: 'MAOX',
  modifyProfile: 'AOX',
  modifyOptions: 'AOX',
  muteAll: 'AOX',
  destroy: 'OX',
  transfer: 'OX',
  appointAdmin: 'OX',
  join: 'SMAO',
  invite: 'MAOX',
  addDirectly: 'X',
  quit: 'MA',
  kickMember: 'AOX',
  kickAdmin: 'OX',
  muteMember: 'AOX',
  muteAdmin: 'OX',
  banMember: 'AOX',
  banAdmin: 'OX',
  modifySelf: 'MAO',
  modifyMember: 'AOX',
  modifyAdmin: 'OX',
  decideApplication: 'AO',
  readAttributes: 'MAOX',
  changeAttributes: 'MAOX',
  readCounters: 'MAOX',
  changeCounters: 'MAOX',
  readPins: 'MAOX',
  // Who leads the group; client-features.md 5.12 leaves it to the type.
  changePins: 'AOX',
  countOnline: 'MAOX',
  send: 'MAOX',
  sendWhileAllMuted: 'AOX',
  import: 'X',
};

const PUBLIC: GroupPolicy = {
  name: 'Public',
  aliases: [],
  hasMembers: true,
  hasAdmins: true,
  membersMax: 'group',
  ownerMayQuit: false,
  may: PUBLIC_MAY,
  refusals: OWNER_STAYS,
  apply: { default: NEED_PERMISSION, isFixed: false },
  invite: { default: DISABLED, isFixed: false },
  receiveOption: NOTIFY,
  storesHistory: true,
  historyBeforeJoin: { default: false, isFixed: false },
  hiddenUntilActive: false,
  countsUnread: true,
  takesTargeted: true,
  takesAtAll: true,
  takesRecall: true,
  takesReceipts: true,
  hasTopics: false,
  tips: { members: 'stored', profile: 'stored', options: 'off', roles: 'stored' },
  rateMax: RATE_MAX,
};

const WORK: GroupPolicy = {
  ...PUBLIC,
  name: 'Private',
  aliases: ['Work'],
  hiddenUntilActive: true,
  hasAdmins: false,
  ownerMayQuit: true,
  may: {
    ...PUBLIC_MAY,
    readInfo: 'MAOX',
    modifyProfile: 'MAOX',
    modifyOptions: 'OX',
    muteAll: 'OX',
    destroy: 'X',
    appointAdmin: '',
    join: '',
    quit: 'MO',
    kickMember: 'OX',
    muteMember: '',
    muteAdmin: '',
    banMember: 'OX',
    modifyMember: 'OX',
    decideApplication: 'O',
    changePins: 'OX',
    sendWhileAllMuted: 'OX',
  },
  refusals: {},
  apply: { default: DISABLED, isFixed: true },
  invite: { default: FREE, isFixed: false },
};

const MEETING: GroupPolicy = {
  ...PUBLIC,
  name: 'ChatRoom',
  aliases: ['Meeting'],
  apply: { default: FREE, isFixed: false },
  receiveOption: NOT_NOTIFY,
  historyBeforeJoin: { default: true, isFixed: false },
  countsUnread: false,
  tips: { members: 'off', profile: 'stored', options: 'off', roles: 'off' },
};

const LIVE: GroupPolicy = {
  ...PUBLIC,
  name: 'AVChatRoom',
  hasMembers: false,
  hasAdmins: false,
  membersMax: 'none',
  may: {
    ...PUBLIC_MAY,
    readMembers: '',
    modifyProfile: 'OX',
    modifyOptions: 'OX',
    muteAll: 'OX',
    transfer: '',
    appointAdmin: '',
    invite: '',
    addDirectly: '',
    // Whoever is there is a stranger to the tables.
    quit: 'SMA',
    kickMember: '',
    kickAdmin: '',
    // The admins of a live group: see ChangeLiveAdmins.
    muteMember: 'AOX',
    banMember: 'OX',
    modifySelf: '',
    modifyMember: '',
    modifyAdmin: '',
    decideApplication: '',
    readAttributes: 'SMAOX',
    changeAttributes: 'SMAOX',
    readCounters: 'SMAOX',
    changeCounters: 'SMAOX',
    readPins: '',
    changePins: '',
    countOnline: 'SMAOX',
    send: 'SMAOX',
    import: '',
  },
  refusals: {
    ...OWNER_STAYS,
    kickMemberX: ErrorCode.GROUP_BAD_PARAMETER,
    kickAdminX: ErrorCode.GROUP_BAD_PARAMETER,
  },
  apply: { default: FREE, isFixed: true },
  invite: { default: DISABLED, isFixed: true },
  receiveOption: NOT_NOTIFY,
  storesHistory: false,
  historyBeforeJoin: { default: false, isFixed: true },
  countsUnread: false,
  takesTargeted: false,
  takesAtAll: false,
  takesRecall: false,
  takesReceipts: false,
  tips: { members: 'sent', profile: 'sent', options: 'off', roles: 'off' },
};

const COMMUNITY: GroupPolicy = {
  ...PUBLIC,
  name: 'Community',
  membersMax: 'community',
  may: { ...PUBLIC_MAY, readCounters: '', changeCounters: '' },
  apply: { default: FREE, isFixed: true },
  invite: { default: FREE, isFixed: false },
  historyBeforeJoin: { default: true, isFixed: false },
  takesTargeted: false,
  takesReceipts: false,
  hasTopics: true,
};

export const BUILT_IN_TYPES: readonly GroupPolicy[] = [WORK, PUBLIC, MEETING, LIVE, COMMUNITY];
