// A member leaves.
import { create } from '@bufbuild/protobuf';
import type { Delivery } from '@parley/delivery';
import { groupv1 } from '@parley/proto';
import { ChangeDraft } from '../changing/change-draft.js';
import type { GroupRegister } from '../changing/group-register.js';
import type { GroupKey } from '../stores/group-store.js';
import type { MarkStore } from '../stores/mark-store.js';
import type { VisitTips } from '../telling/visit-tips.js';
import { type Caller, requireOperation } from './caller.js';

export interface QuitGroupDeps {
  readonly register: GroupRegister;
  readonly delivery: Delivery;
  readonly visitTips: VisitTips;
  readonly marks: MarkStore;
}

export class QuitGroup {
  constructor(private readonly deps: QuitGroupDeps) {}

  /** @throws ChatError 10007, 10009 or 10010. */
  async run(key: GroupKey, caller: Caller): Promise<void> {
    const { register, delivery, visitTips, marks } = this.deps;
    const view = await register.get(key);
    if (!view.policy.hasMembers) {
      await requireOperation(view, caller, 'quit');
      const target = { appId: key.appId, userIds: [caller.userId] };
      await delivery.changeRooms(target, { enter: [], leave: [key.groupId] });
      await marks.went(key, caller.userId);
      if (view.policy.tips.members !== 'off') visitTips.say(key, caller.userId, false);
      return;
    }
    await register.change(key, async (present) => {
      const member = await present.member(caller.userId);
      // The first attempt may have done it.
      if (member === undefined && caller.isRetry) return { answer: undefined };
      await requireOperation(present, caller, 'quit');
      if (member === undefined) return { answer: undefined };
      const draft = new ChangeDraft(present, { operator: caller.userId, isSilent: false });
      draft.remove([member]).record({
        case: 'membersRemoved',
        value: create(groupv1.MembersRemovedSchema, { userIds: [caller.userId] }),
      });
      return { answer: undefined, next: draft };
    });
  }
}
