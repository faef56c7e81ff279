// Accounts that may not speak in a group for a while, members or not.
import { create } from '@bufbuild/protobuf';
import { ChatError, ErrorCode } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import { ChangeDraft } from '../changing/change-draft.js';
import type { GroupRegister } from '../changing/group-register.js';
import { ACCOUNTS_PER_REQUEST_MAX } from '../domain/limits.js';
import { decideTargetedAs } from '../domain/member-rights.js';
import { muteUntil } from '../domain/mutes.js';
import { refuse } from '../domain/refusals.js';
import type { GroupEvents } from '../events.js';
import { actorIn, type Caller, operatorOf, toUserIds } from './caller.js';
import { type Place, requireTopic } from './topic-access.js';

export class MuteMembers {
  constructor(
    private readonly register: GroupRegister,
    private readonly events: GroupEvents,
  ) {}

  /** @throws ChatError 10004, 10005, 10007 or 10010. */
  async run({ key, topicId }: Place, request: groupv1.MuteMembersRequest, caller: Caller): Promise<void> {
    const users = toUserIds(request.userIds);
    if (users.length > ACCOUNTS_PER_REQUEST_MAX) {
      throw new ChatError(
        ErrorCode.GROUP_TOO_MANY_ACCOUNTS,
        `at most ${ACCOUNTS_PER_REQUEST_MAX} accounts at once`,
      );
    }
    if (users.length === 0) return;
    await this.register.change(key, async (view) => {
      const topic = topicId === undefined ? undefined : await requireTopic(view, topicId);
      const actor = await actorIn(view, caller, topic);
      for (const user of users) refuse(decideTargetedAs(view.policy, actor, 'mute', view.targetRole(user)));
      const untilS = muteUntil(view.nowS, request.seconds);
      const muted = users.map((userId) => create(groupv1.TimedUserSchema, { userId, untilS }));
      const draft = new ChangeDraft(view, { operator: operatorOf(caller), isSilent: false });
      draft.intent.mutes.push(...muted);
      draft.intent.mutesTopicId = topicId ?? '';
      draft.record({
        case: 'membersMuted',
        value: create(groupv1.MembersMutedSchema, { users: muted, topicId: topicId ?? '' }),
      });
      return { answer: undefined, next: draft };
    });
    this.events.audit('members_muted', caller.context, { groupId: topicId ?? key.groupId, userIds: users });
  }
}
