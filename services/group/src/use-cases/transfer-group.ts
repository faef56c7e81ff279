// Another member becomes the owner.
import { create } from '@bufbuild/protobuf';
import { ErrorCode, toUserId } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import { ChangeDraft } from '../changing/change-draft.js';
import type { GroupRegister } from '../changing/group-register.js';
import { notMember } from '../domain/refusals.js';
import type { GroupEvents } from '../events.js';
import type { GroupKey } from '../stores/group-store.js';
import { type Caller, operatorOf, requireOperation } from './caller.js';

export class TransferGroup {
  constructor(
    private readonly register: GroupRegister,
    private readonly events: GroupEvents,
  ) {}

  /** Also gives an owner to a group without one. @throws ChatError 10004, 10007 or 10010. */
  async run(key: GroupKey, request: groupv1.TransferGroupRequest, caller: Caller): Promise<void> {
    const newOwner = toUserId(request.newOwner, ErrorCode.GROUP_BAD_PARAMETER);
    const author = { operator: operatorOf(caller, request.operator), isSilent: false };
    await this.register.change(key, async (view) => {
      const oldOwner = view.group.owner;
      // Also so for the former owner, who is no owner any more when the request comes again.
      if (oldOwner === newOwner) return { answer: undefined };
      await requireOperation(view, caller, 'transfer');
      if ((await view.member(newOwner)) === undefined) throw notMember();
      const draft = new ChangeDraft(view, author);
      draft.group.owner = newOwner;
      draft.state.admins = draft.state.admins.filter((admin) => admin !== newOwner);
      draft.handOver(await view.openApplications(), newOwner);
      draft.touch().record({
        case: 'ownerChanged',
        value: create(groupv1.OwnerChangedSchema, { newOwner, oldOwner }),
      });
      return { answer: undefined, next: draft };
    });
    this.events.audit('transferred', caller.context, { groupId: key.groupId, userId: newOwner });
  }
}
