// Two users as one of them sees it.
import { create } from '@bufbuild/protobuf';
import type { AppId, UserId } from '@parley/kernel';
import { isFirstOfPair } from '@parley/kernel';
import { relationv1 } from '@parley/proto';

/** A pair of users; `low` is the first in byte order. */
export interface PairKey {
  readonly appId: AppId;
  readonly low: UserId;
  readonly high: UserId;
}

export function pairOf(appId: AppId, a: UserId, b: UserId): PairKey {
  return isFirstOfPair(a, b) ? { appId, low: a, high: b } : { appId, low: b, high: a };
}

export const peerIn = (key: PairKey, userId: UserId): UserId => (key.low === userId ? key.high : key.low);

/** What a user has of a peer, and the peer of the user. */
export interface Sides {
  readonly mine: Side;
  readonly theirs: Side;
}

export interface Side {
  readonly friend: relationv1.FriendEntry | undefined;
  readonly blocked: relationv1.BlockEntry | undefined;
  /** This side asks the other. */
  readonly request: relationv1.RequestEntry | undefined;
}

export const NOTHING: Side = { friend: undefined, blocked: undefined, request: undefined };

export interface Pair {
  readonly low: Side;
  readonly high: Side;
}

export const STRANGERS: Pair = { low: NOTHING, high: NOTHING };

export const sidesOf = (key: PairKey, pair: Pair, userId: UserId): Sides =>
  key.low === userId ? { mine: pair.low, theirs: pair.high } : { mine: pair.high, theirs: pair.low };

export const pairFrom = (key: PairKey, { mine, theirs }: Sides, userId: UserId): Pair =>
  key.low === userId ? { low: mine, high: theirs } : { low: theirs, high: mine };

export const toState = ({ low, high }: Pair): relationv1.PairState =>
  create(relationv1.PairStateSchema, { low: present(low), high: present(high) });

export const fromState = ({ low, high }: relationv1.PairState): Pair => ({
  low: toSide(low),
  high: toSide(high),
});

const toSide = (side: relationv1.PairSide | undefined): Side =>
  side === undefined ? NOTHING : { friend: side.friend, blocked: side.blocked, request: side.request };

const present = ({ friend, blocked, request }: Side) => ({
  ...(friend && { friend }),
  ...(blocked && { blocked }),
  ...(request && { request }),
});
