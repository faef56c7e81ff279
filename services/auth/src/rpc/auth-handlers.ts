// AuthService and AppService over the use-cases; thin.
import type { authv1 } from '@parley/proto';
import type { ServiceHandlers } from '@parley/rpc';
import type { App } from '../domain/app.js';
import type { AuthEvents } from '../events.js';
import type { BlockAccount } from '../use-cases/block-account.js';
import type { CheckAccounts } from '../use-cases/check-accounts.js';
import type { CheckSignature } from '../use-cases/check-signature.js';
import type { DeleteAccounts } from '../use-cases/delete-accounts.js';
import type { ImportAccounts } from '../use-cases/import-accounts.js';
import type { Kick } from '../use-cases/kick.js';
import type { LogOut } from '../use-cases/log-out.js';
import type { Login } from '../use-cases/login.js';
import type { ManageApps } from '../use-cases/manage-apps.js';
import type { QueryOnlineStatus } from '../use-cases/query-online-status.js';
import type { Resume } from '../use-cases/resume.js';

export interface AuthUseCases {
  readonly login: Login;
  readonly resume: Resume;
  readonly logOut: LogOut;
  readonly checkSignature: CheckSignature;
  readonly importAccounts: ImportAccounts;
  readonly deleteAccounts: DeleteAccounts;
  readonly checkAccounts: CheckAccounts;
  readonly kick: Kick;
  readonly blockAccount: BlockAccount;
  readonly queryOnlineStatus: QueryOnlineStatus;
  readonly manageApps: ManageApps;
  readonly events: AuthEvents;
}

export function createAuthHandlers(use: AuthUseCases): ServiceHandlers<typeof authv1.AuthService> {
  return {
    login: (request) => use.login.run(request),
    resume: (request) => use.resume.run(request),
    logout: async (_request, { appId, userId, connectionId }) => {
      if (connectionId) await use.logOut.run(appId, userId, connectionId);
      return {};
    },
    verifyUserSig: async (request) => {
      const { isAdmin, expiresAtMs } = await use.checkSignature.check(request);
      return { isAdmin, expiresAtMs: BigInt(expiresAtMs) };
    },
    importAccounts: async (request, context) => {
      const failed = await use.importAccounts.run(context.appId, request.accounts);
      use.events.audit('accounts.imported', context, {
        userIds: request.accounts.map((account) => account.userId),
        failed: failed.length,
      });
      return { failed };
    },
    deleteAccounts: async (request, context) => {
      const results = await use.deleteAccounts.run({
        appId: context.appId,
        userIds: request.userIds,
        operator: context.userId,
        isRetry: context.attempt > 0,
      });
      use.events.audit('accounts.deleted', context, {
        userIds: request.userIds,
        failed: results.filter((result) => result.code !== 0).length,
      });
      return { results };
    },
    checkAccounts: async (request, context) => ({
      accounts: await use.checkAccounts.run(context.appId, request.userIds),
    }),
    kick: async (request, context) => {
      await use.kick.run(context.appId, request.userId);
      use.events.audit('account.kicked', context, { userId: request.userId });
      return {};
    },
    queryOnlineStatus: async (request, context) => ({
      users: (await use.queryOnlineStatus.run(context.appId, request.userIds)).map((user) => ({
        ...user,
        devices: [...user.devices],
      })),
    }),
  };
}

export function createAppHandlers(use: AuthUseCases): ServiceHandlers<typeof authv1.AppService> {
  return {
    createApp: async (request, context) => {
      const app = await use.manageApps.create({ ...request, settings: request.settings });
      use.events.audit('app.created', context, { appId: app.appId });
      return { app: toProto(app, app.keys[0]?.keyId) };
    },
    listApps: async () => ({ apps: (await use.manageApps.list()).map((app) => toProto(app)) }),
    changeApp: async ({ $typeName: _, ...request }, context) => {
      const app = await use.manageApps.change(request);
      use.events.audit('app.changed', context, request);
      return { app: toProto(app) };
    },
    blockAccount: async (request, context) => {
      await use.blockAccount.run(request);
      const { appId, userId } = request;
      use.events.audit(request.blocked ? 'account.blocked' : 'account.unblocked', context, { appId, userId });
      return {};
    },
    rotateAppKey: async (request, context) => {
      const key = await use.manageApps.rotateKey(request);
      use.events.audit('app_key.rotated', context, { appId: request.appId, keyId: key.keyId });
      return { key: { keyId: key.keyId, createdAtMs: BigInt(key.createdAtMs), secret: key.secret } };
    },
  };
}

/** The app as operators see it; only the key named by `revealedKeyId` shows its secret. */
function toProto(app: App, revealedKeyId?: string) {
  return {
    appId: app.appId as number,
    name: app.name,
    admins: [...app.admins] as string[],
    settings: app.settings,
    createdAtMs: BigInt(app.createdAtMs),
    keys: app.keys.map((key) => ({
      keyId: key.keyId,
      createdAtMs: BigInt(key.createdAtMs),
      expiresAtMs: BigInt(key.expiresAtMs),
      secret: key.keyId === revealedKeyId ? key.secret : '',
    })),
  };
}
