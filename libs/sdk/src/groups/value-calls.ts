// Attributes and counters of groups.
import { groupv1 } from '@parley/proto';
import { createCallId } from '../calls/call-id.js';
import type { Caller } from '../calls/caller.js';
import { GROUP_METHOD } from '../calls/group-method.js';
import { ATTRIBUTE_READS_MAX, ATTRIBUTE_WINDOW_MS, ATTRIBUTE_WRITES_MAX } from '../constants/limits.js';
import { ChatFailure, FailureCode } from '../events/failure.js';
import type {
  ChangeCounterOptions,
  GroupAttributes,
  GroupCounters,
  GroupCounterUpdate,
} from '../model/group-sdk.js';
import type { ChatClock } from '../time/clock.js';
import { check, isText, optionalKeys, requireGroupID } from './checks.js';
import type { GroupBook } from './group-book.js';
import { RateWindow } from './rate-window.js';

export interface ValueCallsOptions {
  readonly caller: Caller;
  readonly clock: ChatClock;
  readonly random: () => number;
  readonly groups: GroupBook;
}

const { AttributeMode, CounterMode } = groupv1;

export class ValueCalls {
  private readonly writes = new RateWindow(ATTRIBUTE_WRITES_MAX, ATTRIBUTE_WINDOW_MS);
  private readonly reads = new RateWindow(ATTRIBUTE_READS_MAX, ATTRIBUTE_WINDOW_MS);

  constructor(private readonly options: ValueCallsOptions) {}

  initAttributes(options: { groupID: string; groupAttributes: GroupAttributes }) {
    return this.writeAttributes(options, AttributeMode.REPLACE);
  }

  setAttributes(options: { groupID: string; groupAttributes: GroupAttributes }) {
    return this.writeAttributes(options, AttributeMode.UPSERT);
  }

  async deleteAttributes(options: { groupID: string; keyList: string[] }): Promise<{ keyList: string[] }> {
    const groupID = requireGroupID(options?.groupID);
    const keyList = optionalKeys(options.keyList);
    const mode = keyList.length === 0 ? AttributeMode.CLEAR : AttributeMode.DELETE;
    await this.changeAttributes(groupID, { mode, attributes: keyList.map((key) => ({ key })) });
    return { keyList };
  }

  async getAttributes(options: {
    groupID: string;
    keyList?: string[] | undefined;
  }): Promise<{ groupAttributes: GroupAttributes }> {
    const groupID = requireGroupID(options?.groupID);
    const keys = optionalKeys(options.keyList);
    this.admit(this.reads, 'attributes are read');
    const { attributes } = await this.readAttributes(groupID, keys);
    return { groupAttributes: Object.fromEntries(attributes.map(({ key, value }) => [key, value])) };
  }

  async setCounters(options: { groupID: string; counters: GroupCounters }) {
    const counters = Object.entries(options?.counters ?? {});
    check(counters.length > 0, 'counters is an object of whole numbers');
    const answer = await this.changeCounters(options.groupID, CounterMode.SET, counters);
    return { counters: toCounters(answer) };
  }

  increaseCounter(options: ChangeCounterOptions): Promise<GroupCounterUpdate> {
    return this.addToCounter(options, CounterMode.INCREASE);
  }

  decreaseCounter(options: ChangeCounterOptions): Promise<GroupCounterUpdate> {
    return this.addToCounter(options, CounterMode.DECREASE);
  }

  async getCounters(options: { groupID: string; keyList?: string[] | undefined }) {
    const groupId = requireGroupID(options?.groupID);
    const keys = optionalKeys(options.keyList);
    const answer = await this.options.caller.call(GROUP_METHOD.getCounters, { groupId, keys });
    return { counters: toCounters(answer.counters) };
  }

  private async writeAttributes(
    options: { groupID: string; groupAttributes: GroupAttributes },
    mode: groupv1.AttributeMode,
  ): Promise<{ groupAttributes: GroupAttributes }> {
    const groupID = requireGroupID(options?.groupID);
    const { groupAttributes } = options;
    const isObject = typeof groupAttributes === 'object' && groupAttributes !== null;
    check(
      isObject && Object.values(groupAttributes).every(isString),
      'groupAttributes is an object of texts',
    );
    const attributes = Object.entries(groupAttributes).map(([key, value]) => ({ key, value }));
    await this.changeAttributes(groupID, { mode, attributes });
    return { groupAttributes };
  }

  /** Writes over what was seen last, so that nobody's write is lost. */
  private async changeAttributes(
    groupId: string,
    change: { mode: groupv1.AttributeMode; attributes: { key: string; value?: string }[] },
  ): Promise<void> {
    const { caller, groups } = this.options;
    this.admit(this.writes, 'attributes are written');
    const state = groups.get(groupId);
    const mainSeq = state?.attributesSeq ?? (await this.readAttributes(groupId, [])).mainSeq;
    try {
      const answer = await caller.call(GROUP_METHOD.changeAttributes, { groupId, mainSeq, ...change });
      if (state !== undefined) state.attributesSeq = answer.mainSeq;
    } catch (thrown) {
      const isConflict =
        thrown instanceof ChatFailure && thrown.code === FailureCode.GROUP_ATTRIBUTE_CONFLICT;
      if (isConflict && state !== undefined) state.attributesSeq = undefined;
      throw thrown;
    }
  }

  private async readAttributes(groupId: string, keys: string[]): Promise<groupv1.GetAttributesResponse> {
    const answer = await this.options.caller.call(GROUP_METHOD.getAttributes, { groupId, keys });
    const state = this.options.groups.get(groupId);
    if (state !== undefined) state.attributesSeq = answer.mainSeq;
    return answer;
  }

  private async addToCounter(
    options: ChangeCounterOptions,
    mode: groupv1.CounterMode,
  ): Promise<GroupCounterUpdate> {
    check(isText(options?.key), 'key is missing');
    const { groupID, key } = options;
    const [counter] = await this.changeCounters(groupID, mode, [[key, options.value]]);
    return { groupID, key, value: Number(counter?.value ?? 0) };
  }

  private async changeCounters(
    groupID: unknown,
    mode: groupv1.CounterMode,
    counters: readonly (readonly [string, number])[],
  ): Promise<groupv1.Counter[]> {
    const { caller, random } = this.options;
    const groupId = requireGroupID(groupID);
    check(
      counters.every(([, value]) => Number.isSafeInteger(value)),
      'the value of a counter is a whole number',
    );
    const answer = await caller.call(GROUP_METHOD.changeCounters, {
      groupId,
      mode,
      counters: counters.map(([key, value]) => ({ key, value: BigInt(value) })),
      changeId: createCallId(random),
    });
    return answer.counters;
  }

  private admit(window: RateWindow, what: string): void {
    const isAdmitted = window.admit(this.options.clock.elapsed());
    check(isAdmitted, `${what} too often`, FailureCode.GROUP_ATTRIBUTES_TOO_FAST);
  }
}

const isString = (value: unknown): value is string => typeof value === 'string';

const toCounters = (counters: readonly groupv1.Counter[]): GroupCounters =>
  Object.fromEntries(counters.map(({ key, value }) => [key, Number(value)]));
