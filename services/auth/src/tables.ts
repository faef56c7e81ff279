// What auth stores.
import { defineTable } from '@parley/table-store';
import { TICKET_LIFETIME_S_MAX } from './domain/resume-ticket.js';

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
    is_blocked: 'bool',
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

/** The cluster's keys for resume tickets, one a period. */
export const resumeKeys = defineTable({
  name: 'resume_keys',
  partition: { scope: 'text' },
  clustering: { period: 'u32' },
  columns: { secret: 'bytes' },
  isConditional: true,
});

/** Logins whose tickets are worth nothing any more, the last of each SDK instance; for as long as a ticket may live. */
export const endedLogins = defineTable({
  name: 'ended_logins',
  partition: { app_id: 'u32', user_id: 'text' },
  clustering: { instance_id: 'text' },
  columns: {
    // Session.sinceMs of the login that ended: it and older ones of the instance.
    since_ms: 'u64',
    // A number of EndedBy.
    ended_by: 'u32',
  },
  ttlSeconds: TICKET_LIFETIME_S_MAX + 3_600,
});
