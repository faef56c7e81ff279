// The pairs of a message: one row, changed by compare-and-set, so that of two writers of one pair the first wins.
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { messagev1 } from '@parley/proto';
import type { TableStore } from '@parley/table-store';
import { messageExtensions } from '../tables.js';
import type { MessageRef } from './message-store.js';

export interface StoredExtensions {
  /** 0n: there is no row. */
  readonly revision: bigint;
  readonly set: messagev1.ExtensionSet;
}

const keyOf = ({ conversation, seq }: MessageRef) => ({
  app_id: conversation.appId as number,
  conversation: conversation.id as string,
  seq,
});

export class ExtensionStore {
  constructor(private readonly tables: TableStore) {}

  async get(message: MessageRef): Promise<StoredExtensions> {
    const row = await this.tables.get(messageExtensions, keyOf(message));
    if (row === undefined) return { revision: 0n, set: create(messagev1.ExtensionSetSchema) };
    return { revision: row.revision, set: fromBinary(messagev1.ExtensionSetSchema, row.extensions) };
  }

  /** False: somebody was faster. */
  async replace(message: MessageRef, seen: bigint, next: messagev1.ExtensionSet): Promise<boolean> {
    const key = keyOf(message);
    const row = {
      ...key,
      revision: seen + 1n,
      extensions: toBinary(messagev1.ExtensionSetSchema, next),
    };
    const expected = seen === 0n ? undefined : { revision: seen };
    return (await this.tables.compareAndSet(messageExtensions, key, expected, row)).isApplied;
  }
}
