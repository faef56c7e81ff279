// Wires the objects of the auth service; nothing else.
import { type DynamicModule, Module } from '@nestjs/common';
import type { Platform } from '@parley/runtime';
import type { AuthConfig } from './config.js';
import { AuthEvents } from './events.js';
import type { AuthUseCases } from './rpc/auth-handlers.js';
import { AccountStore } from './stores/account-store.js';
import { AppStore } from './stores/app-store.js';
import { CheckAccounts } from './use-cases/check-accounts.js';
import { CheckSignature } from './use-cases/check-signature.js';
import { DeleteAccounts } from './use-cases/delete-accounts.js';
import { EndLogins } from './use-cases/end-logins.js';
import { ImportAccounts } from './use-cases/import-accounts.js';
import { Kick } from './use-cases/kick.js';
import { Login } from './use-cases/login.js';
import { ManageApps } from './use-cases/manage-apps.js';
import { QueryOnlineStatus } from './use-cases/query-online-status.js';

/** Token of the use-cases as the handlers take them. */
export const AUTH_USE_CASES = Symbol('AuthUseCases');

@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: a Nest dynamic module is a class
export class AuthModule {
  static with(platform: Platform, config: AuthConfig): DynamicModule {
    const { tables, clock, coordination, sessions, delivery, metrics } = platform;
    return {
      module: AuthModule,
      providers: [
        { provide: AccountStore, useFactory: () => new AccountStore(tables, clock) },
        { provide: AppStore, useFactory: () => new AppStore(tables, clock) },
        {
          provide: AuthEvents,
          useFactory: () => new AuthEvents(platform.logger('auth'), metrics, coordination),
        },
        { provide: EndLogins, useFactory: () => new EndLogins({ sessions, delivery, clock }) },
        {
          provide: ImportAccounts,
          inject: [AccountStore, AuthEvents],
          useFactory: (accounts: AccountStore, events: AuthEvents) =>
            new ImportAccounts({ accounts, clock, events, deletedLockDays: config.deletedAccountLockDays }),
        },
        {
          provide: AUTH_USE_CASES,
          inject: [AccountStore, AppStore, AuthEvents, EndLogins, ImportAccounts],
          useFactory: (
            accounts: AccountStore,
            apps: AppStore,
            events: AuthEvents,
            endLogins: EndLogins,
            importAccounts: ImportAccounts,
          ): AuthUseCases => {
            const failuresPerMinute = config.failedLoginsPerMinute;
            const checkSignature = new CheckSignature({
              apps,
              accounts,
              coordination,
              clock,
              events,
              failuresPerMinute,
            });
            const checkAccounts = new CheckAccounts(accounts);
            return {
              events,
              checkSignature,
              checkAccounts,
              importAccounts,
              login: new Login({
                checkSignature,
                importAccounts,
                accounts,
                sessions,
                delivery,
                clock,
                events,
              }),
              deleteAccounts: new DeleteAccounts({ accounts, endLogins, clock, events }),
              kick: new Kick({ accounts, endLogins, events }),
              queryOnlineStatus: new QueryOnlineStatus(checkAccounts, sessions),
              manageApps: new ManageApps({ apps, importAccounts, clock, events }),
            };
          },
        },
      ],
    };
  }
}
