// Users become friends, or are asked to; contacts are imported.
import { create } from '@bufbuild/protobuf';
import { type AppId, ChatError, type Clock, ErrorCode, type UserId } from '@parley/kernel';
import { type profilev1, relationv1 } from '@parley/proto';
import { type Accounts, type CallContext, CallerRole } from '@parley/rpc';
import type { ProfileReader } from '../../ports.js';
import type { HeadRegister } from '../changing/head-register.js';
import type { PairRegister } from '../changing/pair-register.js';
import { type Adding, type AllowType, decideAdd, decideImport, type Room } from '../domain/deciding.js';
import { checkCustom, checkTexts, mergeCustom } from '../domain/fields.js';
import { checkGroupName, groupIdsOf, withGroups } from '../domain/groups.js';
import { APPLICATIONS_MAX, FRIENDS_MAX, FRIENDS_TO_ADD_MAX, USERS_PER_CALL_MAX } from '../domain/limits.js';
import { pairOf, type Sides } from '../domain/pair.js';
import type { ListStore } from '../stores/list-store.js';
import { type Actor, actorFrom, checkCount, eachUser } from './each-user.js';
import { Quota } from './quota.js';

const { RelationKind } = relationv1;
const ALLOW_TYPE_TAG = 'Tag_Profile_IM_AllowType';
const FORBID_TAG = 'Tag_Profile_IM_AdminForbidType';
const ALLOW_TYPES: ReadonlyMap<unknown, AllowType> = new Map([
  ['AllowType_Type_NeedConfirm', 'confirm'],
  ['AllowType_Type_DenyAny', 'deny'],
]);

export interface AddFriendsDeps {
  readonly register: PairRegister;
  readonly heads: HeadRegister;
  readonly lists: ListStore;
  readonly accounts: Accounts;
  readonly profiles: ProfileReader;
  readonly clock: Clock;
  readonly customFieldsOf: (appId: AppId) => ReadonlySet<string>;
}

export class AddFriends {
  constructor(private readonly deps: AddFriendsDeps) {}

