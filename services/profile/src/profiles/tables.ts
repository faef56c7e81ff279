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

/** Until when an account may not speak, a row a `kind`: c2c or group. 0: it may; 4294967295: never. */
export const speakMutes = defineTable({
  name: 'speak_mutes',
  partition: { app_id: 'u32', user_id: 'text' },
  clustering: { kind: 'text' },
  columns: { until_s: 'u32', set_at_ms: 'u64' },
});

export const PROFILES_TABLES = [profiles, speakMutes];
