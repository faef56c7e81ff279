// Friends as their user sees them, and what is between users.
import { create } from '@bufbuild/protobuf';
import { ChatError, ErrorCode, isUserId, type UserId } from '@parley/kernel';
import { relationv1 } from '@parley/proto';
import type { Accounts, CallContext } from '@parley/rpc';
import type { ProfileReader } from '../../ports.js';
import type { HeadRegister } from '../changing/head-register.js';
import { versionsOf } from '../changing/list-versions.js';
import type { PairRegister } from '../changing/pair-register.js';
import { infoOf } from '../domain/deciding.js';
import { groupNamesOf } from '../domain/groups.js';
import { FRIENDS_TO_GET_MAX, USERS_PER_CALL_MAX } from '../domain/limits.js';
import type { Sides as SidesBetween } from '../domain/pair.js';
import { friendOf, type ListRow, type ListStore } from '../stores/list-store.js';
import { type Actor, actorFrom, checkCount } from './each-user.js';
import { pageOf } from './page.js';

const { Relation, RelationKind, Sides } = relationv1;

export interface ReadRelationsDeps {
  readonly register: PairRegister;
  readonly heads: HeadRegister;
  readonly lists: ListStore;
  readonly accounts: Accounts;
  readonly profiles: ProfileReader;
}

export class ReadRelations {
  constructor(private readonly deps: ReadRelationsDeps) {}

  async versions({ userId: named }: relationv1.GetListVersionsRequest, context: CallContext) {
    const { appId, userId } = await actorFrom(this.deps.accounts, context, named);
    return versionsOf(await this.deps.heads.get(appId, userId));
  }

  async list(request: relationv1.ListFriendsRequest, context: CallContext) {
    const { accounts, heads, lists } = this.deps;
    const { appId, userId } = await actorFrom(accounts, context, request.userId);
    // First the versions, then the rows: the list may be newer than it says, never older.
    const head = await heads.get(appId, userId);
    const versions = versionsOf(head);
    const rows = await lists.all(appId, userId, RelationKind.FRIEND);
    const { page, nextIndex } = pageOf(rows, request, ErrorCode.SNS_BAD_PARAMETER);
    const hasStandard = request.friendsVersion !== 0n && request.friendsVersion === versions.friends;
    const hasCustom = request.customVersion !== 0n && request.customVersion === versions.custom;
    const friends = page.map((row) => {
      const friend = toFriend(row, head);
      const left = hasStandard ? { userId: friend.userId } : friend;
      return create(relationv1.FriendSchema, { ...left, custom: hasCustom ? [] : friend.custom });
    });
    return {
      friends: hasStandard && hasCustom ? [] : friends,
      versions,
      friendCount: rows.length,
      nextIndex,
    };
  }

  /** @throws ChatError 30001, 30003. */
  async named(
    request: relationv1.GetFriendsRequest,
    context: CallContext,
  ): Promise<relationv1.FriendResult[]> {
    const { accounts, heads, lists, profiles } = this.deps;
    const { userIds, profileTags } = request;
    checkCount(userIds, FRIENDS_TO_GET_MAX);
    const { appId, userId } = await actorFrom(accounts, context, request.userId);
    const [head, rows, items] = await Promise.all([
      heads.get(appId, userId),
      lists.named(appId, userId, RelationKind.FRIEND, userIds),
      profileTags.length === 0 ? [] : profiles.itemsFor(context, userIds, profileTags).catch(inOwnCodes),
    ]);
    return userIds.map((peer, at) => {
      const row = rows[at];
      if (row === undefined) {
        const code = ErrorCode.SNS_BAD_PARAMETER;
        return create(relationv1.FriendResultSchema, {
          userId: peer,
          code,
          info: 'the account is no friend',
        });
      }
      const friend = toFriend(row, head);
      friend.profile = [...(items[at] ?? [])];
      return create(relationv1.FriendResultSchema, { userId: peer, friend });
    });
  }

  /** @throws ChatError 30001, 30003. */
  checkFriends(request: relationv1.CheckFriendsRequest, context: CallContext) {
    return this.#check(request, context, {
      mine: ({ mine }) => mine.friend !== undefined,
      theirs: ({ theirs }) => theirs.friend !== undefined,
    });
  }

  /** @throws ChatError 30001, 30003. */
  checkBlocklist(request: relationv1.CheckBlocklistRequest, context: CallContext) {
    return this.#check(request, context, {
      mine: ({ mine }) => mine.blocked !== undefined,
      theirs: ({ theirs }) => theirs.blocked !== undefined,
    });
  }

  async #check(
    { userId: named, userIds, sides }: relationv1.CheckFriendsRequest | relationv1.CheckBlocklistRequest,
    context: CallContext,
    has: Readonly<Record<'mine' | 'theirs', (between: SidesBetween) => boolean>>,
  ): Promise<relationv1.CheckResult[]> {
    const { accounts, register } = this.deps;
    checkCount(userIds, USERS_PER_CALL_MAX);
    const actor: Actor = await actorFrom(accounts, context, named);
    const existing = await accounts.existing(actor.appId, userIds);
    const peers = [...new Set(userIds)].filter(
      (each): each is UserId => isUserId(each) && existing.has(each),
    );
    const between = await register.sidesOf(actor.appId, actor.userId, peers);
    const byPeer = new Map(peers.map((peer, at) => [peer as string, between[at]]));
    return userIds.map((userId) => {
      const found = byPeer.get(userId);
      if (found === undefined) {
        const code = isUserId(userId) ? ErrorCode.SNS_ACCOUNT_NOT_FOUND : ErrorCode.SNS_BAD_PARAMETER;
        return create(relationv1.CheckResultSchema, {
          userId,
          relation: Relation.NONE,
          code,
          info: infoOf(code),
        });
      }
      const isReverse = sides === Sides.BOTH && has.theirs(found);
      return create(relationv1.CheckResultSchema, {
        userId,
        relation: relationOf(has.mine(found), isReverse),
      });
    });
  }
}

function relationOf(aWithB: boolean, bWithA: boolean): relationv1.Relation {
  if (aWithB) return bWithA ? Relation.BOTH : Relation.A_WITH_B;
  return bWithA ? Relation.B_WITH_A : Relation.NONE;
}

export function toFriend(row: ListRow, head: relationv1.RelationHead): relationv1.Friend {
  const { remark, groupIds, addSource, addWording, addTimeS, custom } = friendOf(row);
  return create(relationv1.FriendSchema, {
    ...{ userId: row.peer, remark, addSource, addWording, addTimeS, custom },
    groups: groupNamesOf(head, groupIds),
  });
}

/** What is wrong with a tag of a profile is a bad parameter here. */
function inOwnCodes(thrown: unknown): never {
  const error = ChatError.from(thrown);
  const isTag = error.code === ErrorCode.PROFILE_READ_DENIED || error.code === ErrorCode.PROFILE_TAG_UNKNOWN;
  throw isTag ? new ChatError(ErrorCode.SNS_BAD_PARAMETER, error.info) : error;
}
