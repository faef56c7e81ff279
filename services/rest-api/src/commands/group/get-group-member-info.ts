import { ErrorCode } from '@parley/kernel';
import type { groupv1 } from '@parley/proto';
import { optionalInteger, optionalText } from '../../json/fields.js';
import type { JsonObject } from '../../json/json-body.js';
import type { RequestScope } from '../command.js';
import { boundedAnswer, defineGroupCommand } from './group-command.js';
import { loadMembers, viewMembers } from './group-facts.js';
import { groupIdOf, isCommunityId } from './group-fields.js';
import { renderMember } from './group-json.js';
import { COMMUNITY_MEMBERS_PER_PAGE_MAX, MEMBERS_PER_PAGE_MAX } from './group-limits.js';
import { roleFilterOf } from './member-fields.js';
import { type MemberFilters, memberFiltersOf } from './member-filters.js';

interface MembersPageQuery {
  readonly groupId: string;
  readonly roles: readonly groupv1.Role[];
  readonly filters: MemberFilters;
  readonly offset: number;
  /** Undefined: all. */
  readonly limit: number | undefined;
  /** Communities are paged by this instead of an offset. */
  readonly cursor: string | undefined;
}

interface MembersPage {
  readonly memberNum: number;
  readonly members: readonly groupv1.Member[];
  readonly nextCursor: string | undefined;
}

interface MembersAnswer {
  readonly memberNum: number;
  readonly items: readonly Record<string, unknown>[];
  readonly next: string | undefined;
}

const BAD = ErrorCode.GROUP_BAD_PARAMETER;

/** The members of a group: of a community a page, of others as many as fit into an answer. */
export const getGroupMemberInfo = defineGroupCommand<MembersPageQuery, MembersAnswer>({
  path: 'group_open_http_svc/get_group_member_info',

  parse(body) {
    const groupId = groupIdOf(body);
    return {
      groupId,
      roles: roleFilterOf(body),
      filters: memberFiltersOf(body),
      offset: optionalInteger(body, 'Offset', { code: BAD }) ?? 0,
      limit: optionalInteger(body, 'Limit', { code: BAD, max: MEMBERS_PER_PAGE_MAX }) || undefined,
      cursor: cursorOf(body, groupId),
    };
  },

  async call(query, scope) {
    const { memberNum, members, nextCursor } = await loadPage(query, scope);
    const { filters, groupId } = query;
    const views = await viewMembers(scope, groupId, { members, filter: filters.member });
    return { memberNum, items: views.map((view) => renderMember(view, filters)), next: nextCursor };
  },

  render: ({ memberNum, items, next }) =>
    boundedAnswer({ MemberNum: memberNum, MemberList: items, ...(next === undefined ? {} : { Next: next }) }),
});

/** "" begins; undefined: no community. @throws ChatError 10004. */
const cursorOf = (body: JsonObject, groupId: string): string | undefined =>
  isCommunityId(groupId) ? (optionalText(body, 'Next', BAD) ?? '') : undefined;

async function loadPage(query: MembersPageQuery, scope: RequestScope): Promise<MembersPage> {
  const { groupId, roles, cursor, limit = COMMUNITY_MEMBERS_PER_PAGE_MAX } = query;
  if (cursor === undefined) return { ...(await loadMembers(scope, query)), nextCursor: undefined };
  return scope.tools.groups.listMembers(
    { groupId, roles: [...roles], cursor, limit: Math.min(limit, COMMUNITY_MEMBERS_PER_PAGE_MAX) },
    scope.context,
  );
}
