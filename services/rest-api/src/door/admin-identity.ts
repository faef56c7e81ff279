// Is the caller an admin of the app? Asked of the auth service, remembered for a
// short time, forgotten as soon as the account or the app changes.
import { createHash } from 'node:crypto';
import { ChatError, type Clock, ErrorCode } from '@parley/kernel';
import type { authv1 } from '@parley/proto';
import { type Client, serviceContext } from '@parley/rpc';
import type { CallerClaim } from './query-parameters.js';

/** Notices of the auth service: `<appId> <userId>`, or `<appId>` when the whole app changed. */
export const AUTH_CHANGED_CHANNEL = 'auth:changed';

/** How long a verified signature is believed, at most; a lost notice is made up for by then. */
export const VERIFIED_FOR_MS = 60_000;
/** Admins that are remembered; the one remembered longest goes first. */
export const ADMINS_REMEMBERED_MAX = 10_000;
/** Signatures of one admin; back ends that sign anew for every call have no use for more. */
export const SIGNATURES_REMEMBERED_MAX = 16;

interface Verdict {
  readonly isAdmin: boolean;
  readonly untilMs: number;
}

/** By hash of the signature: the signature itself is not kept. */
type VerdictsOfAdmin = Map<string, Promise<Verdict>>;

export interface AdminIdentityOptions {
  readonly auth: Pick<Client<typeof authv1.AuthService>, 'verifyUserSig'>;
  readonly clock: Clock;
}

export class AdminIdentity {
  /** Key: `<appId> <identifier>`. */
  readonly #admins = new Map<string, VerdictsOfAdmin>();

  constructor(private readonly options: AdminIdentityOptions) {}

  /**
   * Concurrent checks of one signature share one call. Failures are not remembered; the auth service
   * bounds how often somebody may fail.
   * @throws ChatError 60010 for a valid signature of somebody else, or the 70xxx code of a bad one.
   */
  async require(claim: CallerClaim, deadlineMs: number): Promise<void> {
    const { isAdmin } = (await this.#remembered(claim)) ?? (await this.#verify(claim, deadlineMs));
    if (!isAdmin) {
      throw new ChatError(ErrorCode.NOT_APP_ADMIN, 'identifier must be an admin of the app');
    }
  }

  /** Takes a notice of {@link AUTH_CHANGED_CHANNEL}. */
  forget(notice: string): void {
    if (notice.includes(' ')) {
      this.#admins.delete(notice);
      return;
    }
    for (const owner of this.#admins.keys()) {
      if (owner.startsWith(`${notice} `)) this.#admins.delete(owner);
    }
  }

  async #remembered(claim: CallerClaim): Promise<Verdict | undefined> {
    const verdict = await this.#admins.get(ownerOf(claim))?.get(hashOf(claim.userSig));
    return verdict !== undefined && verdict.untilMs > this.options.clock.now() ? verdict : undefined;
  }

  async #verify(claim: CallerClaim, deadlineMs: number): Promise<Verdict> {
    const hash = hashOf(claim.userSig);
    const verdict = this.#ask(claim, deadlineMs);
    const verdicts = this.#verdictsOf(ownerOf(claim));
    verdicts.delete(hash);
    dropOldest(verdicts, SIGNATURES_REMEMBERED_MAX);
    verdicts.set(hash, verdict);
    try {
      return await verdict;
    } catch (thrown) {
      // A notice may have come meanwhile, and somebody may have asked anew: only what is ours goes.
      if (verdicts.get(hash) === verdict) verdicts.delete(hash);
      if (verdicts.size === 0 && this.#admins.get(ownerOf(claim)) === verdicts)
        this.#admins.delete(ownerOf(claim));
      throw thrown;
    }
  }

  async #ask(claim: CallerClaim, deadlineMs: number): Promise<Verdict> {
    const { appId, identifier, userSig } = claim;
    const { isAdmin, expiresAtMs } = await this.options.auth.verifyUserSig(
      { sdkAppId: appId, userId: identifier, userSig },
      { ...serviceContext(appId, identifier), deadlineMs },
    );
    return { isAdmin, untilMs: Math.min(this.options.clock.now() + VERIFIED_FOR_MS, Number(expiresAtMs)) };
  }

  #verdictsOf(owner: string): VerdictsOfAdmin {
    const known = this.#admins.get(owner);
    if (known !== undefined) return known;
    dropOldest(this.#admins, ADMINS_REMEMBERED_MAX);
    const verdicts: VerdictsOfAdmin = new Map();
    this.#admins.set(owner, verdicts);
    return verdicts;
  }
}

const ownerOf = ({ appId, identifier }: CallerClaim): string => `${appId} ${identifier}`;
const hashOf = (userSig: string): string => createHash('sha256').update(userSig).digest('base64');

/** Makes room for one more. */
function dropOldest(map: Map<string, unknown>, entriesMax: number): void {
  if (map.size < entriesMax) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}
