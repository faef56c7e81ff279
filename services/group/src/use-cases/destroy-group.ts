// A group ends, for all and for ever.
import { create } from '@bufbuild/protobuf';
import { ChatError, ErrorCode } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import { ChangeDraft } from '../changing/change-draft.js';
import type { GroupRegister } from '../changing/group-register.js';
import type { GroupEvents } from '../events.js';
import type { GroupKey } from '../stores/group-store.js';
import { type Caller, operatorOf, requireOperation } from './caller.js';

export class DestroyGroup {
  constructor(
    private readonly register: GroupRegister,
    private readonly events: GroupEvents,
  ) {}

  /** @throws ChatError 10007 or 10010. */
  async run(key: GroupKey, named: string, caller: Caller): Promise<void> {
    const author = { operator: operatorOf(caller, named), isSilent: false };
    try {
      await this.register.change(key, async (view) => {
        await requireOperation(view, caller, 'destroy');
        const draft = new ChangeDraft(view, author);
        draft.state.isDestroyed = true;
        draft.intent.destroys = true;
        draft.record({ case: 'destroyed', value: create(groupv1.GroupDestroyedSchema) });
        return { answer: undefined, next: draft };
      });
    } catch (thrown) {
      // The first attempt may have done it.
      if (!caller.isRetry || ChatError.from(thrown).code !== ErrorCode.GROUP_NOT_FOUND) throw thrown;
    }
    this.events.audit('destroyed', caller.context, { groupId: key.groupId });
  }
}
