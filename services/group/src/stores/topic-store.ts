// Rows of the topics of communities. Which topics there are stands in the community's row.
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import type { GroupId } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import { put, type TableStore, type Write } from '@parley/table-store';
import { groupTopics } from '../tables.js';
import type { GroupKey } from './group-store.js';

export interface StoredTopic {
  readonly row: groupv1.TopicRow;
  readonly isGone: boolean;
}

export class TopicStore {
  constructor(private readonly tables: TableStore) {}

  /** In the order asked, also those that are gone. */
  async getMany(key: GroupKey, topicIds: readonly GroupId[]): Promise<(StoredTopic | undefined)[]> {
    if (topicIds.length === 0) return [];
    const rows = await this.tables.getMany(
      groupTopics,
      topicIds.map((topicId) => rowKey(key, topicId)),
    );
    return rows.map(
      (row) => row && { row: fromBinary(groupv1.TopicRowSchema, row.topic), isGone: row.is_gone },
    );
  }
}

/** The rows of topics that a change makes, changes or ends. */
export function topicWrites(key: GroupKey, intent: groupv1.Intent, seq: bigint): Write<typeof groupTopics>[] {
  const standing = intent.topics.map((row) => {
    const topic = toBinary(groupv1.TopicRowSchema, row);
    return put(groupTopics, { ...rowKey(key, row.topic?.topicId ?? ''), topic, is_gone: false }, seq);
  });
  const gone = intent.goneTopicIds.map((topicId) =>
    put(groupTopics, { ...rowKey(key, topicId), topic: new Uint8Array(), is_gone: true }, seq),
  );
  return [...standing, ...gone];
}

const rowKey = ({ appId, groupId }: GroupKey, topicId: string) => ({
  app_id: appId as number,
  group_id: groupId as string,
  topic_id: topicId,
});
