// A live group gets or loses admins. They stand in the group's row, need not be there, and stay until they
// are dismissed.

import { create } from '@bufbuild/protobuf';
import { ChatError, ErrorCode, type UserId } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import type { Accounts } from '@parley/rpc';
import { ChangeDraft } from '../changing/change-draft.js';
import type { Decided, GroupRegister } from '../changing/group-register.js';
import type { GroupView } from '../changing/group-view.js';
import type { LiveLeaders } from '../changing/live-leaders.js';
import { LIVE_ADMINS_MAX } from '../domain/limits.js';
import { isLive } from '../domain/policy.js';
import { badParameter, notPermitted } from '../domain/refusals.js';
import type { GroupEvents } from '../events.js';
import type { GroupKey } from '../stores/group-store.js';
import { type Caller, operatorOf, toUserIds } from './caller.js';

export interface ChangeLiveAdminsDeps {
  readonly register: GroupRegister;
  readonly leaders: LiveLeaders;
  readonly accounts: Accounts;
  readonly events: GroupEvents;
}

export class ChangeLiveAdmins {
  constructor(private readonly deps: ChangeLiveAdminsDeps) {}

  /**
   * All or none. Who is what he shall be stays it. Only an app's back end may ask: see the contract.
   * @throws ChatError 10004, 10005, 10007, 10010 or 10019.
   */
  async run(key: GroupKey, request: groupv1.ChangeLiveAdminsRequest, caller: Caller): Promise<void> {
    const { register, leaders, accounts, events } = this.deps;
    const users = toUserIds(request.userIds);
    if (users.length === 0) throw badParameter('no admin is named');
    if (users.length > LIVE_ADMINS_MAX) throw tooMany();
    const view = await register.get(key);
    requireLive(view);
    // Who is no more holds no place.
    await leaders.checked(view);
    if (request.appoint) {
      const existing = await accounts.existing(key.appId, users);
      if (users.some((user) => !existing.has(user))) throw accountNotFound();
    }
    await register.change(key, async (view) => decide(view, { users, appoint: request.appoint, caller }));
    const { appoint } = request;
    events.audit('live_admins_changed', caller.context, { groupId: key.groupId, userIds: users, appoint });
  }
}

/** @throws ChatError 10007 for groups of members, whose commands are others. */
export function requireLive(view: GroupView): void {
  if (!isLive(view.policy)) throw notPermitted('the group is no live group');
}

interface Change {
  readonly users: readonly UserId[];
  readonly appoint: boolean;
  readonly caller: Caller;
}

function decide(view: GroupView, { users, appoint, caller }: Change): Decided<undefined> {
  requireLive(view);
  const { admins } = view.state;
  if (appoint && users.includes(view.group.owner as UserId)) {
    throw badParameter('the owner is more than an admin');
  }
  const changed = users.filter((user) => admins.includes(user) !== appoint);
  if (changed.length === 0) return { answer: undefined };
  const draft = new ChangeDraft(view, { operator: operatorOf(caller), isSilent: false });
  draft.state.admins = appoint
    ? [...admins, ...changed]
    : admins.filter((admin) => !changed.includes(admin as UserId));
  if (appoint && draft.state.admins.length > LIVE_ADMINS_MAX) throw tooMany();
  const role = appoint ? groupv1.Role.ADMIN : groupv1.Role.MEMBER;
  for (const userId of changed) {
    const member = create(groupv1.MemberSchema, { userId, role });
    const value = create(groupv1.MemberModifiedSchema, { member, roleChanged: true });
    draft.record({ case: 'memberModified', value });
  }
  return { answer: undefined, next: draft };
}

const tooMany = (): ChatError =>
  new ChatError(ErrorCode.GROUP_TOO_MANY_ACCOUNTS, `a live group has at most ${LIVE_ADMINS_MAX} admins`);

const accountNotFound = (): ChatError =>
  new ChatError(ErrorCode.GROUP_ACCOUNT_NOT_FOUND, 'the account does not exist');
