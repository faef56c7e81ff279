// Who is it? The one place where a UserSig is judged, for sockets and REST alike.
import type { Coordination } from '@parley/coordination';
import { type AppId, ChatError, type Clock, ErrorCode, isUserId, toAppId, type UserId } from '@parley/kernel';
import { verifyUserSig } from '@parley/usersig';
import { type App, liveKeys } from '../domain/app.js';
import type { AuthEvents } from '../events.js';
import type { AccountStore, Gate } from '../stores/account-store.js';
import type { AppStore } from '../stores/app-store.js';

export interface Claim {
  readonly sdkAppId: number;
  readonly userId: string;
  readonly userSig: string;
}

/** What a UserSig proved: the app's key signed it for this user, and it has not run out. */
export interface Proof {
  readonly app: App;
  readonly userId: UserId;
  readonly issuedAtS: number;
  readonly expiresAtMs: number;
  /** The app's key that signed it. */
  readonly keyId: string;
  readonly isAdmin: boolean;
}

const FAILURE_WINDOW_MS = 60_000;
/** Failures that a key which is not known yet would explain. */
const KEY_FAILURES: ReadonlySet<number> = new Set([ErrorCode.USER_SIG_WRONG_KEY, ErrorCode.APP_KEY_MISSING]);

export interface CheckSignatureDeps {
  readonly apps: AppStore;
  readonly accounts: AccountStore;
  readonly coordination: Coordination;
  readonly clock: Clock;
  readonly events: AuthEvents;
  readonly failuresPerMinute: number;
}

/**
 * Failures of one user are counted over a minute; beyond the configured number they are answered with
 * 70050. A valid UserSig passes at any time, so nobody can be locked out by somebody else's guessing.
 */
export class CheckSignature {
  constructor(private readonly deps: CheckSignatureDeps) {}

  /**
   * The whole check as REST needs it for every request; reads nothing when its caches are warm.
   * @throws ChatError 70001-70014 and 70016 as the UserSig is wrong, 70020, 70050, 70052, 70402 for a malformed UserID.
   */
  async check(claim: Claim): Promise<Proof> {
    const proof = await this.verify(claim);
    await this.checkGate(proof, await this.deps.accounts.gateOf(proof.app.appId, proof.userId));
    return proof;
  }

  /** The part that needs no account: signature, user, app, time. @throws as {@link check}, except 70052. */
  async verify(claim: Claim): Promise<Proof> {
    const appId = toAppId(claim.sdkAppId);
    const known = await this.deps.apps.get(appId);
    if (!known) throw new ChatError(ErrorCode.APP_NOT_FOUND, 'no app has this sdkappid');
    if (!isUserId(claim.userId)) {
      throw new ChatError(ErrorCode.ACCOUNT_BAD_PARAMETER, 'the UserID has 1 to 32 bytes of printable ASCII');
    }
    const { app, verdict } = await this.judge(known, claim);
    if (verdict.kind === 'invalid') return this.refuse(appId, claim.userId, verdict.code, verdict.info);
    return {
      app,
      userId: claim.userId,
      issuedAtS: verdict.issuedAtS,
      expiresAtMs: verdict.expiresAtS * 1000,
      keyId: verdict.keyId,
      isAdmin: app.admins.includes(claim.userId),
    };
  }

  /** @throws ChatError 70051 for a blocked account, 70052 when the login state was invalidated after the UserSig was issued. */
  async checkGate({ app, userId, issuedAtS }: Proof, { sigValidFromS, isBlocked }: Gate): Promise<void> {
    if (isBlocked) throw new ChatError(ErrorCode.ACCOUNT_BLOCKED, 'the account is blocked');
    if (issuedAtS >= sigValidFromS) return;
    const info = 'the UserSig was issued before the login state was invalidated; issue a new one';
    await this.refuse(app.appId, userId, ErrorCode.USER_SIG_INVALIDATED, info);
  }

  /** A key that another process has just made is looked for before a signature is called wrong. */
  private async judge(app: App, claim: Claim): Promise<{ app: App; verdict: ReturnType<typeof judgeWith> }> {
    const nowMs = this.deps.clock.now();
    const verdict = judgeWith(app, claim, nowMs);
    if (verdict.kind === 'valid' || !KEY_FAILURES.has(verdict.code)) return { app, verdict };
    const renewed = await this.deps.apps.renew(app.appId);
    return renewed === undefined
      ? { app, verdict }
      : { app: renewed, verdict: judgeWith(renewed, claim, nowMs) };
  }

  private async refuse(appId: AppId, userId: UserId, code: ErrorCode, info: string): Promise<never> {
    const { coordination, events, failuresPerMinute } = this.deps;
    const counter = `auth:failures:{${appId}:${userId}}`;
    const failures = await coordination.countInWindow(counter, 1, FAILURE_WINDOW_MS);
    const isTooMany = failures > failuresPerMinute;
    events.refused(appId, userId, code, !isTooMany);
    if (!isTooMany) throw new ChatError(code, info);
    throw new ChatError(ErrorCode.USER_SIG_TOO_MANY_FAILURES, 'too many failed checks; wait one minute', {
      retryAfterMs: FAILURE_WINDOW_MS,
    });
  }
}

/** What the app's keys of this moment say. */
function judgeWith(app: App, { userId, userSig }: Claim, nowMs: number) {
  const keys = liveKeys(app, nowMs);
  const verdict = verifyUserSig({
    text: userSig,
    sdkAppId: app.appId,
    userId,
    keys: keys.map((key) => key.secret),
    nowSeconds: Math.floor(nowMs / 1000),
  });
  return verdict.kind === 'valid' ? { ...verdict, keyId: keys[verdict.keyAt]?.keyId ?? '' } : verdict;
}
