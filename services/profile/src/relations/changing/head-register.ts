// Changes of what concerns one user alone: friend groups, the read mark of requests. A change and the record about it are put
// in one step; whoever finds a record that may not be in the log appends it first.
import { clone, create, toBinary } from '@bufbuild/protobuf';
import type { EventLog } from '@parley/event-log';
import type { AppId, Clock, UserId } from '@parley/kernel';
import { relationv1 } from '@parley/proto';
import type { HeadStore } from '../stores/head-store.js';
import { relationChangesTopic } from '../topics.js';
import { type ListName, raised, versionsOf } from './list-versions.js';

export type HeadChange = 'groups' | 'read';

const LISTS: Readonly<Record<HeadChange, readonly ListName[]>> = {
  // Which groups a friend is in is a field of the friend.
  groups: ['groups', 'friends'],
  read: ['applications'],
};

export class HeadRegister {
  constructor(
    private readonly heads: HeadStore,
    private readonly log: EventLog,
    private readonly clock: Clock,
  ) {}

  /** As it stands, told. */
  async get(appId: AppId, userId: UserId): Promise<relationv1.RelationHead> {
    const head = await this.heads.get(appId, userId);
    await this.#finish(appId, userId, head);
    return head;
  }

  /** Answers what stands when the change is durable and told. The same object from `decide` changes nothing. */
  async change(
    appId: AppId,
    userId: UserId,
    what: HeadChange,
    decide: (head: relationv1.RelationHead) => relationv1.RelationHead,
  ): Promise<relationv1.RelationHead> {
    // The row has room for one record.
    await this.get(appId, userId);
    const stands = await this.heads.change(appId, userId, (seen) => {
      const decided = decide(seen);
      if (decided === seen) return seen;
      const next = raised(decided, LISTS[what]);
      const told = seen.openChange?.lists[0];
      next.openChange = create(relationv1.RelationChangeSchema, {
        appId,
        timeMs: BigInt(this.clock.now()),
        operator: userId,
        lists: [
          {
            userId,
            versions: clone(relationv1.ListVersionsSchema, versionsOf(next)),
            areGroupsChanged: what === 'groups' || told?.areGroupsChanged === true,
            isReadChanged: what === 'read' || told?.isReadChanged === true,
          },
        ],
      });
      return next;
    });
    await this.#finish(appId, userId, stands);
    return stands;
  }

  async #finish(appId: AppId, userId: UserId, { openChange }: relationv1.RelationHead): Promise<void> {
    if (openChange === undefined) return;
    const record = toBinary(relationv1.RelationChangeSchema, openChange);
    await this.log.append(relationChangesTopic, `${appId}/${userId}`, record);
    const told = openChange.lists[0]?.versions?.groups;
    const read = openChange.lists[0]?.versions?.applications;
    await this.heads.change(appId, userId, (seen) => {
      const versions = seen.openChange?.lists[0]?.versions;
      if (versions?.groups !== told || versions?.applications !== read) return seen;
      const next = clone(relationv1.RelationHeadSchema, seen);
      delete next.openChange;
      return next;
    });
  }
}
