// Members are removed by somebody else.
import { create } from '@bufbuild/protobuf';
import { ChatError, ErrorCode } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import { ChangeDraft } from '../changing/change-draft.js';
import type { GroupRegister } from '../changing/group-register.js';
import { ACCOUNTS_PER_REQUEST_MAX, REASON_BYTES_MAX } from '../domain/limits.js';
import { decideTargetedAs } from '../domain/member-rights.js';
import { badParameter, notPermitted, refuse } from '../domain/refusals.js';
import type { GroupEvents } from '../events.js';
import type { GroupKey } from '../stores/group-store.js';
import { actorIn, type Caller, operatorOf, toUserIds } from './caller.js';

export class RemoveMembers {
  constructor(
    private readonly register: GroupRegister,
    private readonly events: GroupEvents,
  ) {}

  /** Who is no member is passed over. @throws ChatError 10004, 10005, 10007 or 10010. */
  async run(key: GroupKey, request: groupv1.RemoveMembersRequest, caller: Caller): Promise<void> {
    const users = toUserIds(request.userIds);
    if (users.length > ACCOUNTS_PER_REQUEST_MAX) {
      throw new ChatError(
        ErrorCode.GROUP_TOO_MANY_ACCOUNTS,
        `at most ${ACCOUNTS_PER_REQUEST_MAX} members at once`,
      );
    }
    if (request.silent && !caller.isBackEnd) throw notPermitted('only an app’s back end removes silently');
    if (Buffer.byteLength(request.reason) > REASON_BYTES_MAX) {
      throw badParameter(`a reason has at most ${REASON_BYTES_MAX} bytes`);
    }
    await this.register.change(key, async (view) => {
      const actor = await actorIn(view, caller);
      for (const user of users) {
        refuse(decideTargetedAs(view.policy, actor, 'kick', view.targetRole(user)));
      }
      const members = (await view.members(users)).filter((member) => member !== undefined);
      if (members.length === 0) return { answer: undefined };
      const draft = new ChangeDraft(view, { operator: operatorOf(caller), isSilent: request.silent });
      draft.remove(members).record({
        case: 'membersRemoved',
        value: create(groupv1.MembersRemovedSchema, {
          userIds: members.map((member) => member.userId),
          kicked: true,
          reason: request.reason,
        }),
      });
      return { answer: undefined, next: draft };
    });
    this.events.audit('members_removed', caller.context, { groupId: key.groupId, userIds: users });
  }
}
