// Which groups this user is in, on this device: read after a login and every reconnect, then kept by
// tips, notices and events. Those say that something happened; whether the user is in a group says the
// service alone, so what came late, twice or never does no harm.
import type { groupv1 } from '@parley/proto';
import { isMomentary } from '../calls/call-outcome.js';
import type { Caller } from '../calls/caller.js';
import { GROUP_METHOD } from '../calls/group-method.js';
import {
  GROUP_LIST_GIVE_UP_MS,
  GROUP_PAGES_MAX,
  PAGE_MAX,
  REJOIN_GIVE_UP_MS,
  REJOIN_ROUNDS_MAX,
} from '../constants/limits.js';
import { TYPES } from '../constants/types.js';
import { ChatFailure, FailureCode, isExclusion } from '../events/failure.js';
import type { Logger } from '../events/logger.js';
import { communityOf, GROUP, inGroup } from '../messages/conversation-kind.js';
import type { Message } from '../model/message.js';
import type { Changes } from '../sync/changes.js';
import type { ConversationBook } from '../sync/conversation-book.js';
import type { ConversationState } from '../sync/conversation-state.js';
import { type GroupBook, type GroupState, isLiveGroup } from './group-book.js';
import { NOTICE } from './notice-codec.js';
import { applyTip, concernsMembership } from './tip-effects.js';

export interface GroupSyncOptions {
  readonly self: string;
  readonly caller: Caller;
  readonly logger: Logger;
  readonly groups: GroupBook;
  readonly book: ConversationBook;
  readonly changes: Changes;
  /** Makes a group's conversation known. Never rejects. */
  readonly openConversation: (groupID: string) => Promise<void>;
  /** What the user wants of the group's messages may be another. */
  readonly onSelf: (groupID: string) => void;
  readonly onLeft: (groupID: string) => void;
  readonly onPinsChanged: (groupID: string, pins: groupv1.PinsChanged) => void;
}

interface Refresh {
  readonly done: Promise<void>;
  /** Asked again while the question was on its way: its answer may be older. */
  isWanted: boolean;
}

/** Notices after which the user's own membership may be another. */
const MEMBERSHIP_NOTICES: ReadonlySet<number> = new Set([
  NOTICE.JOIN_ACCEPTED,
  NOTICE.KICKED,
  NOTICE.DISMISSED,
  NOTICE.CREATED,
  NOTICE.INVITED,
  NOTICE.QUIT,
  NOTICE.ADMIN_GRANTED,
  NOTICE.ADMIN_REVOKED,
  NOTICE.RECYCLED,
  NOTICE.INVITATION_ACCEPTED,
  NOTICE.MUTED,
  NOTICE.REMIND_TYPE_CHANGED,
  NOTICE.BANNED,
]);

const EXCLUSION_NOTICES: ReadonlySet<number> = new Set([NOTICE.KICKED, NOTICE.BANNED]);

export class GroupSync {
  private readonly refreshing = new Map<string, Refresh>();
  /** Rises with every connection, and at the end. */
  private connections = 0;

  constructor(private readonly options: GroupSyncOptions) {}

  /**
   * Reads the whole list.
   *
   * @returns false when it failed for the moment.
   */
  async list(): Promise<boolean> {
    const { groups } = this.options;
    const listed = groups.list().map(({ groupID }) => groupID);
    const missing = new Set(listed.filter((groupID) => !groups.isLive(groupID)));
    try {
      const isWhole = await this.readList(missing);
      // Not in the list can also mean: came in while it was read.
      if (isWhole) for (const groupID of missing) this.refreshSoon(groupID);
      return true;
    } catch (thrown) {
      if (!(thrown instanceof ChatFailure)) throw thrown;
      this.options.logger.warn('the groups could not be listed', { code: thrown.code });
      return !isMomentary(thrown);
    }
  }

