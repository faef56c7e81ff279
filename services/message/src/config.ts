// Settings of the message service.
import { defineSection, field } from '@parley/config';
import { z } from 'zod';

export interface MessageConfig {
  readonly headsCached: number;
  readonly accountsCached: number;
  readonly groupFactsCached: number;
  readonly sendFactsCached: number;
  readonly numbersPerBlock: number;
  readonly recallWindowPairS: number;
  readonly recallWindowGroupS: number;
}

export const messageConfig = defineSection<MessageConfig>('message', {
  headsCached: field({
    schema: z.number().int().min(32).max(10_000_000),
    default: 50_000,
    env: 'PARLEY_MESSAGE_HEADS_CACHED',
    doc: 'Conversation heads that the history writer keeps in memory, about 300 bytes each.',
    unit: 'conversations',
  }),
  accountsCached: field({
    schema: z.number().int().min(1).max(10_000_000),
    default: 100_000,
    env: 'PARLEY_MESSAGE_ACCOUNTS_CACHED',
    doc: 'Accounts whose existence is remembered for checks, about 100 bytes each.',
    unit: 'accounts',
  }),
  groupFactsCached: field({
    schema: z.number().int().min(1).max(10_000_000),
    default: 100_000,
    env: 'PARLEY_MESSAGE_GROUP_FACTS_CACHED',
    doc: 'Answers of the group service about members that are remembered for checks, about 300 bytes each.',
    unit: 'members',
  }),
  sendFactsCached: field({
    schema: z.number().int().min(1).max(10_000_000),
    default: 100_000,
    env: 'PARLEY_MESSAGE_SEND_FACTS_CACHED',
    doc: 'Answers of the profile service about senders and receivers that are remembered for checks, about 250 bytes each.',
    unit: 'pairs',
  }),
  numbersPerBlock: field({
    schema: z.number().int().min(1).max(100_000),
    default: 256,
    env: 'PARLEY_MESSAGE_NUMBERS_PER_BLOCK',
    doc: 'Message numbers of a conversation that a cluster claims at once; a lost coordination skips so many.',
    unit: 'numbers',
  }),
  recallWindowPairS: field({
    schema: z.number().int().min(0).max(31_536_000),
    default: 120,
    env: 'PARLEY_MESSAGE_RECALL_WINDOW_PAIR_S',
    doc: 'How old a message to a user may be that its sender recalls; back ends recall any.',
    unit: 's',
  }),
  recallWindowGroupS: field({
    schema: z.number().int().min(0).max(31_536_000),
    default: 120,
    env: 'PARLEY_MESSAGE_RECALL_WINDOW_GROUP_S',
    doc: 'How old a message to a group may be that a member, an admin or the owner recalls; back ends recall any.',
    unit: 's',
  }),
});