  /** @throws ChatError 30001, 30003, 30004, 30011. */
  async add(
    request: relationv1.AddFriendsRequest,
    context: CallContext,
  ): Promise<relationv1.RelationResult[]> {
    const { register, accounts, profiles, lists } = this.deps;
    const { items, sides, isForced } = request;
    checkCount(items, FRIENDS_TO_ADD_MAX);
    if (isForced && context.role === CallerRole.USER) {
      throw new ChatError(ErrorCode.SNS_ADMIN_REQUIRED, 'only an admin may force');
    }
    for (const item of items) checkItem(item, item.group === '' ? [] : [item.group]);
    const actor = await actorFrom(accounts, context, request.userId);
    const { appId, userId } = actor;
    const peers = items.map((item) => item.userId as UserId);
    const [own = [], ...allowed] = await profiles.itemsOf(appId, [userId, ...peers]);
    const head = await this.#withGroups(
      actor,
      items.map(({ group }) => group),
    );
    const friends = this.#quota(actor, RelationKind.FRIEND);
    const sent = new Quota(lists, { appId, userId, kind: RelationKind.SENT, max: APPLICATIONS_MAX });
    const isSenderForbidden = textOf(own, FORBID_TAG) === 'AdminForbid_Type_SendOut';
    return eachUser(accounts, actor, peers, async (peer, at) => {
      const item = items[at] as relationv1.FriendToAdd;
      const adding: Adding = {
        entry: this.#entryOf(item, groupIdsOf(head, [item.group])),
        isBoth: sides !== relationv1.Sides.SINGLE,
        isForced,
        isSenderForbidden,
        allowType: ALLOW_TYPES.get(textOf(allowed[at] ?? [], ALLOW_TYPE_TAG)) ?? 'any',
      };
      return register.change(pairOf(appId, userId, peer), userId, actor, async (between) => {
        const room = await this.#roomFor(between, adding, { actor, peer, friends, sent });
        const decision = decideAdd(between, adding, room);
        if (decision.sides.mine.friend === undefined) friends.free(peer);
        if (decision.sides.mine.request === undefined) sent.free(peer);
        return decision;
      });
    });
  }

  /** @throws ChatError 30001, 30003, 30011. */
  async import(
    request: relationv1.ImportFriendsRequest,
    context: CallContext,
  ): Promise<relationv1.RelationResult[]> {
    const { register, accounts } = this.deps;
    const { items } = request;
    checkCount(items, USERS_PER_CALL_MAX);
    const declared = this.deps.customFieldsOf(context.appId);
    for (const item of items) {
      checkItem(item, item.groups);
      checkCustom(item.custom, declared);
    }
    const actor = await actorFrom(accounts, context, request.userId);
    const { appId, userId } = actor;
    const head = await this.#withGroups(
      actor,
      items.flatMap(({ groups }) => groups),
    );
    const friends = this.#quota(actor, RelationKind.FRIEND);
    return eachUser(
      accounts,
      actor,
      items.map((item) => item.userId),
      (peer, at) => {
        const item = items[at] as relationv1.FriendToImport;
        const entry = this.#entryOf(item, groupIdsOf(head, item.groups));
        entry.custom = mergeCustom([], item.custom);
        entry.remarkTimeS = item.remarkTimeS;
        if (item.addTimeS !== 0) entry.addTimeS = item.addTimeS;
        return register.change(pairOf(appId, userId, peer), userId, actor, async (between) => {
          const ownFriend = between.mine.friend !== undefined || (await friends.take(peer));
          const decision = decideImport(between, entry, { ownFriend });
          if (decision.sides.mine.friend === undefined) friends.free(peer);
          return decision;
        });
      },
    );
  }

  #quota({ appId, userId }: Actor, kind: relationv1.RelationKind): Quota {
    return new Quota(this.deps.lists, { appId, userId, kind, max: FRIENDS_MAX });
  }

  async #withGroups({ appId, userId }: Actor, names: readonly string[]): Promise<relationv1.RelationHead> {
    const wanted = names.filter((name) => name !== '');
    const nowMs = this.deps.clock.now();
    if (wanted.length === 0) return this.deps.heads.get(appId, userId);
    return this.deps.heads.change(appId, userId, 'groups', (head) => withGroups(head, wanted, nowMs));
  }

  #entryOf(
    { remark, addSource, addWording }: relationv1.FriendToAdd | relationv1.FriendToImport,
    groupIds: number[],
  ): relationv1.FriendEntry {
    const nowMs = this.deps.clock.now();
    return create(relationv1.FriendEntrySchema, {
      ...{ remark, addSource, addWording, groupIds },
      addTimeS: Math.floor(nowMs / 1_000),
      storedMs: BigInt(nowMs),
    });
  }

  /** Counts only what the decision may ask for. */
  async #roomFor({ mine, theirs }: Sides, adding: Adding, quotas: AddQuotas): Promise<Room> {
    const { actor, peer, friends, sent } = quotas;
    const { lists } = this.deps;
    const isAsking = !adding.isForced && adding.allowType === 'confirm' && theirs.request === undefined;
    const hasLess = async (kind: relationv1.RelationKind, max: number) =>
      (await lists.all(actor.appId, peer, kind, max)).length < max;
    return {
      ownFriend: mine.friend !== undefined || (await friends.take(peer)),
      peerFriend:
        isAsking || theirs.friend !== undefined || (await hasLess(RelationKind.FRIEND, FRIENDS_MAX)),
      request:
        !isAsking ||
        mine.request !== undefined ||
        ((await sent.take(peer)) && (await hasLess(RelationKind.RECEIVED, APPLICATIONS_MAX))),
    };
  }
}

interface AddQuotas {
  readonly actor: Actor;
  readonly peer: UserId;
  readonly friends: Quota;
  readonly sent: Quota;
}

function checkItem(
  item: relationv1.FriendToAdd | relationv1.FriendToImport,
  groups: readonly string[],
): void {
  checkTexts(item);
  groups.forEach(checkGroupName);
}

const textOf = (items: readonly profilev1.ProfileItem[], tag: string): unknown =>
  items.find((item) => item.tag === tag)?.value.value;
