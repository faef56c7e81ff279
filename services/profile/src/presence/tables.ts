// What subscriptions are stored in; a row ends by itself.
import { defineTable } from '@parley/table-store';

/** How long a subscription lasts; ours. */
const SUBSCRIPTION_S = 3 * 24 * 60 * 60;

/** To whom a user subscribed. */
export const statusSubscriptions = defineTable({
  name: 'status_subscriptions',
  partition: { app_id: 'u32', user_id: 'text' },
  clustering: { target: 'text' },
  columns: { at_ms: 'u64' },
  ttlSeconds: SUBSCRIPTION_S,
});

/** Who subscribed to a user. */
export const statusSubscribers = defineTable({
  name: 'status_subscribers',
  partition: { app_id: 'u32', user_id: 'text' },
  clustering: { subscriber: 'text' },
  columns: { at_ms: 'u64' },
  ttlSeconds: SUBSCRIPTION_S,
});

export const PRESENCE_TABLES = [statusSubscriptions, statusSubscribers];
