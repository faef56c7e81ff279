// The commands about who follows whom.
import type { Command } from '../command.js';
import { followAdd, followDelete } from './follow-changes.js';
import { followCheck, followGet, followGetInfo } from './follow-reads.js';

export const FOLLOW_COMMANDS: readonly Command[] = [
  followAdd,
  followDelete,
  followCheck,
  followGet,
  followGetInfo,
];