  /**
   * The connection is another one: it is in no live group yet. Resolves when it is in those that this device was
   * in, or when that has failed for {@link REJOIN_GIVE_UP_MS}; then it goes on in the background. Never rejects.
   */
  async rejoin(): Promise<void> {
    this.connections += 1;
    const connection = this.connections;
    await Promise.all(
      this.options.groups.listLive().map(async (groupID) => {
        if (!(await this.rejoinOne(groupID))) void this.rejoinInTheEnd(groupID, connection);
      }),
    );
  }

  /** The session is over. */
  stop(): void {
    this.connections += 1;
  }

  /** Asks whether, and as what, the user is in the group. @throws ChatFailure */
  refresh(groupID: string): Promise<void> {
    const running = this.refreshing.get(groupID);
    if (running !== undefined) {
      running.isWanted = true;
      return running.done;
    }
    const refresh: Refresh = {
      isWanted: true,
      done: Promise.resolve()
        .then(() => this.refreshWhileWanted(groupID, refresh))
        .finally(() => this.refreshing.delete(groupID)),
    };
    this.refreshing.set(groupID, refresh);
    return refresh.done;
  }

  refreshSoon(groupID: string): void {
    void this.attempt(groupID, () => this.refresh(groupID));
  }

  /** The user came into the group by a call of this device. Resolves when messages can be sent and are shown. */
  async enter(group: groupv1.Group): Promise<GroupState> {
    const state = this.take(group);
    if (!state.isLive) {
      await this.attempt(group.groupId, () => this.refresh(group.groupId));
      if (this.options.book.get(GROUP.idOf(group.groupId)) === undefined) {
        await this.options.openConversation(group.groupId);
      }
    }
    this.options.changes.flush();
    return state;
  }

  /** Takes over what the service says of a group that the user is in. */
  take(group: groupv1.Group, self?: groupv1.Member): GroupState {
    const { groups, book, changes } = this.options;
    const state = groups.put(group, self);
    book.get(GROUP.idOf(group.groupId))?.showGroup(state.view);
    if (self !== undefined) this.options.onSelf(group.groupId);
    changes.addGroups();
    changes.addConversation();
    return state;
  }

  /** The user is not in the group any longer. */
  leave(groupID: string): void {
    const { groups, book, changes } = this.options;
    book.close(inGroup(groupID).id);
    this.options.onLeft(groupID);
    if (!groups.remove(groupID)) return;
    changes.addGroups();
    changes.addConversation();
    changes.flush();
  }

  onConversationOpened(state: ConversationState): void {
    if (state.address.kind !== GROUP) return;
    const group = this.options.groups.get(state.peer);
    if (group === undefined) this.refreshSoon(state.peer);
    else state.showGroup(group.view);
  }

  onNews({ type, payload, to, time }: Message): void {
    const { self, groups, changes } = this.options;
    if (type === TYPES.MSG_GRP_SYS_NOTICE) {
      const { operationType, groupProfile } = payload;
      const group = groups.get(groupProfile.groupID)?.view;
      // Of a live group the service cannot say who is in it: the notice alone does.
      if (EXCLUSION_NOTICES.has(operationType) && group !== undefined && groups.isLive(group.groupID)) {
        this.leave(group.groupID);
        return;
      }
      if (MEMBERSHIP_NOTICES.has(operationType)) this.refreshSoon(communityOf(groupProfile.groupID));
      return;
    }
    const group = groups.get(to)?.view;
    if (concernsMembership(payload, self)) this.refreshSoon(to);
    if (group === undefined) return;
    applyTip(group, { payload, time }, self);
    this.options.book.get(GROUP.idOf(to))?.showGroup(group);
    changes.addGroups();
  }

