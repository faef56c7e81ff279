// Does what an intent still wants done: rows, conversations, records. Every step can be repeated, also by two
// processes at once and by one that comes late: rows carry the change's number as their version, records
// their change_seq, and opening and closing are the same twice.
import { toBinary } from '@bufbuild/protobuf';
import type { Coordination } from '@parley/coordination';
import type { EventLog } from '@parley/event-log';
import type { GroupId, UserId } from '@parley/kernel';
import { groupv1, type messagev1 } from '@parley/proto';
import { type CallContext, type Client, serviceContext } from '@parley/rpc';
import type { TableStore, Write } from '@parley/table-store';
import type { GroupTypes } from '../domain/group-types.js';
import { ACCOUNTS_PER_REQUEST_MAX } from '../domain/limits.js';
import { newcomersSeePast } from '../domain/member-rights.js';
import type { GroupEvents } from '../events.js';
import type { AppGroupStore } from '../stores/app-group-store.js';
import { applicationWrites } from '../stores/application-store.js';
import type { GroupKey, StoredGroup } from '../stores/group-store.js';
import { memberWrites } from '../stores/member-store.js';
import { permissionWrites } from '../stores/permission-store.js';
import { timedUserWrite } from '../stores/timed-user-store.js';
import { topicWrites } from '../stores/topic-store.js';
import { valueWrites } from '../stores/value-store.js';
import { groupBans, groupMutes } from '../tables.js';
import { groupChangesTopic } from '../topics.js';
import { noticesOf } from './changed-notices.js';
import type { EndGroup } from './end-group.js';
import { mutesKey } from './group-view.js';

/** Channel on which remembered facts are declared stale: `<appId> <groupId>` or `<appId> <groupId> <userId>`. */
export const GROUP_CHANGED_CHANNEL = 'group:changed';

/** In whose name this service calls others. */
export const SERVICE_NAME = 'group' as UserId;

export interface CarryOutOptions {
  readonly tables: TableStore;
  readonly log: EventLog;
  readonly coordination: Coordination;
  readonly messages: Client<typeof messagev1.MessageService>;
  readonly appGroups: AppGroupStore;
  readonly types: GroupTypes;
  readonly endGroup: EndGroup;
  readonly events: GroupEvents;
}

export class CarryOut {
  constructor(private readonly options: CarryOutOptions) {}

  /** Resolves when everything but the clearing of the intent is done. */
  async run(key: GroupKey, { state, intent }: StoredGroup): Promise<void> {
    if (intent === undefined) return;
    if (intent.destroys) {
      // The record names the members, so it comes before their rows go.
      const members = await this.options.endGroup.firstMembers(key, state);
      await this.#append(key, state, named(intent, members));
      await this.options.endGroup.run(key, state);
    } else {
      await this.#write(key, state, intent);
      await this.#moveConversations(key, state, intent);
      await this.#append(key, state, intent);
    }
    await this.#tell(key, intent);
  }

  /** The group ended while its creation was being carried out late, by somebody else too. */
  async undoListing(key: GroupKey, { state, intent }: StoredGroup): Promise<void> {
    if (intent?.lists === true) await this.options.appGroups.remove(key, state.listKey);
  }

  async #write(key: GroupKey, state: groupv1.GroupState, intent: groupv1.Intent): Promise<void> {
    const seq = state.changeSeq;
    const type = state.group?.type ?? '';
    const mutedIn = mutesKey(key, (intent.mutesTopicId || undefined) as GroupId | undefined);
    // biome-ignore lint/suspicious/noExplicitAny: writes of many tables
    const writes: Write<any>[] = [
      ...intent.members.flatMap((row) => memberWrites(key, type, row, seq)),
      ...intent.mutes.map((user) => timedUserWrite(groupMutes, mutedIn, user, seq)),
      ...intent.bans.map((user) => timedUserWrite(groupBans, key, user, seq)),
      ...intent.applications.flatMap((row) => applicationWrites(key, row, seq)),
      ...valueWrites(key, intent, seq),
      ...topicWrites(key, intent, seq),
      ...permissionWrites(key, intent, seq),
    ];
    if (writes.length > 0) await this.options.tables.writeAll(writes);
    await this.options.endGroup.endTopics(key.appId, intent.goneTopicIds);
    await this.options.endGroup.endPermissionGroups(key, intent.gonePermissionGroupIds);
    if (intent.lists) await this.options.appGroups.add(key, state.listKey, type);
  }

  /** Before the record, so that a tip about a newcomer is the first thing the newcomer sees. */
  async #moveConversations(key: GroupKey, state: groupv1.GroupState, intent: groupv1.Intent): Promise<void> {
    const { group } = state;
    if (group === undefined) return;
    const policy = this.options.types.of(group);
    if (!policy.hasMembers) return;
    const moved = intent.members.filter((row) => row.hasMoved);
    const gone = moved.filter((row) => row.isGone).map((row) => row.member?.userId ?? '');
    const came = moved.filter((row) => !row.isGone);
    const context = serviceContext(key.appId, SERVICE_NAME);
    const { groupId } = key;
    const { changeSeq } = state;
    if (gone.length > 0) {
      await this.options.messages.closeConversations({ groupId, userIds: gone, changeSeq }, context);
    }
    for (const seesPast of [false, true]) {
      const rows = came.filter((row) => row.seesPast === seesPast);
      const withHistory = (seesPast || newcomersSeePast(policy, group)) && !state.isReused;
      await this.#open(rows, { groupId, withHistory, changeSeq }, context);
    }
  }

  async #open(
    came: readonly groupv1.MemberRow[],
    opening: { readonly groupId: string; readonly withHistory: boolean; readonly changeSeq: bigint },
    context: CallContext,
  ): Promise<void> {
    for (let at = 0; at < came.length; at += ACCOUNTS_PER_REQUEST_MAX) {
      const some = came.slice(at, at + ACCOUNTS_PER_REQUEST_MAX);
      const userIds = some.map((row) => row.member?.userId ?? '');
      const unreadCounts = some.some((row) => row.unreadCount > 0) ? some.map((row) => row.unreadCount) : [];
      await this.options.messages.openConversations({ ...opening, userIds, unreadCounts }, context);
    }
  }

  async #append(key: GroupKey, state: groupv1.GroupState, intent: groupv1.Intent): Promise<void> {
    for (const change of intent.changes) {
      const record = toBinary(groupv1.GroupChangeSchema, { ...change, group: state.group });
      await this.options.log.append(groupChangesTopic, `${key.appId}/${key.groupId}`, record);
    }
  }

  /** A lost notice costs as long as facts are remembered, so a failure is no reason to do everything again. */
  async #tell(key: GroupKey, intent: groupv1.Intent): Promise<void> {
    try {
      await Promise.all(
        noticesOf(key, intent).map((notice) =>
          this.options.coordination.publish(GROUP_CHANGED_CHANNEL, notice),
        ),
      );
    } catch (thrown) {
      this.options.events.noticeLost(key, thrown);
    }
  }
}

const named = (intent: groupv1.Intent, memberIds: string[]): groupv1.Intent => ({
  ...intent,
  changes: intent.changes.map((change) =>
    change.change.case === 'destroyed'
      ? { ...change, change: { case: 'destroyed', value: { ...change.change.value, memberIds } } }
      : change,
  ),
});
