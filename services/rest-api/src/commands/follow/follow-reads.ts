// How users stand to each other, lists and counts.
import { followv1 } from '@parley/proto';
import { succeeded } from '../../envelope.js';
import { optionalInteger, optionalText, requiredInteger } from '../../json/fields.js';
import { CALLS_PER_SECOND, defineCommand } from '../command.js';
import { SNS_FAMILY } from '../error-family.js';
import { toJson } from '../profile/profile-fields.js';
import { BAD, fromAccount } from '../relation/relation-fields.js';
import { resultItem, toAccounts } from './follow-fields.js';

const CHECKED_MAX = 100;
const INFOS_MAX = 20;
const PAGE_DEFAULT = 100;
const PAGE_MAX = 1_000;
const MS_PER_S = 1_000n;

const shared = { perSecondMax: CALLS_PER_SECOND, family: SNS_FAMILY };

interface Query {
  readonly userId: string;
  readonly peers: string[];
}

export const followCheck = defineCommand<Query, readonly followv1.FollowCheck[]>({
  path: 'follow/follow_check',
  ...shared,
  parse: (body) => ({ userId: fromAccount(body), peers: toAccounts(body, CHECKED_MAX) }),
  call: async (query, { tools, context }) => (await tools.follows.checkFollows(query, context)).checks,
  render: (checks) =>
    succeeded({
      // 1: To follows From; 2: From follows To; 3: both.
      ResultItem: checks.map((check) =>
        resultItem(check, { FollowType: Number(check.isFollower) + 2 * Number(check.isFollowed) }),
      ),
      ErrorDisplay: '',
    }),
});

interface ListQuery {
  readonly userId: string;
  readonly list: followv1.FollowList;
  readonly cursor: string;
  readonly limit: number;
}

export const followGet = defineCommand<ListQuery, followv1.ListFollowsResponse>({
  path: 'follow/follow_get',
  ...shared,
  parse: (body) => ({
    userId: fromAccount(body),
    // The numbers are the contract's.
    list: requiredInteger(body, 'FollowType', { code: BAD, min: 1, max: followv1.FollowList.MUTUAL }),
    cursor: optionalText(body, 'StartCursor', BAD) ?? '',
    limit: optionalInteger(body, 'WantNum', { code: BAD, min: 1, max: PAGE_MAX }) ?? PAGE_DEFAULT,
  }),
  call: (query, { tools, context }) => tools.follows.listFollows(query, context),
  render: ({ items, cursor }) =>
    succeeded({
      FollowItem: items.map(({ userId, timeMs, profileItems }) => ({
        To_Account: userId,
        FollowTime: Number(timeMs / MS_PER_S),
        ProfileItem: profileItems.map(toJson),
      })),
      NextCursor: cursor,
      ErrorDisplay: '',
    }),
});

interface InfoQuery {
  readonly userIds: string[];
}

export const followGetInfo = defineCommand<InfoQuery, readonly followv1.FollowInfo[]>({
  path: 'follow/follow_get_info',
  ...shared,
  parse(body) {
    fromAccount(body);
    return { userIds: toAccounts(body, INFOS_MAX) };
  },
  call: async (query, { tools, context }) => (await tools.follows.getFollowInfo(query, context)).infos,
  render: (infos) =>
    succeeded({
      FollowInfo: infos.map((info) =>
        resultItem(info, {
          FollowerCount: info.followers,
          FollowingCount: info.following,
          MutualFollowingCount: info.mutual,
        }),
      ),
      ErrorDisplay: '',
    }),
});
