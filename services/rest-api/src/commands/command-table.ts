// Every command of the REST door. A new one is a file and a row here, or in the table of its folder.
import { accountCheck } from './account/account-check.js';
import { accountDelete } from './account/account-delete.js';
import { accountImport } from './account/account-import.js';
import { kick } from './account/kick.js';
import { multiaccountImport } from './account/multiaccount-import.js';
import type { Command } from './command.js';
import { FOLLOW_COMMANDS } from './follow/follow-command-table.js';
import { GROUP_COMMANDS } from './group/group-command-table.js';
import { adminGetroammsg } from './openim/admin-getroammsg.js';
import { adminSetMsgRead } from './openim/admin-set-msg-read.js';
import { batchsendmsg } from './openim/batchsendmsg.js';
import { getC2cUnreadMsgNum } from './openim/get-c2c-unread-msg-num.js';
import { importmsg } from './openim/importmsg.js';
import { adminMsgwithdraw, deleteC2cMsgRamble, modifyC2cMsg } from './openim/message-changes.js';
import { c2cMsgReadReceipt, getKeyValues, setKeyValues } from './openim/message-extensions.js';
import { queryOnlineStatus, querystate } from './openim/query-online-status.js';
import { sendmsg } from './openim/sendmsg.js';
import { PROFILE_COMMANDS } from './profile/profile-command-table.js';
import { RELATION_COMMANDS } from './relation/relation-command-table.js';

export const COMMANDS: readonly Command[] = [
  accountImport,
  multiaccountImport,
  accountDelete,
  accountCheck,
  kick,
  queryOnlineStatus,
  querystate,
  sendmsg,
  batchsendmsg,
  importmsg,
  adminGetroammsg,
  adminSetMsgRead,
  getC2cUnreadMsgNum,
  adminMsgwithdraw,
  modifyC2cMsg,
  deleteC2cMsgRamble,
  c2cMsgReadReceipt,
  setKeyValues,
  getKeyValues,
  ...GROUP_COMMANDS,
  ...PROFILE_COMMANDS,
  ...RELATION_COMMANDS,
  ...FOLLOW_COMMANDS,
];
