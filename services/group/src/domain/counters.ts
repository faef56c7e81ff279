// What a change makes of a group's counters. Limits: rest-groups.md 7.
import { create } from '@bufbuild/protobuf';
import { ChatError, ErrorCode } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import { COUNTER_KEY_BYTES_MAX, COUNTERS_MAX } from './limits.js';
import { badParameter } from './refusals.js';

type Change = Pick<groupv1.ChangeCountersRequest, 'mode' | 'counters'>;

export interface ChangedCounters {
  readonly all: groupv1.Counter[];
  /** The new values of what was named. */
  readonly named: groupv1.Counter[];
}

/** Values go round at the ends of 64 bits. @throws ChatError 10004 or 10063. */
export function changeCounters(stored: readonly groupv1.Counter[], change: Change): ChangedCounters {
  const values = new Map(stored.map(({ key, value }) => [key, value]));
  const { mode, counters } = change;
  for (const { key } of counters) {
    const bytes = Buffer.byteLength(key);
    if (bytes < 1 || bytes > COUNTER_KEY_BYTES_MAX) {
      throw badParameter(`a counter's key has 1 to ${COUNTER_KEY_BYTES_MAX} bytes`);
    }
  }
  if (mode === groupv1.CounterMode.DELETE) {
    const keys = counters.length === 0 ? [...values.keys()] : counters.map(({ key }) => key);
    for (const key of keys) values.delete(key);
    return { all: toCounters(values), named: [] };
  }
  for (const { key, value } of counters) values.set(key, nextValue(mode, values.get(key) ?? 0n, value));
  if (values.size > COUNTERS_MAX) {
    throw new ChatError(ErrorCode.GROUP_COUNTERS_TOO_MANY, `a group has at most ${COUNTERS_MAX} counters`);
  }
  const names = new Set(counters.map(({ key }) => key));
  return { all: toCounters(values), named: toCounters(values).filter(({ key }) => names.has(key)) };
}

function nextValue(mode: groupv1.CounterMode, present: bigint, given: bigint): bigint {
  switch (mode) {
    case groupv1.CounterMode.SET:
      return given;
    case groupv1.CounterMode.INCREASE:
      return BigInt.asIntN(64, present + given);
    case groupv1.CounterMode.DECREASE:
      return BigInt.asIntN(64, present - given);
    default:
      throw badParameter('how the counters change is not said');
  }
}

const toCounters = (values: ReadonlyMap<string, bigint>): groupv1.Counter[] =>
  [...values].map(([key, value]) => create(groupv1.CounterSchema, { key, value }));
