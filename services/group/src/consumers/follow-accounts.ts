// Accounts that are deleted leave their groups, as if they had quit; a group may be without an owner then. What they said
// stays. Live groups have no members to be found by; see live-leaders.ts.
import { create, fromBinary } from '@bufbuild/protobuf';
import type { BatchHandler } from '@parley/event-log';
import { type AppId, ChatError, ErrorCode, type GroupId, type UserId } from '@parley/kernel';
import { authv1, groupv1 } from '@parley/proto';
import { ChangeDraft } from '../changing/change-draft.js';
import type { GroupRegister } from '../changing/group-register.js';
import type { GroupKey } from '../stores/group-store.js';
import type { JoinedPage, MemberStore } from '../stores/member-store.js';

/** Groups that one account is taken out of at once. */
const GROUPS_AT_ONCE = 8;

interface Deleted {
  readonly appId: AppId;
  readonly userId: UserId;
  readonly timeS: number;
}

export class FollowAccounts {
  constructor(
    private readonly register: GroupRegister,
    private readonly members: MemberStore,
  ) {}

  /** A record may come twice, and late: who has joined after it belongs to the next life of the account. */
  readonly handle: BatchHandler = async ({ records }, signal) => {
    for (const { value } of records) {
      signal.throwIfAborted();
      const { appId, userId, timeMs, event } = fromBinary(authv1.AccountEventSchema, value);
      if (event.case !== 'deleted') continue;
      const timeS = Math.floor(Number(timeMs) / 1_000);
      await this.#leaveAll({ appId: appId as AppId, userId: userId as UserId, timeS });
    }
  };

  /** Page by page, past rows of groups that the account has left. */
  async #leaveAll(deleted: Deleted): Promise<void> {
    const { appId, userId } = deleted;
    let cursor: string | undefined;
    do {
      const from = cursor === undefined ? {} : { cursor };
      const page: JoinedPage = await this.members.joined(appId, userId, { limit: GROUPS_AT_ONCE, ...from });
      const outcomes = await Promise.allSettled(
        page.groupIds.map((groupId: GroupId) => this.#leave({ appId, groupId }, deleted)),
      );
      for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
      cursor = page.cursor;
    } while (cursor !== undefined);
  }

  async #leave(key: GroupKey, { userId, timeS }: Deleted): Promise<void> {
    try {
      await this.register.change(key, async (view) => {
        const member = await view.member(userId);
        if (member === undefined || member.joinTimeS > timeS) return { answer: undefined };
        const draft = new ChangeDraft(view, { operator: userId, isSilent: false });
        draft.remove([member]).record({
          case: 'membersRemoved',
          value: create(groupv1.MembersRemovedSchema, { userIds: [userId] }),
        });
        return { answer: undefined, next: draft };
      });
    } catch (thrown) {
      // The group has ended meanwhile, and its members with it.
      if (ChatError.from(thrown).code !== ErrorCode.GROUP_NOT_FOUND) throw thrown;
    }
  }
}
