// ListChanges: what a client that was away missed, from old to new.
import type { UserId } from '@parley/kernel';
import { READ_YOUR_WRITE_WAIT_MS } from '@parley/kernel';
import type { Stream } from '../domain/conversation.js';
import { PAGE_BYTES_MAX } from '../domain/limits.js';
import { readChange, targetsOf } from '../domain/message-change.js';
import type { HistoryProgress } from '../reading/history-progress.js';
import type { ChangeStore, StoredChange } from '../stores/change-store.js';
import type { HeadStore } from '../stores/head-store.js';

export interface ListChangesQuery {
  readonly stream: Stream;
  /** Undefined: an app's back end. */
  readonly user: UserId | undefined;
  /** Messages below are not for the user's eyes. */
  readonly fromSeq: bigint;
  /** Exclusive. */
  readonly afterSeq: bigint;
  readonly limit: number;
}

export interface ChangePage {
  /** Encoded, ascending. */
  readonly changes: readonly Uint8Array[];
  readonly completeTo: bigint;
  readonly hasMore: boolean;
  /** Some that were asked for are not kept any longer. */
  readonly expired: boolean;
}

export interface ListChangesOptions {
  readonly changes: ChangeStore;
  readonly heads: HeadStore;
  readonly progress: HistoryProgress;
  readonly partitionOf: (stream: Stream) => number;
}

export class ListChanges {
  constructor(private readonly options: ListChangesOptions) {}

  async run(query: ListChangesQuery): Promise<ChangePage> {
    const { changes, heads, progress, partitionOf } = this.options;
    const { stream, afterSeq, limit } = query;
    const partition = partitionOf(stream);
    await progress.catchUp(partition, READ_YOUR_WRITE_WAIT_MS);
    const head = await heads.get(stream, progress.knownWritten(partition));
    const headSeq = head?.changeSeq ?? 0n;
    if (afterSeq >= headSeq) return { changes: [], completeTo: headSeq, hasMore: false, expired: false };
    const found = (await changes.after(stream, afterSeq, limit)).filter((one) => one.changeSeq <= headSeq);
    const page = cutToBytes(found);
    const last = page.at(-1)?.changeSeq;
    const isCut = page.length < found.length || found.length === limit;
    const completeTo = isCut && last !== undefined ? last : headSeq;
    return {
      changes: page.filter((one) => isFor(one, query)).map((one) => one.bytes),
      completeTo,
      hasMore: completeTo < headSeq,
      expired: (page[0]?.changeSeq ?? headSeq + 1n) > afterSeq + 1n,
    };
  }
}

function isFor({ bytes }: StoredChange, { user, fromSeq }: ListChangesQuery): boolean {
  if (user === undefined) return true;
  const change = readChange(bytes);
  if (change.audience.length > 0 && !change.audience.includes(user)) return false;
  const targets = targetsOf(change);
  return targets.length === 0 || targets.some((seq) => seq >= fromSeq);
}

function cutToBytes(changes: readonly StoredChange[]): readonly StoredChange[] {
  let bytes = 0;
  const firstTooMuch = changes.findIndex((one, index) => {
    bytes += one.bytes.length;
    return index > 0 && bytes > PAGE_BYTES_MAX;
  });
  return firstTooMuch === -1 ? changes : changes.slice(0, firstTooMuch);
}
