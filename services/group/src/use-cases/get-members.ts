// Some members by name.
import { ChatError, ErrorCode } from '@parley/kernel';
import type { groupv1 } from '@parley/proto';
import type { GroupRegister } from '../changing/group-register.js';
import type { CustomFields } from '../domain/custom-fields.js';
import { ACCOUNTS_PER_REQUEST_MAX } from '../domain/limits.js';
import type { GroupKey } from '../stores/group-store.js';
import { type Caller, requireOperation, toUserIds } from './caller.js';
import { shownMember } from './shown-group.js';

export class GetMembers {
  constructor(
    private readonly register: GroupRegister,
    private readonly custom: CustomFields,
  ) {}

  /** Those who are members, in the order asked. @throws ChatError 10004, 10005, 10007 or 10010. */
  async run(key: GroupKey, request: groupv1.GetMembersRequest, caller: Caller) {
    const users = toUserIds(request.userIds);
    if (users.length > ACCOUNTS_PER_REQUEST_MAX) {
      throw new ChatError(
        ErrorCode.GROUP_TOO_MANY_ACCOUNTS,
        `at most ${ACCOUNTS_PER_REQUEST_MAX} members at once`,
      );
    }
    const view = await this.register.get(key);
    const role = await requireOperation(view, caller, 'readMembers');
    const members = (await view.members(users)).filter((member) => member !== undefined);
    return { members: members.map((member) => shownMember(member, view, role, this.custom)) };
  }
}
