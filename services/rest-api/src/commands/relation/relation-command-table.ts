// The commands about friends, blocklists and friend groups.
import type { Command } from '../command.js';
import { blackListAdd, blackListDelete, blackListGet } from './black-list.js';
import { blackListCheck, friendCheck } from './checks.js';
import { friendAdd, friendImport } from './friend-add.js';
import { friendDelete, friendDeleteAll, friendUpdate } from './friend-changes.js';
import { groupAdd, groupDelete, groupGet } from './friend-groups.js';
import { friendGet, friendGetList } from './friend-reads.js';

export const RELATION_COMMANDS: readonly Command[] = [
  friendAdd,
  friendImport,
  friendUpdate,
  friendDelete,
  friendDeleteAll,
  friendCheck,
  friendGet,
  friendGetList,
  blackListAdd,
  blackListDelete,
  blackListGet,
  blackListCheck,
  groupAdd,
  groupDelete,
  groupGet,
];
