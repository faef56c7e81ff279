// How many groups there may be: of a user, of an app, in a day.
import type { Coordination } from '@parley/coordination';
import { type AppId, ChatError, ErrorCode, type UserId } from '@parley/kernel';
import type { GroupTypes } from '../domain/group-types.js';
import { type GroupPolicy, isLive } from '../domain/policy.js';
import type { AppGroupStore } from '../stores/app-group-store.js';
import type { MemberStore } from '../stores/member-store.js';

const DAY_MS = 24 * 60 * 60 * 1_000;
const LOOKUPS_AT_ONCE = 20;

export interface GroupQuotaOptions {
  readonly members: MemberStore;
  readonly appGroups: AppGroupStore;
  readonly types: GroupTypes;
  readonly coordination: Coordination;
  readonly limits: {
    readonly joinedGroupsMax: number;
    readonly liveGroupsMax: number;
    readonly groupsPerDayMax: number;
  };
}

export class GroupQuota {
  constructor(private readonly options: GroupQuotaOptions) {}

  /** @throws ChatError 10037 when the user is in as many groups as allowed. */
  async requireRoomFor(appId: AppId, user: UserId): Promise<void> {
    if (!(await this.#isFull(appId, user))) return;
    throw new ChatError(ErrorCode.GROUP_USER_LIMIT, 'the user is in as many groups as allowed');
  }

  /** Those who are in as many groups as allowed. */
  async fullOf(appId: AppId, users: readonly UserId[]): Promise<ReadonlySet<string>> {
    const full = new Set<string>();
    for (let at = 0; at < users.length; at += LOOKUPS_AT_ONCE) {
      const some = users.slice(at, at + LOOKUPS_AT_ONCE);
      const areFull = await Promise.all(some.map((user) => this.#isFull(appId, user)));
      some.forEach((user, index) => {
        if (areFull[index] === true) full.add(user);
      });
    }
    return full;
  }

  /** @throws ChatError 10006 or 10036 when the app may have no further group. */
  async requireRoomForGroup(appId: AppId, policy: GroupPolicy): Promise<void> {
    const { limits, coordination, appGroups, types } = this.options;
    if (limits.liveGroupsMax > 0 && isLive(policy)) {
      const live = await appGroups.count(appId, types.liveNames);
      if (live >= limits.liveGroupsMax) {
        throw new ChatError(ErrorCode.GROUP_LIVE_LIMIT, 'the app has as many live groups as it may have');
      }
    }
    if (limits.groupsPerDayMax === 0 || policy.hasTopics) return;
    const made = await coordination.countInWindow(`groups-made:${appId}`, 1, DAY_MS);
    if (made > limits.groupsPerDayMax) {
      throw new ChatError(ErrorCode.GROUP_RATE_EXCEEDED, 'the app makes more groups a day than it may');
    }
  }

  async #isFull(appId: AppId, user: UserId): Promise<boolean> {
    const max = this.options.limits.joinedGroupsMax;
    return (await this.options.members.allJoined(appId, user, max)).length >= max;
  }
}
