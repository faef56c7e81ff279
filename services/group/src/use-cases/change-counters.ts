// Counters change atomically, once per change_id.
import { create } from '@bufbuild/protobuf';
import type { Coordination } from '@parley/coordination';
import { ChatError, ErrorCode } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import { ChangeDraft } from '../changing/change-draft.js';
import type { Decided, GroupRegister } from '../changing/group-register.js';
import type { GroupView } from '../changing/group-view.js';
import { changeCounters } from '../domain/counters.js';
import { COUNTER_CALLS_PER_SECOND_MAX, CREATION_ID_BYTES_MAX } from '../domain/limits.js';
import { badParameter } from '../domain/refusals.js';
import type { GroupKey } from '../stores/group-store.js';
import { type Caller, operatorOf, requireOperation } from './caller.js';

const WINDOW_MS = 1_000;

export class ChangeCounters {
  constructor(
    private readonly register: GroupRegister,
    private readonly coordination: Coordination,
  ) {}

  /** @throws ChatError 10004, 10006, 10007, 10010 or 10063. */
  async run(key: GroupKey, request: groupv1.ChangeCountersRequest, caller: Caller) {
    if (Buffer.byteLength(request.changeId) > CREATION_ID_BYTES_MAX) {
      throw badParameter(`a change id has at most ${CREATION_ID_BYTES_MAX} bytes`);
    }
    const changeId = request.changeId === '' ? undefined : `${caller.userId} ${request.changeId}`;
    // What has been done stays done, whatever the caller may do by now.
    const known = changeId !== undefined && caller.isRetry ? await this.#answerTo(key, changeId) : undefined;
    if (known !== undefined) return { counters: known };
    const window = `group-counters:${key.appId}:${key.groupId}`;
    const calls = await this.coordination.countInWindow(window, 1, WINDOW_MS);
    if (calls > COUNTER_CALLS_PER_SECOND_MAX) {
      throw new ChatError(ErrorCode.GROUP_RATE_EXCEEDED, 'counters change faster than allowed');
    }
    const change = { ...request, changeId };
    return { counters: await this.register.change(key, (view) => decide(view, change, caller)) };
  }

  async #answerTo(key: GroupKey, changeId: string): Promise<groupv1.Counter[] | undefined> {
    const view = await this.register.get(key);
    return (await view.counterAnswer(changeId))?.counters;
  }
}

interface Change extends Pick<groupv1.ChangeCountersRequest, 'mode' | 'counters'> {
  /** Its caller's; undefined: it has no name, so a repetition is another change. */
  readonly changeId: string | undefined;
}

async function decide(
  view: GroupView,
  { changeId, ...change }: Change,
  caller: Caller,
): Promise<Decided<groupv1.Counter[]>> {
  const known = changeId === undefined ? undefined : await view.counterAnswer(changeId);
  if (known !== undefined) return { answer: known.counters };
  await requireOperation(view, caller, 'changeCounters');
  const { counters: stored } = await view.counters();
  const { all, named } = changeCounters(stored, change);
  const draft = new ChangeDraft(view, { operator: operatorOf(caller), isSilent: false });
  draft.intent.counters = create(groupv1.CounterSetSchema, { counters: all });
  if (changeId !== undefined) {
    draft.intent.counterAnswer = create(groupv1.CounterAnswerSchema, { changeId, counters: named });
  }
  draft.record({
    case: 'countersChanged',
    value: create(groupv1.CountersChangedSchema, { counters: all }),
  });
  return { answer: named, next: draft };
}
