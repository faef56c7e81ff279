// What relations are stored in.
import { defineTable } from '@parley/table-store';

/**
 * The truth about two users, `low` before `high` in byte order. `state` is an encoded PairState; `intent` an encoded PairIntent
 * that may not be carried out yet, empty when it is.
 */
export const relationPairs = defineTable({
  name: 'relation_pairs',
  partition: { app_id: 'u32', low: 'text', high: 'text' },
  clustering: {},
  columns: { version: 'u64', state: 'bytes', intent: 'bytes' },
  isConditional: true,
});

/**
 * The lists of a user, which follow from its pairs. `kind` is a RelationKind, `version` that of the pair; what is gone leaves a
 * row that says so, so that a late hand brings nothing back.
 */
export const relationRows = defineTable({
  name: 'relation_rows',
  partition: { app_id: 'u32', user_id: 'text' },
  clustering: { kind: 'u32', peer: 'text' },
  columns: { version: 'u64', is_present: 'bool', entry: 'bytes' },
  isConditional: true,
});

/** One row a user who ever had a relation: versions of its lists, its friend groups. `state` is an encoded RelationHead. */
export const relationHeads = defineTable({
  name: 'relation_heads',
  partition: { app_id: 'u32', user_id: 'text' },
  clustering: {},
  columns: { version: 'u64', state: 'bytes' },
  isConditional: true,
});

export const RELATIONS_TABLES = [relationPairs, relationRows, relationHeads];
