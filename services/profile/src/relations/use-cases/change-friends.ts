// Entries are changed and end.
import { clone } from '@bufbuild/protobuf';
import { type AppId, type Clock, ErrorCode, mapBounded, type UserId } from '@parley/kernel';
import { relationv1 } from '@parley/proto';
import type { Accounts, CallContext } from '@parley/rpc';
import type { HeadRegister } from '../changing/head-register.js';
import type { PairRegister } from '../changing/pair-register.js';
import { decideDelete, decideUpdate, repeated } from '../domain/deciding.js';
import { checkCustom, checkTexts, mergeCustom } from '../domain/fields.js';
import { checkGroupName, groupIdsOf, withGroups } from '../domain/groups.js';
import { PAIRS_AT_ONCE, USERS_PER_CALL_MAX } from '../domain/limits.js';
import { pairOf } from '../domain/pair.js';
import type { ListStore } from '../stores/list-store.js';
import { actorFrom, checkCount, eachUser } from './each-user.js';

const { RelationKind, Sides } = relationv1;

export interface ChangeFriendsDeps {
  readonly register: PairRegister;
  readonly heads: HeadRegister;
  readonly lists: ListStore;
  readonly accounts: Accounts;
  readonly clock: Clock;
  readonly customFieldsOf: (appId: AppId) => ReadonlySet<string>;
}

export class ChangeFriends {
  constructor(private readonly deps: ChangeFriendsDeps) {}

  /** @throws ChatError 30001, 30003, 30011. */
  async update(
    request: relationv1.UpdateFriendsRequest,
    context: CallContext,
  ): Promise<relationv1.RelationResult[]> {
    const { register, heads, accounts, clock, customFieldsOf } = this.deps;
    const { items } = request;
    checkCount(items, USERS_PER_CALL_MAX);
    const declared = customFieldsOf(context.appId);
    for (const { remark = '', groups, custom } of items) {
      checkTexts({ remark });
      groups?.names.forEach(checkGroupName);
      checkCustom(custom, declared);
    }
    const actor = await actorFrom(accounts, context, request.userId);
    const { appId, userId } = actor;
    const names = items.flatMap(({ groups }) => groups?.names ?? []);
    const nowMs = clock.now();
    const head =
      names.length === 0
        ? await heads.get(appId, userId)
        : await heads.change(appId, userId, 'groups', (seen) => withGroups(seen, names, nowMs));
    return eachUser(
      accounts,
      actor,
      items.map((item) => item.userId),
      (peer, at) => {
        const { remark, groups, custom } = items[at] as relationv1.FriendUpdate;
        return register.change(pairOf(appId, userId, peer), userId, actor, (sides) =>
          decideUpdate(
            sides,
            (entry) => {
              const next = clone(relationv1.FriendEntrySchema, entry);
              if (remark !== undefined && remark !== entry.remark) {
                next.remark = remark;
                next.remarkTimeS = Math.floor(nowMs / 1_000);
              }
              if (groups !== undefined) next.groupIds = groupIdsOf(head, groups.names);
              next.custom = mergeCustom(entry.custom, custom);
              return next;
            },
            ErrorCode.SNS_BAD_PARAMETER,
          ),
        );
      },
    );
  }

  /** @throws ChatError 30001, 30003. */
  async delete(
    { userId: named, userIds, sides }: relationv1.DeleteFriendsRequest,
    context: CallContext,
  ): Promise<relationv1.RelationResult[]> {
    const { register, accounts } = this.deps;
    checkCount(userIds, USERS_PER_CALL_MAX);
    const actor = await actorFrom(accounts, context, named);
    const { appId, userId } = actor;
    return eachUser(accounts, actor, userIds, (peer) =>
      register.change(pairOf(appId, userId, peer), userId, actor, (between) =>
        repeated(
          decideDelete(between, sides === Sides.BOTH),
          actor.isRepetition,
          ErrorCode.SNS_NOT_FRIEND_TO_DELETE,
        ),
      ),
    );
  }

  /** @throws ChatError 30003, and what stopped it; repeating it goes on. */
  async deleteAll(
    { userId: named, sides }: relationv1.DeleteAllFriendsRequest,
    context: CallContext,
  ): Promise<void> {
    const { register, accounts, lists } = this.deps;
    const actor = await actorFrom(accounts, context, named);
    const { appId, userId } = actor;
    const friends = await lists.all(appId, userId, RelationKind.FRIEND);
    await mapBounded(friends, PAIRS_AT_ONCE, ({ peer }) =>
      register.change(pairOf(appId, userId, peer as UserId), userId, actor, (between) =>
        decideDelete(between, sides === Sides.BOTH),
      ),
    );
  }
}
