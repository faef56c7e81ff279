// The commands of a group's counters.
import { randomUUID } from 'node:crypto';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorCode } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import { type Envelope, succeeded } from '../../envelope.js';
import {
  badField,
  eachObject,
  optionalChoice,
  optionalTexts,
  requiredInteger,
  requiredList,
  requiredText,
} from '../../json/fields.js';
import type { JsonObject } from '../../json/json-body.js';
import { defineGroupCommand } from './group-command.js';
import { groupIdOf } from './group-fields.js';

type ChangeRequest = MessageInitShape<typeof groupv1.ChangeCountersRequestSchema>;

interface CountersQuery {
  readonly groupId: string;
  /** Empty: all. */
  readonly keys: string[];
}

const BAD = ErrorCode.GROUP_BAD_PARAMETER;
const TOO_MANY = ErrorCode.GROUP_COUNTERS_TOO_MANY;
const { CounterMode } = groupv1;

/** Source: rest-groups.md 7. */
const COUNTERS_MAX = 20;

const MODES: ReadonlyMap<string, groupv1.CounterMode> = new Map([
  ['Set', CounterMode.SET],
  ['Increase', CounterMode.INCREASE],
  ['Decrease', CounterMode.DECREASE],
]);

/** The counters of a group, or some of them. */
export const getGroupCounter = defineGroupCommand<CountersQuery, groupv1.GetCountersResponse>({
  path: 'group_open_http_svc/get_group_counter',
  parse: (body) => ({ groupId: groupIdOf(body), keys: keysOf(body) }),
  call: (query, { tools, context }) => tools.groups.getCounters(query, context),
  render: renderCounters,
});

/** Sets, raises or lowers counters, and answers what they are then. */
export const updateGroupCounter = defineGroupCommand<ChangeRequest, groupv1.ChangeCountersResponse>({
  path: 'group_open_http_svc/update_group_counter',
  parse: (body) => ({
    groupId: groupIdOf(body),
    mode: optionalChoice(body, 'Mode', { values: MODES, code: BAD }) ?? CounterMode.SET,
    counters: countersOf(body),
    // The call to the group service may be made again; another request is another change.
    changeId: randomUUID(),
  }),
  call: (request, { tools, context }) => tools.groups.changeCounters(request, context),
  render: renderCounters,
});

/** Removes some counters, or all. */
export const deleteGroupCounter = defineGroupCommand<ChangeRequest, unknown>({
  path: 'group_open_http_svc/delete_group_counter',
  parse: (body) => ({
    groupId: groupIdOf(body),
    mode: CounterMode.DELETE,
    counters: keysOf(body).map((key) => ({ key })),
    changeId: randomUUID(),
  }),
  call: (request, { tools, context }) => tools.groups.changeCounters(request, context),
  render: () => succeeded(),
});

function renderCounters({ counters }: { readonly counters: readonly groupv1.Counter[] }): Envelope {
  return succeeded({ GroupCounter: counters.map(({ key, value }) => ({ Key: key, Value: Number(value) })) });
}

/** @throws ChatError 10004, or 10063 for more than a group can have. */
function keysOf(body: JsonObject): string[] {
  const keys = [...new Set(optionalTexts(body, 'GroupCounterKeys', BAD))];
  if (keys.length > COUNTERS_MAX) {
    throw badField(TOO_MANY, 'GroupCounterKeys', `takes at most ${COUNTERS_MAX} items`);
  }
  return keys;
}

/** A number that JSON cannot hold exactly is refused. @throws ChatError 10004 or 10063. */
const countersOf = (body: JsonObject) =>
  eachObject(
    requiredList(body, 'GroupCounter', {
      codes: { notArray: BAD, tooFew: BAD, tooMany: TOO_MANY },
      bounds: { min: 1, max: COUNTERS_MAX },
    }),
    'GroupCounter',
    BAD,
  ).map((item) => ({
    key: requiredText(item, 'Key', BAD),
    value: BigInt(
      requiredInteger(item, 'Value', {
        code: BAD,
        min: Number.MIN_SAFE_INTEGER,
        max: Number.MAX_SAFE_INTEGER,
      }),
    ),
  }));
