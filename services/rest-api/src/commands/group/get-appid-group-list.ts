import { ErrorCode } from '@parley/kernel';
import type { groupv1 } from '@parley/proto';
import { eitherName, optionalInteger } from '../../json/fields.js';
import { boundedAnswer, defineGroupCommand } from './group-command.js';
import { optionalGroupType } from './group-fields.js';
import { APP_GROUPS_PER_PAGE_MAX } from './group-limits.js';

interface AppGroupsQuery {
  readonly type: string;
  readonly next: bigint;
  readonly limit: number;
}

const BAD = ErrorCode.GROUP_BAD_PARAMETER;

/** The groups of the app, a page at a time. */
export const getAppidGroupList = defineGroupCommand<AppGroupsQuery, groupv1.ListAppGroupsResponse>({
  path: 'group_open_http_svc/get_appid_group_list',
  perSecondMax: 1,

  parse: (body) => ({
    type: optionalGroupType(body, eitherName(body, 'GroupType', 'Type')) ?? '',
    next: BigInt(optionalInteger(body, 'Next', { code: BAD, max: Number.MAX_SAFE_INTEGER }) ?? 0),
    limit:
      optionalInteger(body, 'Limit', { code: BAD, max: APP_GROUPS_PER_PAGE_MAX }) || APP_GROUPS_PER_PAGE_MAX,
  }),

  call: (query, { tools, context }) => tools.groups.listAppGroups(query, context),

  render: ({ totalCount, groupIds, next }) =>
    boundedAnswer({
      TotalCount: Number(totalCount),
      GroupIdList: groupIds.map((GroupId) => ({ GroupId })),
      Next: Number(next),
    }),
});
