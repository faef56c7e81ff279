// Accounts that may not be in a group for a while; members among them are removed.
import { create } from '@bufbuild/protobuf';
import { ChatError, ErrorCode } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import { ChangeDraft } from '../changing/change-draft.js';
import type { GroupRegister } from '../changing/group-register.js';
import { BAN_DESCRIPTION_BYTES_MAX, BANNED_AT_ONCE_MAX } from '../domain/limits.js';
import { decideTargetedAs } from '../domain/member-rights.js';
import { muteUntil } from '../domain/mutes.js';
import { badParameter, refuse } from '../domain/refusals.js';
import type { GroupEvents } from '../events.js';
import type { GroupKey } from '../stores/group-store.js';
import { actorIn, type Caller, operatorOf, toUserIds } from './caller.js';

export class BanMembers {
  constructor(
    private readonly register: GroupRegister,
    private readonly events: GroupEvents,
  ) {}

  /** @throws ChatError 10004, 10005, 10007 or 10010. */
  async run(key: GroupKey, request: groupv1.BanMembersRequest, caller: Caller): Promise<void> {
    const users = toUserIds(request.userIds);
    if (users.length > BANNED_AT_ONCE_MAX) {
      throw new ChatError(
        ErrorCode.GROUP_TOO_MANY_ACCOUNTS,
        `at most ${BANNED_AT_ONCE_MAX} accounts at once`,
      );
    }
    if (Buffer.byteLength(request.description) > BAN_DESCRIPTION_BYTES_MAX) {
      throw badParameter(`a description has at most ${BAN_DESCRIPTION_BYTES_MAX} bytes`);
    }
    if (users.length === 0) return;
    const isLifted = request.seconds === 0;
    await this.register.change(key, async (view) => {
      const actor = await actorIn(view, caller);
      for (const user of users) refuse(decideTargetedAs(view.policy, actor, 'ban', view.targetRole(user)));
      const untilS = muteUntil(view.nowS, request.seconds);
      const banned = users.map((userId) => create(groupv1.TimedUserSchema, { userId, untilS }));
      const draft = new ChangeDraft(view, { operator: operatorOf(caller), isSilent: false });
      draft.intent.bans.push(...banned);
      const members = isLifted ? [] : (await view.members(users)).filter((member) => member !== undefined);
      if (members.length > 0) {
        const userIds = members.map((member) => member.userId);
        draft.remove(members).record({
          case: 'membersRemoved',
          value: create(groupv1.MembersRemovedSchema, { userIds, kicked: true, reason: request.description }),
        });
      }
      draft.record({
        case: 'membersBanned',
        value: create(groupv1.MembersBannedSchema, { users: banned, lifted: isLifted }),
      });
      return { answer: undefined, next: draft };
    });
    this.events.audit('members_banned', caller.context, { groupId: key.groupId, userIds: users });
  }
}
