// What an act makes of a pair. Pure: what an act depends on beside the pair is handed in.
import { create } from '@bufbuild/protobuf';
import { ChatError, ErrorCode } from '@parley/kernel';
import { relationv1 } from '@parley/proto';
import { NOTHING, type Sides } from './pair.js';

/** What the pair becomes, and the code that the caller is told; the same `sides` object is no change. */
export interface Decision {
  readonly sides: Sides;
  readonly code: ErrorCode;
}

const OK = ErrorCode.UNSPECIFIED;
const unchanged = (sides: Sides, code: ErrorCode = OK): Decision => ({ sides, code });
const become = (sides: Sides): Decision => ({ sides, code: OK });

/** Of a repetition: to be refused because nothing is left to do means that the first attempt has done it. */
export const repeated = (decision: Decision, isRepetition: boolean, nothingLeft: ErrorCode): Decision =>
  isRepetition && decision.code === nothingLeft ? { ...decision, code: OK } : decision;

export type AllowType = 'any' | 'confirm' | 'deny';

/** What an add needs to know; counts are asked for only where the answer matters. */
export interface Adding {
  readonly entry: relationv1.FriendEntry;
  readonly isBoth: boolean;
  readonly isForced: boolean;
  readonly isSenderForbidden: boolean;
  readonly allowType: AllowType;
}

/** What a decision may run into, by side. */
export interface Room {
  /** One more friend of the user, or of its peer, may come. */
  readonly ownFriend: boolean;
  readonly peerFriend: boolean;
  /** One more request may go out from the user and come to the peer. */
  readonly request: boolean;
}

export function decideAdd(sides: Sides, adding: Adding, room: Room): Decision {
  const { mine, theirs } = sides;
  if (mine.blocked) return unchanged(sides, ErrorCode.SNS_PEER_BLOCKED);
  if (theirs.blocked) return unchanged(sides, ErrorCode.SNS_BLOCKED_BY_PEER);
  const isDone = mine.friend !== undefined && (!adding.isBoth || theirs.friend !== undefined);
  if (isDone) return unchanged(sides);
  if (!adding.isForced && adding.isSenderForbidden) return unchanged(sides, ErrorCode.SNS_SENDER_FORBIDDEN);
  if (mine.friend === undefined && !room.ownFriend) return unchanged(sides, ErrorCode.SNS_FRIENDS_TOO_MANY);
  // Who asks for the user has agreed to what the user asks for.
  const isAgreed = adding.isForced || theirs.request !== undefined;
  if (!isAgreed && adding.allowType === 'deny') return unchanged(sides, ErrorCode.SNS_PEER_DENIES_ALL);
  if (!isAgreed && adding.allowType === 'confirm') return ask(sides, adding, room);
  return befriend(sides, adding, room);
}

function befriend(sides: Sides, { entry, isBoth }: Adding, room: Room): Decision {
  const { mine, theirs } = sides;
  const theyGet = isBoth || theirs.request !== undefined;
  if (theyGet && theirs.friend === undefined && !room.peerFriend) {
    return unchanged(sides, ErrorCode.SNS_PEER_FRIENDS_TOO_MANY);
  }
  const theirEntry = theirs.request ? entryOfRequest(theirs.request, entry) : counterpartOf(entry);
  return become({
    mine: { ...mine, friend: mine.friend ?? entry, request: undefined },
    theirs: theyGet
      ? { ...theirs, friend: theirs.friend ?? theirEntry, request: undefined }
      : { ...theirs, request: undefined },
  });
}

function ask(sides: Sides, { entry, isBoth }: Adding, room: Room): Decision {
  if (sides.mine.request === undefined && !room.request) {
    return unchanged(sides, ErrorCode.SNS_APPLICATIONS_TOO_MANY);
  }
  const { addSource, addWording, storedMs, remark, groupIds } = entry;
  const request = create(relationv1.RequestEntrySchema, {
    ...{ addSource, addWording, storedMs, remark, groupIds, isBoth },
  });
  return { sides: { ...sides, mine: { ...sides.mine, request } }, code: ErrorCode.SNS_APPLICATION_WAITS };
}

