// Who is it? The one place where a UserSig is judged, for sockets and REST alike.
import type { Coordination } from '@parley/coordination';
import { type AppId, ChatError, type Clock, ErrorCode, isUserId, toAppId, type UserId } from '@parley/kernel';
import { verifyUserSig } from '@parley/usersig';
import { type Account, isLive } from '../domain/account.js';
import { type App, liveSecrets } from '../domain/app.js';
import type { AuthEvents } from '../events.js';
import type { AccountStore } from '../stores/account-store.js';
import type { AppStore } from '../stores/app-store.js';

export interface Claim {
  readonly sdkAppId: number;
  readonly userId: string;
  readonly userSig: string;
}

export interface Identity {
  readonly app: App;
  readonly userId: UserId;
  /** Undefined when the app has no such live account. */
  readonly account: Account | undefined;
  readonly expiresAtMs: number;
  readonly isAdmin: boolean;
}

const FAILURE_WINDOW_MS = 60_000;

export interface CheckSignatureDeps {
  readonly apps: AppStore;
  readonly accounts: AccountStore;
  readonly coordination: Coordination;
  readonly clock: Clock;
  readonly events: AuthEvents;
  readonly failuresPerMinute: number;
}

/** @throws ChatError with the documented 70xxx code. */
export class CheckSignature {
  constructor(private readonly deps: CheckSignatureDeps) {}

  async run(claim: Claim): Promise<Identity> {
    const appId = toAppId(claim.sdkAppId);
    const app = await this.deps.apps.get(appId);
    if (!app) throw new ChatError(ErrorCode.APP_NOT_FOUND, 'no app has this sdkappid');
    if (!isUserId(claim.userId))
      throw new ChatError(ErrorCode.ACCOUNT_BAD_PARAMETER, 'the UserID has 1 to 32 bytes of printable ASCII');
    const nowMs = this.deps.clock.now();
    const verdict = verifyUserSig({
      text: claim.userSig,
      sdkAppId: appId,
      userId: claim.userId,
      keys: liveSecrets(app, nowMs),
      nowSeconds: Math.floor(nowMs / 1000),
    });
    if (verdict.kind === 'invalid') return this.refuse(appId, claim.userId, verdict.code, verdict.info);
    const stored = await this.deps.accounts.get(appId, claim.userId);
    if (stored && verdict.issuedAtS < stored.sigValidFromS) {
      return this.refuse(
        appId,
        claim.userId,
        ErrorCode.USER_SIG_INVALIDATED,
        'the UserSig was issued before the login state was invalidated; issue a new one',
      );
    }
    return {
      app,
      userId: claim.userId,
      account: isLive(stored) ? stored : undefined,
      expiresAtMs: verdict.expiresAtS * 1000,
      isAdmin: app.admins.includes(claim.userId),
    };
  }

  /** Failures are counted, so that guessing ends in 70050; a valid signature passes at any time, so nobody can be locked out. */
  private async refuse(appId: AppId, userId: UserId, code: ErrorCode, info: string): Promise<never> {
    this.deps.events.refused(appId, userId, code);
    const failures = await this.deps.coordination.countInWindow(
      `auth:failures:{${appId}:${userId}}`,
      1,
      FAILURE_WINDOW_MS,
    );
    if (failures > this.deps.failuresPerMinute) {
      throw new ChatError(ErrorCode.USER_SIG_TOO_MANY_FAILURES, 'too many failed checks; wait one minute', {
        retryAfterMs: FAILURE_WINDOW_MS,
      });
    }
    throw new ChatError(code, info);
  }
}
