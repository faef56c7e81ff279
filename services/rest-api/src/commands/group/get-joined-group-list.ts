import { ErrorCode } from '@parley/kernel';
import type { groupv1 } from '@parley/proto';
import { badField, optionalInteger } from '../../json/fields.js';
import type { JsonObject } from '../../json/json-body.js';
import type { RequestScope } from '../command.js';
import { boundedAnswer, defineGroupCommand } from './group-command.js';
import { loadHeads, loadStandings } from './group-facts.js';
import { optionalFlag, optionalGroupType } from './group-fields.js';
import { renderGroup, renderSelf, wantsHead, wantsStanding } from './group-json.js';
import { JOINED_GROUPS_PER_PAGE_MAX } from './group-limits.js';
import { memberOf } from './member-fields.js';
import { type FieldFilter, responseFilters } from './response-filter.js';
import { loadTopicTotals, type TopicTotals, wantsTopicTotals } from './topic-totals.js';

interface JoinedQuery {
  readonly user: string;
  /** Types that are listed one after the other; '' is all that keep members. */
  readonly types: readonly string[];
  readonly onlyWithTopics: boolean;
  readonly withInactive: boolean;
  readonly offset: number;
  readonly limit: number;
  readonly group: FieldFilter;
  readonly self: FieldFilter;
}

interface JoinedAnswer {
  readonly total: number;
  readonly items: readonly Record<string, unknown>[];
}

const BAD = ErrorCode.GROUP_BAD_PARAMETER;
const LIVE = 'AVChatRoom';
const GROUPS_PER_CALL_MAX = 100;

/** The groups of one user, with his part in each. */
export const getJoinedGroupList = defineGroupCommand<JoinedQuery, JoinedAnswer>({
  path: 'group_open_http_svc/get_joined_group_list',

  parse(body) {
    const filters = responseFilters(body, ['GroupBaseInfoFilter', 'SelfInfoFilter']);
    return {
      user: memberOf(body, 'Member_Account'),
      ...typesOf(body),
      withInactive: optionalFlag(body, 'WithNoActiveGroups') ?? false,
      offset: optionalInteger(body, 'Offset', { code: BAD }) ?? 0,
      // 0 stands for absent: SDKs with fixed structures send it so.
      limit:
        optionalInteger(body, 'Limit', { code: BAD, max: JOINED_GROUPS_PER_PAGE_MAX }) ||
        Number.POSITIVE_INFINITY,
      group: filters.GroupBaseInfoFilter,
      self: filters.SelfInfoFilter,
    };
  },

  async call(query, scope) {
    const joined = await withoutInactive(await loadJoined(query, scope), query, scope);
    const shown = joined.slice(query.offset, query.offset + query.limit);
    return { total: joined.length, items: await renderJoined(shown, query, scope) };
  },

  render: ({ total, items }) => boundedAnswer({ TotalCount: total, GroupIdList: items }),
});

/** @throws ChatError 10004, also for SupportTopic with another type than Community. */
function typesOf(body: JsonObject): Pick<JoinedQuery, 'types' | 'onlyWithTopics'> {
  const type = optionalGroupType(body, 'GroupType');
  const withLive = optionalFlag(body, 'WithHugeGroups') ?? false;
  const onlyWithTopics = optionalFlag(body, 'SupportTopic') ?? false;
  if (onlyWithTopics && type !== 'Community') {
    throw badField(BAD, 'GroupType', 'must be Community when SupportTopic is 1');
  }
  if (type !== undefined) return { types: [type], onlyWithTopics };
  return { types: withLive ? ['', LIVE] : [''], onlyWithTopics };
}

/** All of them: TotalCount counts what the options leave, and a user is in a bounded number of groups. */
async function loadJoined(query: JoinedQuery, scope: RequestScope): Promise<groupv1.JoinedGroup[]> {
  const joined = new Map<string, groupv1.JoinedGroup>();
  for (const type of query.types) {
    let cursor: string | undefined = '';
    while (cursor !== undefined) {
      const page: groupv1.ListJoinedGroupsResponse = await scope.tools.groups.listJoinedGroups(
        { user: query.user, type, cursor, limit: GROUPS_PER_CALL_MAX },
        scope.context,
      );
      for (const each of page.groups) joined.set(each.group?.groupId ?? '', each);
      cursor = page.nextCursor === '' ? undefined : page.nextCursor;
    }
  }
  return [...joined.values()].filter(({ group }) => !query.onlyWithTopics || group?.supportTopic === true);
}

/** Groups of a type that hides them until somebody has said something are left out, unless they are wanted. */
async function withoutInactive(
  joined: readonly groupv1.JoinedGroup[],
  { withInactive }: JoinedQuery,
  scope: RequestScope,
): Promise<readonly groupv1.JoinedGroup[]> {
  const hiding = joined.flatMap(({ group }) => (group?.hiddenUntilActive ? [group.groupId] : []));
  if (withInactive || hiding.length === 0) return joined;
  const heads = await loadHeads(scope, hiding);
  return joined.filter(
    ({ group }) => !group?.hiddenUntilActive || heads.get(group.groupId)?.isActive === true,
  );
}

async function renderJoined(
  joined: readonly groupv1.JoinedGroup[],
  query: JoinedQuery,
  scope: RequestScope,
): Promise<Record<string, unknown>[]> {
  const groupIds = joined.map(({ group }) => group?.groupId ?? '');
  const [totals, heads, standings] = await Promise.all([
    wantsTopicTotals(query.group, query.self) ? loadTopicTotals(scope, query.user, joined) : NO_TOTALS,
    wantsHead(query.group) ? loadHeads(scope, groupIds) : undefined,
    wantsStanding(query.self)
      ? loadStandings(
          scope,
          groupIds.map((groupId) => ({ user: query.user, groupId })),
        )
      : undefined,
  ]);
  return joined.flatMap(({ group, self }, at) => {
    if (group === undefined) return [];
    const head = heads?.get(group.groupId);
    const ofTopics = totals.get(group.groupId);
    const item = {
      ...renderGroup({ appId: scope.caller.appId, group, head }, query.group),
      ...total('GrossTopicNextMsgSeq', query.group, ofTopics?.nextMsgSeq),
    };
    if (self === undefined || query.self.isEmpty) return [item];
    const SelfInfo = {
      ...renderSelf({ member: self, standing: standings?.[at] }, query.self),
      ...total('GrossTopicReadSeq', query.self, ofTopics?.readSeq),
    };
    return [{ ...item, SelfInfo }];
  });
}

const NO_TOTALS: ReadonlyMap<string, TopicTotals> = new Map();

const total = (name: string, filter: FieldFilter, value: number | undefined) =>
  value !== undefined && filter.wants(name) ? { [name]: value } : {};