/** The asking user's own entry, when the asked one agrees. */
const entryOfRequest = (
  { addSource, addWording, remark, groupIds }: relationv1.RequestEntry,
  { addTimeS, storedMs }: Pick<relationv1.FriendEntry, 'addTimeS' | 'storedMs'>,
): relationv1.FriendEntry =>
  create(relationv1.FriendEntrySchema, { addSource, addWording, remark, groupIds, addTimeS, storedMs });

/** What the other side has of it: how and when, not what the user made of it. */
const counterpartOf = ({ addSource, addWording, addTimeS, storedMs }: relationv1.FriendEntry) =>
  create(relationv1.FriendEntrySchema, { addSource, addWording, addTimeS, storedMs });

/** `mine` answers a request of `theirs`. `own` is the entry that `mine` gets when it adds back. */
export function decideAccept(
  sides: Sides,
  own: relationv1.FriendEntry,
  { addsBack }: { readonly addsBack: boolean },
  room: Room,
): Decision {
  const { mine, theirs } = sides;
  const request = theirs.request;
  if (request === undefined) return unchanged(sides, ErrorCode.SNS_APPLICATION_NOT_FOUND);
  if (theirs.friend === undefined && !room.peerFriend) {
    return unchanged(sides, ErrorCode.SNS_PEER_FRIENDS_TOO_MANY);
  }
  if (addsBack && mine.friend === undefined && !room.ownFriend) {
    return unchanged(sides, ErrorCode.SNS_FRIENDS_TOO_MANY);
  }
  const back = create(relationv1.FriendEntrySchema, {
    ...own,
    addSource: request.addSource,
    addWording: request.addWording,
  });
  return become({
    mine: {
      ...mine,
      friend: mine.friend ?? (addsBack ? back : undefined),
      request: addsBack ? undefined : mine.request,
    },
    theirs: { ...theirs, friend: theirs.friend ?? entryOfRequest(request, own), request: undefined },
  });
}

export function decideRefuse(sides: Sides): Decision {
  if (sides.theirs.request === undefined) return unchanged(sides, ErrorCode.SNS_APPLICATION_NOT_FOUND);
  return become({ ...sides, theirs: { ...sides.theirs, request: undefined } });
}

export function decideDeleteApplication(sides: Sides, isSent: boolean): Decision {
  const { mine, theirs } = sides;
  if ((isSent ? mine : theirs).request === undefined) {
    return unchanged(sides, ErrorCode.SNS_APPLICATION_TO_DELETE_NOT_FOUND);
  }
  return become(
    isSent
      ? { mine: { ...mine, request: undefined }, theirs }
      : { mine, theirs: { ...theirs, request: undefined } },
  );
}

export function decideDelete(sides: Sides, isBoth: boolean): Decision {
  const { mine, theirs } = sides;
  if (mine.friend === undefined) return unchanged(sides, ErrorCode.SNS_NOT_FRIEND_TO_DELETE);
  return become({
    mine: { ...mine, friend: undefined },
    theirs: isBoth ? { ...theirs, friend: undefined } : theirs,
  });
}

export function decideBlock(sides: Sides, nowMs: number, hasRoom: boolean): Decision {
  const { mine, theirs } = sides;
  if (mine.blocked) return unchanged(sides, ErrorCode.SNS_BAD_PARAMETER);
  if (!hasRoom) return unchanged(sides, ErrorCode.SNS_BLOCKLIST_FULL);
  const blocked = create(relationv1.BlockEntrySchema, { storedMs: BigInt(nowMs) });
  return become({ mine: { ...NOTHING, blocked }, theirs: { ...NOTHING, blocked: theirs.blocked } });
}

