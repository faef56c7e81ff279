import { ErrorCode, isGroupId, mapBounded } from '@parley/kernel';
import type { groupv1 } from '@parley/proto';
import { eachText, requiredList } from '../../json/fields.js';
import type { JsonObject } from '../../json/json-body.js';
import type { RequestScope } from '../command.js';
import { GROUP_FAMILY, toPublicError } from '../error-family.js';
import { boundedAnswer, defineGroupCommand } from './group-command.js';
import { loadHeads, loadMembers, viewMembers } from './group-facts.js';
import { isLive, renderCustom, renderGroup, renderMember, wantsHead } from './group-json.js';
import { GROUPS_PER_QUERY_MAX } from './group-limits.js';
import { type FieldFilter, responseFilters } from './response-filter.js';

interface GroupsQuery {
  readonly groupIds: readonly string[];
  readonly filters: Filters;
}

interface Filters {
  readonly group: FieldFilter;
  readonly custom: FieldFilter;
  readonly member: FieldFilter;
  readonly memberCustom: FieldFilter;
}

type Item = Record<string, unknown>;

const BAD = ErrorCode.GROUP_BAD_PARAMETER;
/** Groups whose members are read at once. */
const GROUPS_IN_FLIGHT_MAX = 4;
/** Their members are too many, or none are kept: their commands are others. */
const hasMemberList = (group: groupv1.Group): boolean => !isLive(group) && group.type !== 'Community';

/** Up to 50 groups with their members; each has its own result. */
export const getGroupInfo = defineGroupCommand<GroupsQuery, readonly Item[]>({
  path: 'group_open_http_svc/get_group_info',
  parse: (body) => ({ groupIds: groupIdsOf(body), filters: filtersOf(body) }),

  async call({ groupIds, filters }, scope) {
    const outcomes = await loadGroups(scope, groupIds);
    const found = outcomes.flatMap(({ group }) => (group === undefined ? [] : [group]));
    const heads = wantsHead(filters.group)
      ? await loadHeads(
          scope,
          found.map(({ groupId }) => groupId),
        )
      : undefined;
    return mapBounded(outcomes, GROUPS_IN_FLIGHT_MAX, async ({ groupId, code, info, group }) => {
      if (group === undefined) return failedItem(groupId, code, info);
      const head = heads?.get(groupId);
      const custom = renderCustom(group.custom, filters.custom);
      return {
        ErrorCode: 0,
        ErrorInfo: '',
        ...renderGroup({ appId: scope.caller.appId, group, head }, filters.group),
        ...(custom.length > 0 ? { AppDefinedData: custom } : {}),
        ...(await renderMembers(scope, group, filters)),
      };
    });
  },

  render: (items) => boundedAnswer({ GroupInfo: items }),
});

/** Each once, in the order given. @throws ChatError 10004. */
function groupIdsOf(body: JsonObject): string[] {
  const items = requiredList(body, 'GroupIdList', {
    codes: { notArray: BAD, tooFew: BAD, tooMany: BAD },
    bounds: { min: 1, max: GROUPS_PER_QUERY_MAX },
  });
  return [...new Set(eachText(items, 'GroupIdList', BAD))];
}

function filtersOf(body: JsonObject): Filters {
  const filters = responseFilters(body, [
    'GroupBaseInfoFilter',
    'AppDefinedDataFilter_Group',
    'MemberInfoFilter',
    'AppDefinedDataFilter_GroupMember',
  ]);
  return {
    group: filters.GroupBaseInfoFilter,
    custom: filters.AppDefinedDataFilter_Group,
    member: filters.MemberInfoFilter,
    memberCustom: filters.AppDefinedDataFilter_GroupMember,
  };
}

interface Outcome {
  readonly groupId: string;
  readonly code: number;
  readonly info: string;
  readonly group: groupv1.Group | undefined;
}

/** In the order asked, also for what cannot be a GroupID. */
async function loadGroups(scope: RequestScope, groupIds: readonly string[]): Promise<Outcome[]> {
  const known = groupIds.filter(isGroupId);
  const answer =
    known.length === 0 ? [] : (await scope.tools.groups.getGroups({ groupIds: known }, scope.context)).groups;
  const byId = new Map(answer.map((outcome) => [outcome.groupId, outcome]));
  return groupIds.map((groupId) => {
    const outcome = byId.get(groupId);
    if (outcome === undefined)
      return { groupId, code: ErrorCode.GROUP_ID_INVALID, info: 'no GroupID', group: undefined };
    const { code, info, group } = outcome;
    return { groupId, code, info, group: code === 0 ? group : undefined };
  });
}

function failedItem(groupId: string, code: number, info: string): Item {
  return { GroupId: groupId, ErrorCode: code, ErrorInfo: info };
}

async function renderMembers(scope: RequestScope, group: groupv1.Group, filters: Filters): Promise<Item> {
  const isWanted = !filters.member.isEmpty || !filters.memberCustom.isEmpty;
  if (!isWanted || !hasMemberList(group)) return {};
  const { groupId } = group;
  try {
    const query = { groupId, roles: [], offset: 0, limit: undefined };
    const { members } = await loadMembers(scope, query);
    const views = await viewMembers(scope, groupId, { members, filter: filters.member });
    const wanted = { member: filters.member, custom: filters.memberCustom };
    return { MemberList: views.map((view) => renderMember(view, wanted)) };
  } catch (thrown) {
    // Gone since it was looked up: that is this group's own result.
    const { code, info } = toPublicError(thrown, GROUP_FAMILY);
    if (code === ErrorCode.GROUP_NOT_FOUND) return failedItem(groupId, code, info);
    throw thrown;
  }
}
