// The groups that a user is in, with the user's own membership.

import { create } from '@bufbuild/protobuf';
import type { Delivery } from '@parley/delivery';
import type { UserId } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import type { GroupRegister } from '../changing/group-register.js';
import type { GroupView } from '../changing/group-view.js';
import type { CustomFields } from '../domain/custom-fields.js';
import type { GroupTypes } from '../domain/group-types.js';
import { JOINED_PER_PAGE_MAX } from '../domain/limits.js';
import { isLive } from '../domain/policy.js';
import type { JoinedPage, MemberStore } from '../stores/member-store.js';
import { type Caller, subjectUser } from './caller.js';
import { shownGroup, shownMember } from './shown-group.js';

export interface ListJoinedGroupsDeps {
  readonly register: GroupRegister;
  readonly members: MemberStore;
  readonly types: GroupTypes;
  readonly custom: CustomFields;
  readonly joinedGroupsMax: number;
  readonly delivery: Delivery;
}

export class ListJoinedGroups {
  constructor(private readonly deps: ListJoinedGroupsDeps) {}

  async run(request: groupv1.ListJoinedGroupsRequest, caller: Caller) {
    const { members, types, joinedGroupsMax } = this.deps;
    const user = subjectUser(caller, request.user);
    const policy = request.type === '' ? undefined : types.named(request.type);
    const type = policy?.name;
    if (policy !== undefined && isLive(policy)) return this.#visited(request, caller, user);
    const limit = Math.min(request.limit || JOINED_PER_PAGE_MAX, JOINED_PER_PAGE_MAX);
    const page = await this.#page(caller, user, { limit, type, cursor: request.cursor });
    const total =
      request.cursor === '' ? (await members.allJoined(caller.appId, user, joinedGroupsMax, type)).length : 0;
    const views = await this.deps.register.findMany(caller.appId, page.groupIds);
    const shown = await Promise.all(views.map((view) => this.#shown(view, user)));
    return {
      groups: shown.filter((group) => group !== undefined),
      nextCursor: page.cursor ?? '',
      totalCount: BigInt(total),
    };
  }

  /** Live groups of the type, by their ids. No row names them: the gateways do, for who is connected. */
  async #visited(
    { type, cursor, limit: asked }: groupv1.ListJoinedGroupsRequest,
    caller: Caller,
    user: UserId,
  ) {
    const { delivery, register, types } = this.deps;
    const { name } = types.named(type);
    const groupIds = await delivery.roomsVisitedBy(caller.appId, user);
    const found = (await register.findMany(caller.appId, groupIds)).filter((view) => view !== undefined);
    const views = found
      .filter((view) => isLive(view.policy) && view.policy.name === name)
      .sort((one, other) => (one.key.groupId < other.key.groupId ? -1 : 1));
    const limit = Math.min(asked || JOINED_PER_PAGE_MAX, JOINED_PER_PAGE_MAX);
    const rest = views.filter((view) => view.key.groupId > cursor);
    const groups = await Promise.all(rest.slice(0, limit).map((view) => this.#shownVisited(view, user)));
    return {
      groups,
      nextCursor: rest.length > limit ? (rest[limit - 1]?.key.groupId ?? '') : '',
      totalCount: BigInt(cursor === '' ? views.length : 0),
    };
  }

  async #shownVisited(view: GroupView, user: UserId) {
    const role = await view.actorRole(user);
    const { receiveOption } = view.policy;
    const self = create(groupv1.MemberSchema, { userId: user, role: view.roleOf(user), receiveOption });
    return { group: shownGroup(view, role, this.deps.custom), self };
  }

  /** As many as asked for, past rows of groups that the user has left. */
  async #page(
    { appId }: Caller,
    user: UserId,
    asked: { readonly limit: number; readonly type: string | undefined; readonly cursor: string },
  ): Promise<JoinedPage> {
    const { limit, type } = asked;
    const groupIds = [];
    let cursor = asked.cursor === '' ? undefined : asked.cursor;
    do {
      const page: JoinedPage = await this.deps.members.joined(appId, user, {
        limit: limit - groupIds.length,
        ...(type === undefined ? {} : { type }),
        ...(cursor === undefined ? {} : { cursor }),
      });
      groupIds.push(...page.groupIds);
      cursor = page.cursor;
    } while (cursor !== undefined && groupIds.length < limit);
    return cursor === undefined ? { groupIds } : { groupIds, cursor };
  }

  async #shown(view: GroupView | undefined, user: UserId) {
    const self = await view?.member(user);
    if (view === undefined || self === undefined) return undefined;
    const role = await view.actorRole(user);
    const { custom } = this.deps;
    return { group: shownGroup(view, role, custom), self: shownMember(self, view, role, custom) };
  }
}
