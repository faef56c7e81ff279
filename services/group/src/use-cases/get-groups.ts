// Groups by their ids, each with its own outcome.
import { ChatError, ErrorCode, type GroupId, isGroupId } from '@parley/kernel';
import type { groupv1 } from '@parley/proto';
import type { GroupRegister } from '../changing/group-register.js';
import type { GroupView } from '../changing/group-view.js';
import type { LiveLeaders } from '../changing/live-leaders.js';
import type { CustomFields } from '../domain/custom-fields.js';
import { GROUPS_PER_READ_MAX } from '../domain/limits.js';
import { decideOperation } from '../domain/policy.js';
import { type Caller, subjectUser } from './caller.js';
import { shownGroup, shownMember } from './shown-group.js';

interface Outcome {
  readonly groupId: string;
  readonly code?: number;
  readonly info?: string;
  readonly group?: groupv1.Group;
  readonly self?: groupv1.Member;
}

export class GetGroups {
  constructor(
    private readonly register: GroupRegister,
    private readonly leaders: LiveLeaders,
    private readonly custom: CustomFields,
  ) {}

  /** @throws ChatError 10005 on too many ids. */
  async run(request: groupv1.GetGroupsRequest, caller: Caller): Promise<{ groups: Outcome[] }> {
    const { groupIds } = request;
    if (groupIds.length > GROUPS_PER_READ_MAX) {
      throw new ChatError(ErrorCode.GROUP_TOO_MANY_ACCOUNTS, `at most ${GROUPS_PER_READ_MAX} groups at once`);
    }
    const wellFormed = groupIds.filter(isGroupId);
    const views = await this.register.findMany(caller.appId, wellFormed);
    for (const view of views) if (view !== undefined) this.leaders.checkSoon(view);
    const byId = new Map(
      wellFormed.map((groupId, at): [string, GroupView | undefined] => [groupId, views[at]]),
    );
    const groups = await Promise.all(
      groupIds.map((groupId) => this.#outcome(groupId as GroupId, byId, request.user, caller)),
    );
    return { groups };
  }

  async #outcome(
    groupId: GroupId,
    views: ReadonlyMap<string, GroupView | undefined>,
    named: string,
    caller: Caller,
  ): Promise<Outcome> {
    if (!views.has(groupId))
      return { groupId, code: ErrorCode.GROUP_ID_INVALID, info: 'the group id is malformed' };
    const view = views.get(groupId);
    if (view === undefined)
      return { groupId, code: ErrorCode.GROUP_NOT_FOUND, info: 'the group does not exist' };
    const role = caller.isBackEnd ? 'X' : await view.actorRole(caller.userId);
    const refusal = decideOperation(view.policy, role, 'readInfo');
    if (refusal !== undefined) return { groupId, code: refusal, info: 'the group is not shown to strangers' };
    const user = caller.isBackEnd && named === '' ? undefined : subjectUser(caller, named);
    const self = user === undefined ? undefined : await view.member(user);
    return {
      groupId,
      group: shownGroup(view, role, this.custom),
      ...(self === undefined ? {} : { self: shownMember(self, view, role, this.custom) }),
    };
  }
}
