// What a decided change asks for, in the order that lets a reader trust versions: rows, versions, facts, record. Every step
// may be repeated, by anybody and at any time.
import { create, toBinary } from '@bufbuild/protobuf';
import type { EventLog } from '@parley/event-log';
import type { AppId, UserId } from '@parley/kernel';
import { relationv1 } from '@parley/proto';
import type { PairKey } from '../domain/pair.js';
import type { ListStore } from '../stores/list-store.js';
import { relationChangesTopic } from '../topics.js';
import type { ListName, RisingVersions } from './list-versions.js';

const { RelationKind } = relationv1;

/** Told that what messages from a user depend on changed. */
export interface FactNotices {
  changed(appId: AppId, from: UserId): Promise<void>;
}

export interface CarryOutDeps {
  readonly lists: ListStore;
  readonly versions: RisingVersions;
  readonly log: EventLog;
  readonly notices: FactNotices;
}

const LIST_OF: ReadonlyMap<relationv1.RelationKind, ListName> = new Map([
  [RelationKind.FRIEND, 'friends'],
  [RelationKind.BLOCKED, 'blocklist'],
  [RelationKind.SENT, 'applications'],
  [RelationKind.RECEIVED, 'applications'],
]);

export class CarryOut {
  constructor(private readonly deps: CarryOutDeps) {}

  async run(key: PairKey, version: bigint, intent: relationv1.PairIntent): Promise<void> {
    const { lists, notices, log } = this.deps;
    const { appId, low, high } = key;
    await Promise.all(intent.rows.map((row) => lists.write(appId, version, row)));
    const changes = await Promise.all([low, high].map((userId) => this.#changeOf(key, userId, intent)));
    if (intent.areFactsChanged)
      await Promise.all([low, high].map((userId) => notices.changed(appId, userId)));
    const record = create(relationv1.RelationChangeSchema, {
      appId,
      lists: changes.filter((change) => change !== undefined),
      timeMs: intent.timeMs,
      operator: intent.operator,
      pairVersion: version,
    });
    const bytes = toBinary(relationv1.RelationChangeSchema, record);
    await log.append(relationChangesTopic, `${appId}/${low}/${high}`, bytes);
  }

  async #changeOf(
    { appId, low, high }: PairKey,
    userId: UserId,
    intent: relationv1.PairIntent,
  ): Promise<relationv1.ListChange | undefined> {
    const kinds = intent.rows.filter((row) => row.userId === userId).map((row) => row.kind);
    const names = new Set(kinds.flatMap((kind) => LIST_OF.get(kind) ?? []));
    if (intent.customOf.includes(userId)) names.add('custom');
    if (names.size === 0) return undefined;
    const versions = await this.deps.versions.raise(appId, userId, names);
    return create(relationv1.ListChangeSchema, {
      userId,
      versions,
      peer: userId === low ? high : low,
      kinds,
    });
  }
}
