// What profiles are stored in.
import { defineTable } from '@parley/table-store';

/**
 * One row a user who ever set a field. `state` is an encoded ProfileState; `change` an encoded ProfileChange that is
 * decided but may not be in the log yet, empty when it is.
 */
export const profiles = defineTable({
  name: 'profiles',
  partition: { app_id: 'u32', user_id: 'text' },
  clustering: {},
  columns: { change_seq: 'u64', state: 'bytes', change: 'bytes' },
  isConditional: true,
});

export const PROFILES_TABLES = [profiles];
