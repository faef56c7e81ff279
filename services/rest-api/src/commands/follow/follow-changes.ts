// Follow and unfollow for a user.
import type { followv1 } from '@parley/proto';
import { succeeded } from '../../envelope.js';
import { eachObject, requiredText } from '../../json/fields.js';
import { CALLS_PER_SECOND, defineCommand } from '../command.js';
import { SNS_FAMILY } from '../error-family.js';
import { BAD, fromAccount, listOf } from '../relation/relation-fields.js';
import { resultItem, toAccounts } from './follow-fields.js';

const TARGETS_MAX = 20;

interface Change {
  readonly userId: string;
  readonly peers: string[];
}

type Results = readonly followv1.FollowResult[];

const render = (results: Results) =>
  succeeded({ ResultItem: results.map((result) => resultItem(result)), ErrorDisplay: '' });

export const followAdd = defineCommand<Change, Results>({
  path: 'follow/follow_add',
  perSecondMax: CALLS_PER_SECOND,
  family: SNS_FAMILY,
  parse: (body) => ({
    userId: fromAccount(body),
    peers: eachObject(listOf(body, 'FollowItem', TARGETS_MAX), 'FollowItem', BAD).map((item) =>
      requiredText(item, 'To_Account', BAD),
    ),
  }),
  call: async (change, { tools, context }) => (await tools.follows.follow(change, context)).results,
  render,
});

export const followDelete = defineCommand<Change, Results>({
  path: 'follow/follow_delete',
  perSecondMax: CALLS_PER_SECOND,
  family: SNS_FAMILY,
  parse: (body) => ({ userId: fromAccount(body), peers: toAccounts(body, TARGETS_MAX) }),
  call: async (change, { tools, context }) => (await tools.follows.unfollow(change, context)).results,
  render,
});
