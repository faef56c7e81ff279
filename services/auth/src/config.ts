// Settings of the auth service.
import { defineSection, field } from '@parley/config';
import { z } from 'zod';
import { TICKET_LIFETIME_S_MAX } from './domain/resume-ticket.js';

export interface AuthConfig {
  readonly bootstrapAppId: number;
  readonly bootstrapAppKey: string;
  /** The key counts only when the app is made: a file keeps it, and rotated keys must not come back from there. */
  readonly isBootstrapKeyInitial?: boolean;
  readonly bootstrapAdmin: string;
  readonly deletedAccountLockDays: number;
  readonly failedLoginsPerMinute: number;
  readonly resumeTicketLifetimeS: number;
}

export const authConfig = defineSection<AuthConfig>('auth', {
  bootstrapAppId: field({
    schema: z.number().int().min(1).max(0xffff_ffff),
    default: 1_400_000_001,
    env: 'PARLEY_BOOTSTRAP_APP_ID',
    doc: 'SDKAppID of the app that exists from the first start.',
  }),
  bootstrapAppKey: field({
    schema: z.string().max(256),
    default: '',
    env: 'PARLEY_BOOTSTRAP_APP_KEY',
    doc: 'SecretKey of that app; empty makes a random one at the first start.',
    isSecret: true,
  }),
  bootstrapAdmin: field({
    schema: z.string().regex(/^[\x20-\x7e]{1,32}$/),
    default: 'administrator',
    env: 'PARLEY_BOOTSTRAP_ADMIN',
    doc: 'UserID of that app’s admin.',
  }),
  deletedAccountLockDays: field({
    schema: z.number().int().min(0).max(3650),
    default: 90,
    env: 'PARLEY_DELETED_ACCOUNT_LOCK_DAYS',
    doc: 'How long the UserID of a deleted account cannot be imported again.',
    unit: 'days',
  }),
  failedLoginsPerMinute: field({
    schema: z.number().int().min(1).max(100_000),
    default: 20,
    env: 'PARLEY_FAILED_LOGINS_PER_MINUTE',
    doc: 'Failed UserSig checks of one user in a minute before 70050 is answered.',
  }),
  resumeTicketLifetimeS: field({
    schema: z.number().int().min(0).max(TICKET_LIFETIME_S_MAX),
    default: TICKET_LIFETIME_S_MAX,
    env: 'PARLEY_RESUME_TICKET_LIFETIME_S',
    doc: 'How long after a connection a client may come back with its ticket, never beyond its UserSig; 0 gives no tickets.',
    unit: 's',
  }),
});
