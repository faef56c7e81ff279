// What the follow part stores: everything about one user in that user's partitions. The head decides; edges and lists
// follow from it, each with the head's revision as its version, so that a process that comes late changes nothing.
import { defineTable } from '@parley/table-store';

/**
 * Counts, and what may not be done yet: `edge` is the encoded FollowEdge of the last change, until its rows are written;
 * `tell` the encoded FollowTell that the peer may not know. Both are empty when there is nothing to do.
 */
export const followHeads = defineTable({
  name: 'follow_heads',
  partition: { app_id: 'u32', user_id: 'text' },
  clustering: {},
  columns: {
    revision: 'u64',
    following: 'u32',
    followers: 'u32',
    mutual: 'u32',
    edge: 'bytes',
    tell: 'bytes',
  },
  isConditional: true,
});

/** How a user stands to another. Kept when both follow each other no more: it says which news of the peer is old. */
export const followEdges = defineTable({
  name: 'follow_edges',
  partition: { app_id: 'u32', user_id: 'text' },
  clustering: { peer: 'text' },
  columns: { edge: 'bytes' },
  isVersioned: true,
});

/** `kind` is the number of a FollowList. */
export const followLists = defineTable({
  name: 'follow_lists',
  partition: { app_id: 'u32', user_id: 'text', kind: 'u32' },
  clustering: { peer: 'text' },
  columns: { at_ms: 'u64', is_gone: 'bool' },
  isVersioned: true,
});

export const FOLLOW_TABLES = [followHeads, followEdges, followLists];
