// The groups that a user is in, with the user's own membership.

import type { UserId } from '@parley/kernel';
import type { groupv1 } from '@parley/proto';
import type { GroupRegister } from '../changing/group-register.js';
import type { GroupView } from '../changing/group-view.js';
import type { CustomFields } from '../domain/custom-fields.js';
import type { GroupTypes } from '../domain/group-types.js';
import { JOINED_PER_PAGE_MAX } from '../domain/limits.js';
import type { JoinedPage, MemberStore } from '../stores/member-store.js';
import { type Caller, subjectUser } from './caller.js';
import { shownGroup, shownMember } from './shown-group.js';

export interface ListJoinedGroupsDeps {
  readonly register: GroupRegister;
  readonly members: MemberStore;
  readonly types: GroupTypes;
  readonly custom: CustomFields;
  readonly joinedGroupsMax: number;
}

export class ListJoinedGroups {
  constructor(private readonly deps: ListJoinedGroupsDeps) {}

  async run(request: groupv1.ListJoinedGroupsRequest, caller: Caller) {
    const { members, types, joinedGroupsMax } = this.deps;
    const user = subjectUser(caller, request.user);
    const type = request.type === '' ? undefined : types.named(request.type).name;
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
