// Apps come into being, are listed, and get new keys. Operators only.
import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { type AppId, ChatError, type Clock, ErrorCode, toAppId } from '@parley/kernel';
import { KEYS_TRIED_MAX } from '@parley/usersig';
import { type App, type AppKey, decideRotation, liveSecrets } from '../domain/app.js';
import {
  type AppChange,
  applyAppChange,
  checkAppChange,
  checkNewApp,
  type NewApp,
  withDefaults,
} from '../domain/app-input.js';
import type { AuthEvents } from '../events.js';
import type { AppStore } from '../stores/app-store.js';
import { checkSecret } from './check-secret.js';
import type { ImportAccounts } from './import-accounts.js';

const SECRET_BYTES = 32;
/** Range of the ids that the server chooses; the compatible ids begin with 14. */
const APP_ID_MIN = 1_400_000_002;
const APP_ID_MAX = 1_499_999_999;
const APP_ID_ATTEMPTS = 10;

export interface ManageAppsDeps {
  readonly apps: AppStore;
  readonly importAccounts: ImportAccounts;
  readonly clock: Clock;
  readonly events: AuthEvents;
}

export interface KeyRotation {
  readonly appId: number;
  readonly overlapS: number;
  /** Empty: a random one. */
  readonly secret: string;
}

export class ManageApps {
  constructor(private readonly deps: ManageAppsDeps) {}

  /**
   * Creates the app, its key and its admins' accounts. The answer holds the secret.
   * @throws ChatError 70402 for malformed input or an id that is taken.
   */
  async create(input: NewApp): Promise<App> {
    checkSecret(input.secret);
    const admins = checkNewApp(input);
    const appId = toAppId(input.appId || (await this.freeAppId()));
    const app: App = {
      appId,
      name: input.name,
      admins,
      settings: withDefaults(input.settings),
      createdAtMs: this.deps.clock.now(),
      keys: [this.newKey(input.secret)],
    };
    if (!(await this.deps.apps.create(app))) throw new AppTaken(appId);
    await this.importAdmins(app);
    await this.deps.events.appChanged(appId);
    return app;
  }

  /**
   * Makes sure that the app, its admins and a key exist: at every start, for the bootstrap app. A configured secret
   * that the app does not know yet becomes a further key, unless it is meant for a new app only. Several processes may
   * do it at once.
   */
  async ensure(input: NewApp, isSecretInitial = false): Promise<void> {
    const appId = toAppId(input.appId);
    if (!(await this.deps.apps.getFresh(appId)) && (await this.createUnlessTaken(input))) return;
    const existing = await this.deps.apps.getFresh(appId);
    if (!existing) throw new ChatError(ErrorCode.ACCOUNT_INTERNAL, `app ${appId} cannot be read`);
    const secrets = liveSecrets(existing, this.deps.clock.now());
    const isNewSecret = input.secret !== '' && !secrets.includes(input.secret);
    if (secrets.length === 0 || (isNewSecret && !isSecretInitial)) {
      await this.deps.apps.changeKeys(appId, [this.newKey(input.secret)], []);
      await this.deps.events.appChanged(appId);
    }
    await this.importAdmins(existing);
  }

  /**
   * Changes what is given, and makes accounts for new admins. @throws ChatError 70020 for an unknown app, 70402 for
   * malformed input.
   */
  async change(request: AppChange & { readonly appId: number }): Promise<App> {
    checkAppChange(request);
    const appId = toAppId(request.appId);
    const app = await this.deps.apps.change(appId, (stored) => applyAppChange(stored, request));
    if (!app) throw new ChatError(ErrorCode.APP_NOT_FOUND, 'no app has this sdkappid');
    await this.importAdmins(app);
    await this.deps.events.appChanged(appId);
    return app;
  }

  list(): Promise<App[]> {
    return this.deps.apps.list();
  }

  /** @throws ChatError 70020 for an unknown app, 70402 for a malformed secret or when too many keys would be live at once. */
  async rotateKey({ appId, overlapS, secret }: KeyRotation): Promise<AppKey> {
    checkSecret(secret);
    const app = await this.deps.apps.getFresh(toAppId(appId));
    if (!app) throw new ChatError(ErrorCode.APP_NOT_FOUND, 'no app has this sdkappid');
    const nowMs = this.deps.clock.now();
    const rotation = decideRotation(app.keys, nowMs, nowMs + overlapS * 1000);
    if (rotation.liveAfter + 1 > KEYS_TRIED_MAX) {
      throw new ChatError(
        ErrorCode.ACCOUNT_BAD_PARAMETER,
        `an app has at most ${KEYS_TRIED_MAX} live keys; rotate without overlap to end the older ones`,
      );
    }
    const key = this.newKey(secret);
    await this.deps.apps.changeKeys(app.appId, [key, ...rotation.changed], rotation.removed);
    await this.deps.events.appChanged(app.appId);
    return key;
  }

  private async createUnlessTaken(input: NewApp): Promise<boolean> {
    try {
      await this.create(input);
      return true;
    } catch (thrown) {
      // Another process that starts at the same moment was faster.
      if (thrown instanceof AppTaken) return false;
      throw thrown;
    }
  }

  private async freeAppId(): Promise<number> {
    for (let attempt = 0; attempt < APP_ID_ATTEMPTS; attempt++) {
      const appId = randomInt(APP_ID_MIN, APP_ID_MAX);
      if (!(await this.deps.apps.getFresh(toAppId(appId)))) return appId;
    }
    throw new ChatError(ErrorCode.ACCOUNT_INTERNAL, 'no free app id was found; choose one');
  }

  /** An admin account that somebody deleted stays deleted. */
  private async importAdmins(app: App): Promise<void> {
    for (const userId of app.admins) {
      try {
        await this.deps.importAccounts.importOne(app.appId, { userId });
      } catch (thrown) {
        if (ChatError.from(thrown).code !== ErrorCode.ACCOUNT_DELETED_RECENTLY) throw thrown;
      }
    }
  }

  private newKey(secret: string): AppKey {
    return {
      keyId: randomUUID(),
      secret: secret || randomBytes(SECRET_BYTES).toString('hex'),
      createdAtMs: this.deps.clock.now(),
      expiresAtMs: 0,
    };
  }
}

class AppTaken extends ChatError {
  constructor(appId: AppId) {
    super(ErrorCode.ACCOUNT_BAD_PARAMETER, `app ${appId} exists already; choose another id`);
  }
}
