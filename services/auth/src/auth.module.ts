// Wires the objects of the auth service; nothing else.
import { type DynamicModule, Module } from '@nestjs/common';
import type { Platform } from '@parley/runtime';
import type { AuthConfig } from './config.js';
import { AuthEvents } from './events.js';
import type { AuthUseCases } from './rpc/auth-handlers.js';
import { AccountStore } from './stores/account-store.js';
import { AppStore } from './stores/app-store.js';
import { EndedLoginStore } from './stores/ended-login-store.js';
import { LoginGenerations } from './stores/login-generations.js';
import { OpenDeletionStore } from './stores/open-deletion-store.js';
import { ResumeKeyStore } from './stores/resume-key-store.js';
import { BlockAccount } from './use-cases/block-account.js';
import { CheckAccounts } from './use-cases/check-accounts.js';
import { CheckSignature } from './use-cases/check-signature.js';
import { DeleteAccounts } from './use-cases/delete-accounts.js';
import { DisplaceLogins } from './use-cases/displace-logins.js';
import { EndLogins } from './use-cases/end-logins.js';
import { FinishDeletion } from './use-cases/finish-deletion.js';
import { FinishOpenDeletions } from './use-cases/finish-open-deletions.js';
import { ImportAccounts } from './use-cases/import-accounts.js';
import { IssueTicket } from './use-cases/issue-ticket.js';
import { Kick } from './use-cases/kick.js';
import { LogOut } from './use-cases/log-out.js';
import { Login } from './use-cases/login.js';
import { ManageApps } from './use-cases/manage-apps.js';
import { QueryOnlineStatus } from './use-cases/query-online-status.js';
import { Resume } from './use-cases/resume.js';

/** Token of the service's objects. */
export const AUTH_PARTS = Symbol('AuthParts');

/** What the running service holds. */
export interface AuthParts {
  readonly use: AuthUseCases;
  readonly accounts: AccountStore;
  readonly apps: AppStore;
  readonly finishOpenDeletions: FinishOpenDeletions;
}

/** What every use-case builds on. */
function createShared(platform: Platform, config: AuthConfig) {
  const { tables, log, clock, coordination, sessions, delivery, metrics } = platform;
  const accounts = new AccountStore(tables, clock);
  const apps = new AppStore(tables, clock);
  const openDeletions = new OpenDeletionStore(tables, clock);
  const events = new AuthEvents(platform.logger('auth'), metrics, coordination);
  const endLogins = new EndLogins({ sessions, delivery, clock });
  const generations = new LoginGenerations(coordination);
  const finishDeletion = new FinishDeletion({
    accounts,
    openDeletions,
    generations,
    log,
    endLogins,
    events,
  });
  const { deletedAccountLockDays: deletedLockDays, failedLoginsPerMinute: failuresPerMinute } = config;
  const importAccounts = new ImportAccounts({ accounts, finishDeletion, clock, events, deletedLockDays });
  const checkSignature = new CheckSignature({
    apps,
    accounts,
    coordination,
    clock,
    events,
    failuresPerMinute,
  });
  const endedLogins = new EndedLoginStore(tables);
  const resumeKeys = new ResumeKeyStore(tables, clock);
  const displaceLogins = new DisplaceLogins({ sessions, delivery, endedLogins, generations, events });
  const ticketLifetimeMs = config.resumeTicketLifetimeS * 1_000;
  const issueTicket = new IssueTicket({ resumeKeys, clock, ticketLifetimeMs });
  const stores = { accounts, apps, openDeletions, endedLogins, resumeKeys, generations };
  const checks = { importAccounts, checkSignature, issueTicket };
  const steps = { endLogins, finishDeletion, displaceLogins, ...checks };
  return { clock, sessions, delivery, events, ...stores, ...steps };
}

function createParts(platform: Platform, config: AuthConfig): AuthParts {
  const shared = createShared(platform, config);
  const { accounts, apps, events, checkSignature, importAccounts, sessions } = shared;
  const checkAccounts = new CheckAccounts(accounts);
  return {
    accounts,
    apps,
    finishOpenDeletions: new FinishOpenDeletions(shared),
    use: {
      events,
      checkSignature,
      checkAccounts,
      importAccounts,
      login: new Login(shared),
      resume: new Resume(shared),
      logOut: new LogOut(shared),
      deleteAccounts: new DeleteAccounts(shared),
      kick: new Kick(shared),
      blockAccount: new BlockAccount(shared),
      queryOnlineStatus: new QueryOnlineStatus(checkAccounts, sessions),
      manageApps: new ManageApps(shared),
    },
  };
}

@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: a Nest dynamic module is a class
export class AuthModule {
  static with(platform: Platform, config: AuthConfig): DynamicModule {
    return {
      module: AuthModule,
      providers: [{ provide: AUTH_PARTS, useFactory: () => createParts(platform, config) }],
    };
  }
}
