import { ErrorCode } from '@parley/kernel';
import type { groupv1 } from '@parley/proto';
import { succeeded } from '../../envelope.js';
import { optionalInteger, requiredInteger } from '../../json/fields.js';
import { defineGroupCommand } from './group-command.js';
import { groupIdOf } from './group-fields.js';
import { BANS_PER_PAGE_MAX } from './group-limits.js';

interface BansQuery {
  readonly groupId: string;
  readonly offset: number;
  readonly limit: number;
}

interface BansPage {
  readonly users: readonly groupv1.TimedUser[];
  readonly hasMore: boolean;
}

const BAD = ErrorCode.GROUP_BAD_PARAMETER;

/** Who is banned from a group, and until when. */
export const getGroupBanMember = defineGroupCommand<BansQuery, BansPage>({
  path: 'group_open_http_svc/get_group_ban_member',

  parse: (body) => ({
    groupId: groupIdOf(body),
    offset: requiredInteger(body, 'Offset', { code: BAD }),
    limit: optionalInteger(body, 'Limit', { code: BAD, max: BANS_PER_PAGE_MAX }) || BANS_PER_PAGE_MAX,
  }),

  // The group service pages by cursor: what lies before the offset is read and dropped.
  async call({ groupId, offset, limit }, { tools, context }) {
    const users: groupv1.TimedUser[] = [];
    let cursor: string | undefined = '';
    while (cursor !== undefined && users.length <= offset + limit) {
      const page: groupv1.ListBannedResponse = await tools.groups.listBanned(
        { groupId, cursor, limit: BANS_PER_PAGE_MAX },
        context,
      );
      users.push(...page.users);
      cursor = page.nextCursor === '' ? undefined : page.nextCursor;
    }
    return {
      users: users.slice(offset, offset + limit),
      hasMore: cursor !== undefined || users.length > offset + limit,
    };
  },

  render: ({ users, hasMore }, { offset }) =>
    succeeded({
      BannedAccountList: users.map(({ userId, untilS }) => ({ Member_Account: userId, BannedUntil: untilS })),
      NextOffset: hasMore ? offset + users.length : 0,
    }),
});
