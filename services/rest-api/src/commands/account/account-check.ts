import { succeeded } from '../../envelope.js';
import { defineCommand, HEAVY_CALLS_PER_SECOND } from '../command.js';
import { ACCOUNT_FAMILY } from '../error-family.js';
import { userIdsOfItems, wellFormedOnce } from './account-fields.js';

/** Says of up to 100 users which have an account; a malformed id has none. */
export const accountCheck = defineCommand<readonly string[], ReadonlySet<string>>({
  path: 'im_open_login_svc/account_check',
  perSecondMax: HEAVY_CALLS_PER_SECOND,
  family: ACCOUNT_FAMILY,

  parse: (body) => userIdsOfItems(body, 'CheckItem'),

  async call(userIds, { tools, context }) {
    const checkable = wellFormedOnce(userIds);
    if (checkable.length === 0) return new Set();
    const { accounts } = await tools.auth.checkAccounts({ userIds: checkable }, context);
    return new Set(accounts.filter(({ isImported }) => isImported).map(({ userId }) => userId));
  },

  render: (imported, userIds) =>
    succeeded({
      ResultItem: userIds.map((userId) => ({
        UserID: userId,
        ResultCode: 0,
        ResultInfo: '',
        AccountStatus: imported.has(userId) ? 'Imported' : 'NotImported',
      })),
    }),
});
