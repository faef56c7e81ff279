// Priorities of messages to groups.
import { messagev1 } from '@parley/proto';
import { TYPES } from '../constants/types.js';

const { MessagePriority } = messagev1;

const PRIORITIES: readonly (readonly [TYPES, messagev1.MessagePriority])[] = [
  [TYPES.MSG_PRIORITY_HIGH, MessagePriority.HIGH],
  [TYPES.MSG_PRIORITY_NORMAL, MessagePriority.NORMAL],
  [TYPES.MSG_PRIORITY_LOW, MessagePriority.LOW],
  [TYPES.MSG_PRIORITY_LOWEST, MessagePriority.LOWEST],
];

/** Normal for what is no priority. */
export const toWirePriority = (priority: unknown): messagev1.MessagePriority =>
  PRIORITIES.find(([name]) => name === priority)?.[1] ?? MessagePriority.NORMAL;

export const fromWirePriority = (priority: messagev1.MessagePriority): TYPES =>
  PRIORITIES.find(([, value]) => value === priority)?.[0] ?? TYPES.MSG_PRIORITY_NORMAL;
