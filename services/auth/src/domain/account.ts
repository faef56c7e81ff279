// An account and what may become of it.
import { ChatError, ErrorCode, isUserId, type UserId } from '@parley/kernel';

export interface Account {
  readonly userId: UserId;
  readonly nick: string;
  readonly faceUrl: string;
  readonly createdAtMs: number;
  /** 0: live. */
  readonly deletedAtMs: number;
  readonly sigValidFromS: number;
  /** How often the UserID was imported anew after a deletion. */
  readonly livesBefore: number;
  /** Set while the consequences of the deletion are still to be carried out. */
  readonly openDeletion: OpenDeletion | undefined;
  /** An operator keeps it out. */
  readonly isBlocked: boolean;
}

export interface OpenDeletion {
  /** Who deleted; empty: an app's back end. */
  readonly operator: string;
}

const PROFILE_BYTES_MAX = 500;
/** Groups own the first prefix, the platform itself the second; see spec of the compatible borders, identifiers. */
const RESERVED_PREFIXES = ['@TGS#', '@TIM#'];
const DAY_MS = 86_400_000;

export const isLive = (account: Account | undefined): account is Account =>
  account !== undefined && account.deletedAtMs === 0;

/** What stays of a deleted account: its name is locked, and the UserSigs that it had are invalid for ever. */
export const toTombstone = (
  account: Account,
  { deletedAtMs, sigValidFromS, operator }: { deletedAtMs: number; sigValidFromS: number; operator: string },
): Account => ({
  ...account,
  nick: '',
  faceUrl: '',
  deletedAtMs,
  sigValidFromS,
  openDeletion: { operator },
});

/** The deletion's consequences have been carried out; undefined when there is nothing to close, or it is another life's. */
export const closeDeletion = (stored: Account | undefined, livesBefore: number): Account | undefined =>
  stored?.openDeletion !== undefined && stored.livesBefore === livesBefore
    ? { ...stored, openDeletion: undefined }
    : undefined;

export interface AccountInput {
  readonly userId: string;
  readonly nick?: string | undefined;
  readonly faceUrl?: string | undefined;
}

const isTooLong = (value: string | undefined): boolean =>
  value !== undefined && Buffer.byteLength(value) > PROFILE_BYTES_MAX;

/** @throws ChatError 70402 or 40601 when the account cannot be imported as described. */
export function checkAccountInput(input: AccountInput): UserId {
  if (!isUserId(input.userId) || RESERVED_PREFIXES.some((prefix) => input.userId.startsWith(prefix))) {
    throw new ChatError(
      ErrorCode.ACCOUNT_BAD_PARAMETER,
      'UserID has 1 to 32 bytes of printable ASCII and no reserved prefix',
    );
  }
  if (isTooLong(input.nick) || isTooLong(input.faceUrl)) {
    throw new ChatError(
      ErrorCode.PROFILE_VALUE_TOO_LONG,
      `Nick and FaceUrl have at most ${PROFILE_BYTES_MAX} bytes`,
    );
  }
  return input.userId;
}

export type ImportDecision =
  | { readonly kind: 'create' | 'update'; readonly account: Account }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'locked' }
  /** The deletion has to be finished before the UserID can begin another life. */
  | { readonly kind: 'finish-deletion' };

export interface ImportRules {
  readonly nowMs: number;
  readonly deletedLockDays: number;
}

/** What an import makes of what is stored. */
export function decideImport(
  stored: Account | undefined,
  input: AccountInput & { readonly userId: UserId },
  rules: ImportRules,
): ImportDecision {
  if (stored === undefined || stored.deletedAtMs > 0) {
    if (stored && rules.nowMs - stored.deletedAtMs < rules.deletedLockDays * DAY_MS)
      return { kind: 'locked' };
    if (stored?.openDeletion) return { kind: 'finish-deletion' };
    const account: Account = {
      userId: input.userId,
      nick: input.nick ?? '',
      faceUrl: input.faceUrl ?? '',
      createdAtMs: rules.nowMs,
      deletedAtMs: 0,
      sigValidFromS: stored?.sigValidFromS ?? 0,
      livesBefore: stored ? stored.livesBefore + 1 : 0,
      openDeletion: undefined,
      isBlocked: stored?.isBlocked ?? false,
    };
    return { kind: 'create', account };
  }
  const account = { ...stored, nick: input.nick ?? stored.nick, faceUrl: input.faceUrl ?? stored.faceUrl };
  if (account.nick === stored.nick && account.faceUrl === stored.faceUrl) return { kind: 'unchanged' };
  return { kind: 'update', account };
}
