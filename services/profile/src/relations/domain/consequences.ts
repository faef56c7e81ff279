// What follows from a change of a pair: rows of both users' lists.
import { create, equals, toBinary } from '@bufbuild/protobuf';
import { relationv1 } from '@parley/proto';
import type { Pair, PairKey, Side } from './pair.js';

const { RelationKind } = relationv1;
const NO_ENTRY = new Uint8Array();

export interface Occasion {
  /** Empty: the end of an account. */
  readonly operator: string;
  readonly nowMs: number;
}

/** The rows to write, each at most once; undefined when both pairs are the same. */
export function consequencesOf(
  key: PairKey,
  before: Pair,
  after: Pair,
  { operator, nowMs }: Occasion,
): relationv1.PairIntent | undefined {
  const ends = [
    { userId: key.low, peer: key.high, was: before.low, is: after.low },
    { userId: key.high, peer: key.low, was: before.high, is: after.high },
  ];
  const rows = ends.flatMap(rowsOf);
  if (rows.length === 0) return undefined;
  return create(relationv1.PairIntentSchema, {
    rows,
    timeMs: BigInt(nowMs),
    operator,
    areFactsChanged: ends.some(
      ({ was, is }) =>
        isThere(was.friend) !== isThere(is.friend) || isThere(was.blocked) !== isThere(is.blocked),
    ),
    customOf: ends.filter(({ was, is }) => isCustomChanged(was, is)).map(({ userId }) => userId),
  });
}

interface End {
  readonly userId: string;
  readonly peer: string;
  readonly was: Side;
  readonly is: Side;
}

function rowsOf({ userId, peer, was, is }: End): relationv1.RowWrite[] {
  const rows: relationv1.RowWrite[] = [];
  const own = (kind: relationv1.RelationKind, isPresent: boolean, entry: Uint8Array) =>
    rows.push(create(relationv1.RowWriteSchema, { userId, peer, kind, isPresent, entry }));
  const other = (kind: relationv1.RelationKind, isPresent: boolean, entry: Uint8Array) =>
    rows.push(create(relationv1.RowWriteSchema, { userId: peer, peer: userId, kind, isPresent, entry }));
  if (!isSame(relationv1.FriendEntrySchema, was.friend, is.friend)) {
    own(RelationKind.FRIEND, isThere(is.friend), bytesOf(relationv1.FriendEntrySchema, is.friend));
    if (isThere(was.friend) !== isThere(is.friend))
      other(RelationKind.KNOWN_BY, isThere(is.friend), NO_ENTRY);
  }
  if (!isSame(relationv1.BlockEntrySchema, was.blocked, is.blocked)) {
    own(RelationKind.BLOCKED, isThere(is.blocked), bytesOf(relationv1.BlockEntrySchema, is.blocked));
    other(RelationKind.BLOCKED_BY, isThere(is.blocked), NO_ENTRY);
  }
  if (!isSame(relationv1.RequestEntrySchema, was.request, is.request)) {
    const entry = bytesOf(relationv1.RequestEntrySchema, is.request);
    own(RelationKind.SENT, isThere(is.request), entry);
    other(RelationKind.RECEIVED, isThere(is.request), entry);
  }
  return rows;
}

type EntrySchema =
  | typeof relationv1.FriendEntrySchema
  | typeof relationv1.BlockEntrySchema
  | typeof relationv1.RequestEntrySchema;
type Entry = relationv1.FriendEntry | relationv1.BlockEntry | relationv1.RequestEntry;

const isThere = (entry: Entry | undefined): boolean => entry !== undefined;

const isSame = (schema: EntrySchema, a: Entry | undefined, b: Entry | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && equals<EntrySchema>(schema, a, b));

const bytesOf = (schema: EntrySchema, entry: Entry | undefined): Uint8Array =>
  entry === undefined ? NO_ENTRY : toBinary<EntrySchema>(schema, entry);

function isCustomChanged(was: Side, is: Side): boolean {
  const before = was.friend?.custom ?? [];
  const after = is.friend?.custom ?? [];
  return (
    before.length !== after.length ||
    before.some(({ tag, value }, at) => after[at]?.tag !== tag || after[at]?.value.value !== value.value)
  );
}
