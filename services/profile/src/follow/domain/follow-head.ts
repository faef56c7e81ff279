// A user's counts of follows, and how one change moves them. Pure.
import { create } from '@bufbuild/protobuf';
import { ChatError, ErrorCode } from '@parley/kernel';
import { followv1 } from '@parley/proto';

export interface FollowHead {
  readonly revision: bigint;
  readonly following: number;
  readonly followers: number;
  readonly mutual: number;
  /** Of the last change, while its rows may not be written. */
  readonly openEdge?: followv1.FollowEdge;
  /** An own change that the peer may not know. */
  readonly openTell?: followv1.FollowTell;
}

export const NO_HEAD: FollowHead = { revision: 0n, following: 0, followers: 0, mutual: 0 };

/** How many users one may follow, be followed by, and both. */
export interface FollowLimits {
  readonly following: number;
  readonly followers: number;
  readonly mutual: number;
}

export const noEdge = (peer: string): followv1.FollowEdge => create(followv1.FollowEdgeSchema, { peer });

export const isMutual = (edge: followv1.FollowEdge): boolean =>
  edge.followingAtMs > 0n && edge.followerAtMs > 0n;

/** When it became mutual; 0: it is not. */
export function mutualSince(edge: followv1.FollowEdge): bigint {
  if (!isMutual(edge)) return 0n;
  if (edge.followerAtMs > edge.followingAtMs) return edge.followerAtMs;
  return edge.followingAtMs;
}

const step = (before: boolean, after: boolean): number => Number(after) - Number(before);

/** The head after an edge changed; an own change has to be told to the peer. */
export function advance(
  head: FollowHead,
  before: followv1.FollowEdge,
  after: followv1.FollowEdge,
): FollowHead {
  const revision = head.revision + 1n;
  const isOwn = before.followingAtMs !== after.followingAtMs;
  const tell = isOwn
    ? create(followv1.FollowTellSchema, {
        ...{ peer: after.peer, atMs: after.followingAtMs, revision },
        isMutualChanged: after.followerAtMs > 0n,
      })
    : head.openTell;
  return {
    revision,
    following: head.following + step(before.followingAtMs > 0n, after.followingAtMs > 0n),
    followers: head.followers + step(before.followerAtMs > 0n, after.followerAtMs > 0n),
    mutual: head.mutual + step(isMutual(before), isMutual(after)),
    openEdge: after,
    ...(tell === undefined ? {} : { openTell: tell }),
  };
}

/**
 * Whether `head` may follow one more. The target's numbers are as they were read: those who follow it at the same
 * moment may together pass its limit by their number.
 * @throws ChatError 32100 to 32103. Source: rest-accounts-messages.md 10 and 19.4.
 */
export function checkRoom(
  head: FollowHead,
  target: FollowHead,
  { limits, becomesMutual }: { limits: FollowLimits; becomesMutual: boolean },
): void {
  if (head.following >= limits.following) {
    throw new ChatError(ErrorCode.FOLLOWING_FULL, `a user follows at most ${limits.following} users`);
  }
  if (target.followers >= limits.followers) {
    throw new ChatError(ErrorCode.FOLLOWERS_FULL, `a user has at most ${limits.followers} followers`);
  }
  if (!becomesMutual) return;
  const info = `a user has at most ${limits.mutual} mutual follows`;
  if (head.mutual >= limits.mutual) throw new ChatError(ErrorCode.MUTUAL_FULL, info);
  if (target.mutual >= limits.mutual) throw new ChatError(ErrorCode.TARGET_MUTUAL_FULL, info);
}
