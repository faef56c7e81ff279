// What auth stores.
import { defineTable } from '@parley/table-store';

/** All apps of the installation: few, and read as a whole. */
export const apps = defineTable({
  name: 'apps',
  partition: { scope: 'text' },
  clustering: { app_id: 'u32' },
  columns: {
    name: 'text',
    // A JSON array of UserIDs.
    admins: 'text',
    // An encoded parley.auth.v1.AppSettings.
    settings: 'bytes',
    created_at_ms: 'u64',
  },
  isConditional: true,
});

export const appKeys = defineTable({
  name: 'app_keys',
  partition: { app_id: 'u32' },
  clustering: { key_id: 'text' },
  columns: { secret: 'text', created_at_ms: 'u64', expires_at_ms: 'u64' },
});

/** One row an account. A deleted account stays as a tombstone. */
export const accounts = defineTable({
  name: 'accounts',
  partition: { app_id: 'u32', user_id: 'text' },
  clustering: {},
  columns: {
    nick: 'text',
    face_url: 'text',
    created_at_ms: 'u64',
    // 0: live.
    deleted_at_ms: 'u64',
    // UserSigs issued before this second are invalid.
    sig_valid_from_s: 'u64',
    // How often the UserID was imported anew after a deletion.
    lives_before: 'u32',
    // The intent of a deletion: its consequences are still to be carried out. See FinishDeletion.
    deletion_open: 'bool',
    deleted_by: 'text',
  },
  isConditional: true,
});

/** Where to look for deletions that were begun and may not be finished: an entry is put before the account's row changes. */
export const openDeletions = defineTable({
  name: 'open_deletions',
  partition: { slot: 'u32' },
  clustering: { app_id: 'u32', user_id: 'text' },
  columns: { begun_at_ms: 'u64' },
});
