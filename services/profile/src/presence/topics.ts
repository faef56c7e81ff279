// What the part publishes.
import type { Topic } from '@parley/event-log';

const DAY_MS = 24 * 60 * 60 * 1_000;

/** Who came online or went offline: parley.presence.v1.PresenceChange, keyed by `<appId>/<userId>`. */
export const presenceChangesTopic: Topic = {
  name: 'presence-changes',
  partitions: 8,
  retentionMs: 7 * DAY_MS,
};
