// Pair rows ⇄ pairs.
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { relationv1 } from '@parley/proto';
import type { Row, TableStore } from '@parley/table-store';
import { fromState, type Pair, type PairKey, STRANGERS, toState } from '../domain/pair.js';
import { relationPairs } from '../tables.js';

const NOTHING = new Uint8Array();

export interface StoredPair {
  /** 0: there is no row. */
  readonly version: bigint;
  readonly pair: Pair;
  /** Decided, and perhaps not carried out yet. */
  readonly intent: relationv1.PairIntent | undefined;
}

const NO_PAIR: StoredPair = { version: 0n, pair: STRANGERS, intent: undefined };

type PairRow = Row<typeof relationPairs>;

const rowKey = ({ appId, low, high }: PairKey) => ({
  app_id: appId as number,
  low: low as string,
  high: high as string,
});

const fromRow = ({ version, state, intent }: PairRow): StoredPair => ({
  version,
  pair: fromState(fromBinary(relationv1.PairStateSchema, state)),
  intent: intent.length === 0 ? undefined : fromBinary(relationv1.PairIntentSchema, intent),
});

export class PairStore {
  constructor(private readonly tables: TableStore) {}

  async get(key: PairKey): Promise<StoredPair> {
    const row = await this.tables.get(relationPairs, rowKey(key));
    return row === undefined ? NO_PAIR : fromRow(row);
  }

  /** In the order asked; at most 1,000. */
  async getMany(keys: readonly PairKey[]): Promise<StoredPair[]> {
    const rows = await this.tables.getMany(relationPairs, keys.map(rowKey));
    return rows.map((row) => (row === undefined ? NO_PAIR : fromRow(row)));
  }

  /** False when the pair is no longer what was seen. */
  async replace(key: PairKey, seen: StoredPair, next: StoredPair): Promise<boolean> {
    const expected =
      seen.version === 0n ? undefined : { version: seen.version, intent: encodeIntent(seen.intent) };
    const row = {
      ...rowKey(key),
      version: next.version,
      state: toBinary(relationv1.PairStateSchema, toState(next.pair)),
      intent: encodeIntent(next.intent),
    };
    const { isApplied } = await this.tables.compareAndSet(relationPairs, rowKey(key), expected, row);
    return isApplied;
  }
}

const encodeIntent = (intent: relationv1.PairIntent | undefined): Uint8Array =>
  intent === undefined ? NOTHING : toBinary(relationv1.PairIntentSchema, intent);
