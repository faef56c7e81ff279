// Topics that one service publishes and others follow; a topic of one service stands there.
import type { Topic } from '@parley/event-log';

const DAY_MS = 24 * 60 * 60 * 1_000;

/**
 * What happens to accounts: parley.auth.v1.AccountEvent, keyed by `<appId>/<userId>`, each at least once. Published by auth.
 * Who keeps something of an account follows it with a consumer group of its own, and declares it in its manifest.
 */
export const accountEventsTopic: Topic = { name: 'account-events', partitions: 8, retentionMs: 7 * DAY_MS };
