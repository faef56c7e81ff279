import { ErrorCode } from '@parley/kernel';
import type { authv1 } from '@parley/proto';
import { succeeded } from '../../envelope.js';
import { defineCommand, HEAVY_CALLS_PER_SECOND } from '../command.js';
import { ACCOUNT_FAMILY } from '../error-family.js';
import { ACCOUNT_NOT_EXIST_INFO, userIdsOfItems, wellFormedOnce } from './account-fields.js';

type Results = readonly authv1.AccountResult[];

/** Deletes up to 100 accounts for ever; each has its own result. */
export const accountDelete = defineCommand<readonly string[], Results>({
  path: 'im_open_login_svc/account_delete',
  perSecondMax: HEAVY_CALLS_PER_SECOND,
  family: ACCOUNT_FAMILY,

  parse: (body) => userIdsOfItems(body, 'DeleteItem'),

  async call(userIds, { tools, context }) {
    const deletable = wellFormedOnce(userIds);
    if (deletable.length === 0) return [];
    return (await tools.auth.deleteAccounts({ userIds: deletable }, context)).results;
  },

  render: (results, userIds) => {
    const byUser = new Map(results.map((result) => [result.userId, result]));
    return succeeded({ ResultItem: userIds.map((userId) => resultItem(userId, byUser.get(userId))) });
  },
});

/** A user without a result cannot have had an account: its id is malformed. */
function resultItem(userId: string, result: authv1.AccountResult | undefined) {
  const code = result?.code ?? ErrorCode.ACCOUNT_NOT_FOUND;
  const info = code === ErrorCode.ACCOUNT_NOT_FOUND ? ACCOUNT_NOT_EXIST_INFO : (result?.info ?? '');
  return { ResultCode: code, ResultInfo: info, UserID: userId };
}
