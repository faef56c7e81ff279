// Settings of presence.
import { type Fields, field } from '@parley/config';
import { z } from 'zod';

export interface PresenceConfig {
  readonly statusApps: string;
  readonly friendStatusApps: string;
}

const apps = z.string().regex(/^([*]|[1-9][0-9]{0,9}(,[1-9][0-9]{0,9}){0,999})?$/);

export const presenceFields: Fields<PresenceConfig> = {
  statusApps: field({
    schema: apps,
    default: '*',
    env: 'PARLEY_STATUS_APPS',
    doc: 'SDKAppIDs, joined by commas, whose clients may ask for, subscribe to and set user statuses; * is all apps.',
  }),
  friendStatusApps: field({
    schema: apps,
    default: '',
    env: 'PARLEY_FRIEND_STATUS_APPS',
    doc: "SDKAppIDs, joined by commas, in which friends hear of each other's status without a subscription; * is all apps.",
  }),
};
