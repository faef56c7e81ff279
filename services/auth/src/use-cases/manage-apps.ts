// Apps come into being, are listed, and get new keys. Operators only.
import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { create } from '@bufbuild/protobuf';
import { type AppId, ChatError, type Clock, ErrorCode, toAppId, toUserId } from '@parley/kernel';
import { authv1 } from '@parley/proto';
import { type App, type AppKey, endKeys, liveSecrets } from '../domain/app.js';
import type { AuthEvents } from '../events.js';
import type { AppStore } from '../stores/app-store.js';
import type { ImportAccounts } from './import-accounts.js';

const DEFAULT_ADMIN = 'administrator';
const SECRET_BYTES = 32;
const SECRET_CHARS_MAX = 256;
const NAME_CHARS_MAX = 100;
/** Range of the ids that the server chooses; the compatible ids begin with 14. */
const APP_ID_MIN = 1_400_000_002;
const APP_ID_MAX = 1_499_999_999;
const ADMINS_MAX = 20;

export interface ManageAppsDeps {
  readonly apps: AppStore;
  readonly importAccounts: ImportAccounts;
  readonly clock: Clock;
  readonly events: AuthEvents;
}

export interface NewApp {
  readonly appId: number;
  readonly name: string;
  readonly admins: readonly string[];
  readonly settings: authv1.AppSettings | undefined;
  readonly secret: string;
}

export class ManageApps {
  constructor(private readonly deps: ManageAppsDeps) {}

  /**
   * Creates the app, its key and its admins' accounts. The answer holds the secret.
   * @throws ChatError 70402 for malformed input or an id that is taken.
   */
  async create(input: NewApp): Promise<App> {
    const admins = (input.admins.length > 0 ? input.admins : [DEFAULT_ADMIN]).map((admin) =>
      toUserId(admin, ErrorCode.ACCOUNT_BAD_PARAMETER),
    );
    if (
      input.secret.length > SECRET_CHARS_MAX ||
      input.name.length > NAME_CHARS_MAX ||
      admins.length > ADMINS_MAX
    ) {
      throw new ChatError(
        ErrorCode.ACCOUNT_BAD_PARAMETER,
        'the name, the secret or the list of admins is too long',
      );
    }
    const appId = toAppId(input.appId || randomInt(APP_ID_MIN, APP_ID_MAX));
    if (await this.deps.apps.get(appId)) throw this.taken(appId);
    const app: App = {
      appId,
      name: input.name,
      admins,
      settings: withDefaults(input.settings),
      createdAtMs: this.deps.clock.now(),
      keys: [this.newKey(input.secret)],
    };
    if (!(await this.deps.apps.create(app))) throw this.taken(appId);
    await this.importAdmins(app);
    await this.deps.events.appChanged(appId);
    return app;
  }

  /**
   * Makes sure that the app, its admins and a key exist: at every start, for the bootstrap app. A configured secret
   * that the app does not know yet becomes a further key.
   */
  async ensure(input: NewApp): Promise<void> {
    const existing = await this.deps.apps.get(toAppId(input.appId));
    if (!existing) {
      await this.create(input);
      return;
    }
    const secrets = liveSecrets(existing, this.deps.clock.now());
    if (secrets.length === 0 || (input.secret !== '' && !secrets.includes(input.secret))) {
      await this.deps.apps.putKeys(existing.appId, [this.newKey(input.secret)]);
      await this.deps.events.appChanged(existing.appId);
    }
    await this.importAdmins(existing);
  }

  list(): Promise<App[]> {
    return this.deps.apps.list();
  }

  /** @throws ChatError 70020 for an unknown app. */
  async rotateKey(appId: number, overlapS: number): Promise<AppKey> {
    const app = await this.deps.apps.get(toAppId(appId));
    if (!app) throw new ChatError(ErrorCode.APP_NOT_FOUND, 'no app has this sdkappid');
    const key = this.newKey('');
    const ended = endKeys(app.keys, this.deps.clock.now() + overlapS * 1000);
    await this.deps.apps.putKeys(app.appId, [key, ...ended]);
    await this.deps.events.appChanged(app.appId);
    return key;
  }

  private async importAdmins(app: App): Promise<void> {
    for (const userId of app.admins) await this.deps.importAccounts.importOne(app.appId, { userId });
  }

  private newKey(secret: string): AppKey {
    return {
      keyId: randomUUID(),
      secret: secret || randomBytes(SECRET_BYTES).toString('hex'),
      createdAtMs: this.deps.clock.now(),
      expiresAtMs: 0,
    };
  }

  private taken(appId: AppId): ChatError {
    return new ChatError(ErrorCode.ACCOUNT_BAD_PARAMETER, `app ${appId} exists already; choose another id`);
  }
}

function withDefaults(settings: authv1.AppSettings | undefined): authv1.AppSettings {
  const wanted = settings ?? create(authv1.AppSettingsSchema);
  return create(authv1.AppSettingsSchema, {
    ...wanted,
    loginPolicy: wanted.loginPolicy || authv1.LoginPolicy.DUAL,
    webInstancesMax: wanted.webInstancesMax || 1,
    nativeDevicesMax: wanted.nativeDevicesMax || 1,
  });
}
