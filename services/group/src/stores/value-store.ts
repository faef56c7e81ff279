// Attributes and counters of groups.
import { type DescMessage, fromBinary, type MessageShape, toBinary } from '@bufbuild/protobuf';
import { groupv1 } from '@parley/proto';
import { put, type TableStore, type Write } from '@parley/table-store';
import { counterAnswers, groupValues } from '../tables.js';
import type { GroupKey } from './group-store.js';

const ATTRIBUTES = 'attributes';
const COUNTERS = 'counters';

export class ValueStore {
  constructor(private readonly tables: TableStore) {}

  attributes(key: GroupKey): Promise<groupv1.AttributeSet | undefined> {
    return this.#get(key, ATTRIBUTES, groupv1.AttributeSetSchema);
  }

  counters(key: GroupKey): Promise<groupv1.CounterSet | undefined> {
    return this.#get(key, COUNTERS, groupv1.CounterSetSchema);
  }

  /** What the change was answered, if it was made within the last hour. */
  async answerOf({ appId, groupId }: GroupKey, changeId: string): Promise<groupv1.CounterSet | undefined> {
    const key = { app_id: appId as number, group_id: groupId as string, change_id: changeId };
    const row = await this.tables.get(counterAnswers, key);
    return row && fromBinary(groupv1.CounterSetSchema, row.counters);
  }

  async #get<S extends DescMessage>(
    { appId, groupId }: GroupKey,
    kind: string,
    schema: S,
  ): Promise<MessageShape<S> | undefined> {
    const row = await this.tables.get(groupValues, { app_id: appId, group_id: groupId, kind });
    return row && fromBinary(schema, row.value);
  }
}

/** The rows of a change of attributes or counters. */
export function valueWrites(
  { appId, groupId }: GroupKey,
  intent: groupv1.Intent,
  seq: bigint,
  // biome-ignore lint/suspicious/noExplicitAny: writes of two tables
): Write<any>[] {
  const ids = { app_id: appId as number, group_id: groupId as string };
  const { attributes, counters, counterAnswer } = intent;
  // biome-ignore lint/suspicious/noExplicitAny: writes of two tables
  const writes: Write<any>[] = [];
  if (attributes !== undefined) {
    const value = toBinary(groupv1.AttributeSetSchema, attributes);
    writes.push(put(groupValues, { ...ids, kind: ATTRIBUTES, value }, seq));
  }
  if (counters !== undefined) {
    const value = toBinary(groupv1.CounterSetSchema, counters);
    writes.push(put(groupValues, { ...ids, kind: COUNTERS, value }, seq));
  }
  if (counterAnswer !== undefined) {
    const answer = { $typeName: 'parley.group.v1.CounterSet' as const, counters: counterAnswer.counters };
    const value = toBinary(groupv1.CounterSetSchema, answer);
    writes.push(put(counterAnswers, { ...ids, change_id: counterAnswer.changeId, counters: value }));
  }
  return writes;
}