export function decideUnblock(sides: Sides): Decision {
  if (sides.mine.blocked === undefined) return unchanged(sides);
  return become({ ...sides, mine: { ...sides.mine, blocked: undefined } });
}

/** One side's contact, whatever the other thinks of it; but not against a blocklist. */
export function decideImport(
  sides: Sides,
  entry: relationv1.FriendEntry,
  room: Pick<Room, 'ownFriend'>,
): Decision {
  const { mine, theirs } = sides;
  if (mine.blocked) return unchanged(sides, ErrorCode.SNS_PEER_BLOCKED);
  if (theirs.blocked) return unchanged(sides, ErrorCode.SNS_BLOCKED_BY_PEER);
  if (mine.friend) return unchanged(sides);
  if (!room.ownFriend) return unchanged(sides, ErrorCode.SNS_FRIENDS_TOO_MANY);
  return become({ mine: { ...mine, friend: entry, request: undefined }, theirs });
}

/** `change` makes a new entry of the old one. `missing` is the code for who is no friend. */
export function decideUpdate(
  sides: Sides,
  change: (entry: relationv1.FriendEntry) => relationv1.FriendEntry,
  missing: ErrorCode,
): Decision {
  const { friend } = sides.mine;
  if (friend === undefined) return unchanged(sides, missing);
  return become({ ...sides, mine: { ...sides.mine, friend: change(friend) } });
}

/** One of both is gone since `endedMs`: everything between them that is not younger. */
export function decideForget(sides: Sides, endedMs: bigint): Decision {
  const left = <E extends { readonly storedMs: bigint }>(entry: E | undefined): E | undefined =>
    entry !== undefined && entry.storedMs > endedMs ? entry : undefined;
  const rest = ({ friend, blocked, request }: Sides['mine']) => ({
    friend: left(friend),
    blocked: left(blocked),
    request: left(request),
  });
  return become({ mine: rest(sides.mine), theirs: rest(sides.theirs) });
}

/** The failure of a call about one user. */
export function refusalOf(code: ErrorCode): ChatError {
  return new ChatError(code, infoOf(code));
}

const INFOS: ReadonlyMap<ErrorCode, string> = new Map([
  [ErrorCode.SNS_ACCOUNT_NOT_FOUND, 'the account does not exist'],
  [ErrorCode.SNS_PEER_BLOCKED, 'the other one is on the own blocklist'],
  [ErrorCode.SNS_BLOCKED_BY_PEER, 'the user is on the blocklist of the other one'],
  [ErrorCode.SNS_SENDER_FORBIDDEN, 'the user may not ask to be a friend'],
  [ErrorCode.SNS_FRIENDS_TOO_MANY, 'the user has as many friends as it may'],
  [ErrorCode.SNS_PEER_FRIENDS_TOO_MANY, 'the other one has as many friends as it may'],
  [ErrorCode.SNS_PEER_DENIES_ALL, 'the other one lets nobody be its friend'],
  [ErrorCode.SNS_APPLICATIONS_TOO_MANY, 'as many requests wait as may'],
  [ErrorCode.SNS_APPLICATION_WAITS, 'the other one has been asked'],
  [ErrorCode.SNS_APPLICATION_NOT_FOUND, 'no such request waits'],
  [ErrorCode.SNS_APPLICATION_TO_DELETE_NOT_FOUND, 'there is no such request'],
  [ErrorCode.SNS_NOT_FRIEND_TO_DELETE, 'the account is no friend'],
  [ErrorCode.SNS_BLOCKLIST_FULL, 'the blocklist is full'],
  [ErrorCode.SNS_GROUP_MEMBER_NOT_FRIEND, 'the account is no friend'],
  [ErrorCode.SNS_GROUPS_TOO_MANY, 'the user has as many friend groups as it may'],
]);

export const infoOf = (code: ErrorCode): string =>
  code === OK ? '' : (INFOS.get(code) ?? 'a parameter is not valid');
