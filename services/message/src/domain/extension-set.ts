// The pairs of one message, and what a call makes of them. Pure. Source: client-features.md 5.9, rest-groups.md 4.
import { create } from '@bufbuild/protobuf';
import { ErrorCode } from '@parley/kernel';
import { messagev1 } from '@parley/proto';

const { SET, CLEAR } = messagev1.ExtensionOperation;

export interface ExtensionCall {
  readonly operation: messagev1.ExtensionOperation;
  readonly extensions: readonly messagev1.Extension[];
  /** The caller writes only over what it has seen. */
  readonly isHeld: boolean;
  /** An earlier attempt may have done it. */
  readonly isRetry: boolean;
  readonly pairsMax: number;
}

export interface ChangedExtensions {
  /** Undefined: nothing changes. */
  readonly next: messagev1.ExtensionSet | undefined;
  readonly results: messagev1.ExtensionResult[];
  readonly set: messagev1.Extension[];
  readonly deleted: string[];
}

interface Work {
  readonly pairs: Map<string, messagev1.Extension>;
  latestSeq: bigint;
  readonly set: messagev1.Extension[];
  readonly deleted: string[];
}

/** Undefined: there would be more pairs than a message has. */
export function changeExtensions(
  present: messagev1.ExtensionSet,
  call: ExtensionCall,
): ChangedExtensions | undefined {
  const work: Work = {
    pairs: new Map(present.extensions.map((pair) => [pair.key, pair])),
    latestSeq: present.latestSeq,
    set: [],
    deleted: [],
  };
  if (call.operation === CLEAR) return cleared(present);
  const results = call.extensions.map((asked) => changePair(work, asked, call));
  if (work.pairs.size > call.pairsMax) return undefined;
  const { set, deleted, latestSeq } = work;
  if (set.length === 0 && deleted.length === 0) return { next: undefined, results, set, deleted };
  const extensions = [...work.pairs.values()].sort((a, b) => (a.seq < b.seq ? -1 : 1));
  const next = create(messagev1.ExtensionSetSchema, { extensions, latestSeq, clearSeq: present.clearSeq });
  return { next, results, set, deleted };
}

function changePair(work: Work, asked: messagev1.Extension, call: ExtensionCall): messagev1.ExtensionResult {
  const present = work.pairs.get(asked.key);
  const isSet = call.operation === SET;
  if (isDone(present, asked, call)) return resultOf(0, present ?? bare(asked.key));
  if (!isSet && present === undefined) {
    return resultOf(ErrorCode.EXTENSION_NOT_FOUND, bare(asked.key));
  }
  if (call.isHeld && (present?.seq ?? 0n) !== asked.seq) {
    return resultOf(ErrorCode.EXTENSION_CONFLICT, present ?? bare(asked.key));
  }
  work.latestSeq += 1n;
  const pair = create(messagev1.ExtensionSchema, { ...asked, seq: work.latestSeq });
  work.pairs.delete(asked.key);
  if (isSet) {
    work.pairs.set(asked.key, pair);
    work.set.push(pair);
  } else {
    work.deleted.push(asked.key);
  }
  return resultOf(0, isSet ? pair : bare(asked.key));
}

/** A retry finds what it wanted, written after what it had seen. */
function isDone(
  present: messagev1.Extension | undefined,
  asked: messagev1.Extension,
  { isRetry, operation }: ExtensionCall,
): boolean {
  if (!isRetry) return false;
  if (operation !== SET) return present === undefined;
  return present !== undefined && present.value === asked.value && present.seq > asked.seq;
}

function cleared(present: messagev1.ExtensionSet): ChangedExtensions {
  const clearSeq = present.latestSeq;
  const next = create(messagev1.ExtensionSetSchema, { latestSeq: present.latestSeq, clearSeq });
  const deleted = present.extensions.map(({ key }) => key);
  return { next: deleted.length === 0 ? undefined : next, results: [], set: [], deleted };
}

const bare = (key: string): messagev1.Extension => create(messagev1.ExtensionSchema, { key });

const resultOf = (code: number, extension: messagev1.Extension): messagev1.ExtensionResult =>
  create(messagev1.ExtensionResultSchema, { code, extension });
