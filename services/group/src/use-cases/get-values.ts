// Attributes and counters are read.
import type { groupv1 } from '@parley/proto';
import type { GroupRegister } from '../changing/group-register.js';
import type { GroupKey } from '../stores/group-store.js';
import { type Caller, requireOperation } from './caller.js';

const named = <T extends { readonly key: string }>(all: readonly T[], keys: readonly string[]): T[] =>
  keys.length === 0 ? [...all] : all.filter((one) => keys.includes(one.key));

export class GetAttributes {
  constructor(private readonly register: GroupRegister) {}

  /** @throws ChatError 10007 or 10010. */
  async run(key: GroupKey, request: groupv1.GetAttributesRequest, caller: Caller) {
    const view = await this.register.get(key);
    await requireOperation(view, caller, 'readAttributes');
    const { attributes, mainSeq } = await view.attributes();
    return { attributes: named(attributes, request.keys), mainSeq };
  }
}

export class GetCounters {
  constructor(private readonly register: GroupRegister) {}

  /** @throws ChatError 10007 or 10010. */
  async run(key: GroupKey, request: groupv1.GetCountersRequest, caller: Caller) {
    const view = await this.register.get(key);
    await requireOperation(view, caller, 'readCounters');
    const { counters } = await view.counters();
    return { counters: named(counters, request.keys) };
  }
}
