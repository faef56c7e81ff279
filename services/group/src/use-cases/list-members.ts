// A group's members, page by page.
import type { UserId } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import type { GroupRegister } from '../changing/group-register.js';
import type { GroupView } from '../changing/group-view.js';
import type { CustomFields } from '../domain/custom-fields.js';
import { MEMBERS_PER_PAGE_DEFAULT, MEMBERS_PER_PAGE_MAX } from '../domain/limits.js';
import type { GroupKey } from '../stores/group-store.js';
import type { MemberPage, MemberStore } from '../stores/member-store.js';
import { type Caller, requireOperation } from './caller.js';
import { shownMember } from './shown-group.js';

const ROWS_SKIPPED_AT_ONCE = 1_000;
const { MEMBER } = groupv1.Role;

interface Asked {
  readonly limit: number;
  readonly offset: number;
  readonly cursor: string | undefined;
  readonly isWanted: (member: groupv1.Member) => boolean;
}

export class ListMembers {
  constructor(
    private readonly register: GroupRegister,
    private readonly members: MemberStore,
    private readonly custom: CustomFields,
  ) {}

  /** In the order of UserIDs; leaders alone are listed owner first. @throws ChatError 10007 or 10010. */
  async run(key: GroupKey, request: groupv1.ListMembersRequest, caller: Caller) {
    const view = await this.register.get(key);
    const role = await requireOperation(view, caller, 'readMembers');
    const limit = Math.min(request.limit || MEMBERS_PER_PAGE_DEFAULT, MEMBERS_PER_PAGE_MAX);
    const { offset, roles } = request;
    const cursor = request.cursor === '' ? undefined : request.cursor;
    const page =
      roles.length > 0 && !roles.includes(MEMBER)
        ? await leaders(view, roles, offset, limit)
        : await this.#page(view, {
            limit,
            offset,
            cursor,
            isWanted: ({ userId }) => roles.length === 0 || roles.includes(view.roleOf(userId as UserId)),
          });
    const members = await view.withRoles(page.members);
    return {
      members: members.map((member) => shownMember(member, view, role, this.custom)),
      nextCursor: page.cursor ?? '',
      memberNum: view.group.memberNum,
    };
  }

  /** As many as asked for, past those who are not wanted. */
  async #page(view: GroupView, asked: Asked): Promise<MemberPage> {
    const members: groupv1.Member[] = [];
    let { offset, cursor } = asked;
    do {
      const missing = asked.limit - members.length;
      const limit = offset > 0 ? Math.min(offset, ROWS_SKIPPED_AT_ONCE) : missing;
      const page: MemberPage = await this.members.page(view.key, view.state.firstSeq, {
        limit,
        ...(cursor === undefined ? {} : { cursor }),
      });
      const wanted = page.members.filter(asked.isWanted);
      // What is skipped is never more than was read, so a page is either skipped or given.
      if (offset > 0) offset -= wanted.length;
      else members.push(...wanted);
      cursor = page.cursor;
    } while (cursor !== undefined && members.length < asked.limit);
    return cursor === undefined ? { members } : { members, cursor };
  }
}

async function leaders(
  view: GroupView,
  roles: readonly groupv1.Role[],
  offset: number,
  limit: number,
): Promise<MemberPage> {
  const { owner } = view.group;
  const users = [...(owner === '' ? [] : [owner]), ...view.state.admins] as UserId[];
  const wanted = users.filter((user) => roles.includes(view.roleOf(user)));
  const found = await view.members(wanted.slice(offset, offset + limit));
  return { members: found.filter((member) => member !== undefined) };
}