  onEvent({ groupId, event }: groupv1.GroupEvent): void {
    const { groups, changes } = this.options;
    if (event.case === 'destroyed') this.leave(groupId);
    if (event.case === 'attributesChanged') {
      const state = groups.get(groupId);
      const { attributes, mainSeq } = event.value;
      // An event that was overtaken says nothing new.
      if (state?.attributesSeq !== undefined && mainSeq <= state.attributesSeq) return;
      if (state !== undefined) state.attributesSeq = mainSeq;
      const groupAttributes = Object.fromEntries(attributes.map(({ key, value }) => [key, value]));
      changes.addGroupEvent({ kind: 'attributes', groupID: groupId, groupAttributes });
    }
    if (event.case === 'pinsChanged') {
      this.options.onPinsChanged(event.value.topicId || groupId, event.value);
    }
    if (event.case === 'countersChanged') {
      for (const { key, value } of event.value.counters) {
        changes.addGroupEvent({ kind: 'counter', groupID: groupId, key, value: Number(value) });
      }
    }
  }

  private async readList(missing: Set<string>): Promise<boolean> {
    let cursor = '';
    for (let page = 0; page < GROUP_PAGES_MAX; page++) {
      const request = { cursor, limit: PAGE_MAX };
      const answer = await this.options.caller.call(
        GROUP_METHOD.listJoinedGroups,
        request,
        GROUP_LIST_GIVE_UP_MS,
      );
      for (const { group, self } of answer.groups) {
        if (group === undefined) continue;
        this.take(group, self);
        missing.delete(group.groupId);
      }
      cursor = answer.nextCursor;
      if (cursor === '') return true;
    }
    return false;
  }

  private async refreshWhileWanted(groupID: string, refresh: Refresh): Promise<void> {
    while (refresh.isWanted) {
      refresh.isWanted = false;
      const { groups } = await this.options.caller.call(GROUP_METHOD.getGroups, { groupIds: [groupID] });
      if (groups[0] !== undefined) this.settle(groupID, groups[0]);
    }
    this.options.changes.flush();
  }

  private settle(groupID: string, { code, group, self }: groupv1.GroupOutcome): void {
    const known = this.options.groups.get(groupID);
    if (code === 0 && group !== undefined && self !== undefined) {
      this.take(group, self);
      const isOpen = this.options.book.get(GROUP.idOf(groupID)) !== undefined;
      if (known === undefined && !isOpen && !isLiveGroup(group)) {
        void this.options.openConversation(groupID);
      }
      return;
    }
    // In a live group nobody is a member by the tables: a connection is in it until it leaves.
    const isStillIn = code === 0 && known !== undefined && known.isLive;
    const isGone =
      code === 0 || code === FailureCode.GROUP_NOT_FOUND || code === FailureCode.GROUP_NO_PERMISSION;
    if (isGone && !isStillIn) this.leave(groupID);
  }

  /** False: not now. */
  private rejoinOne(groupID: string): Promise<boolean> {
    const request = { groupId: groupID };
    return this.attempt(groupID, async () => {
      await this.options.caller.call(GROUP_METHOD.joinGroup, request, REJOIN_GIVE_UP_MS);
    });
  }

  /** Until it works, or the device has left, or has yet another connection. Every call takes its time. */
  private async rejoinInTheEnd(groupID: string, connection: number): Promise<void> {
    for (let round = 0; round < REJOIN_ROUNDS_MAX; round++) {
      if (connection !== this.connections || !this.options.groups.isLive(groupID)) return;
      if (await this.rejoinOne(groupID)) return;
    }
    this.options.logger.warn('a live group could not be entered again', { groupID });
  }

  /** What fails for good means that the user is not in the group. False: it failed for the moment. */
  private async attempt(groupID: string, task: () => Promise<void>): Promise<boolean> {
    try {
      await task();
      return true;
    } catch (thrown) {
      if (!(thrown instanceof ChatFailure)) throw thrown;
      this.options.logger.info('a group could not be asked for', { code: thrown.code });
      if (isExclusion(thrown)) this.leave(groupID);
      return !isMomentary(thrown);
    }
  }
}
