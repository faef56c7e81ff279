import { ChatError, ErrorCode, isUserId, mapBounded } from '@parley/kernel';
import { succeeded } from '../../envelope.js';
import { eachObject, eachText, fieldOf } from '../../json/fields.js';
import type { JsonObject } from '../../json/json-body.js';
import { defineCommand, HEAVY_CALLS_PER_SECOND } from '../command.js';
import { ACCOUNT_FAMILY } from '../error-family.js';
import {
  batchOf,
  hasLongProfileValue,
  type ImportedAccount,
  importedAccountOf,
  profileChangeOf,
} from './account-fields.js';

const CHANGES_AT_ONCE = 16;

/** Imports up to 100 accounts, in one of two forms; those that fail are named, the others are imported. */
export const multiaccountImport = defineCommand<readonly ImportedAccount[], readonly string[]>({
  path: 'im_open_login_svc/multiaccount_import',
  perSecondMax: HEAVY_CALLS_PER_SECOND,
  family: ACCOUNT_FAMILY,

  parse(body) {
    const hasIds = fieldOf(body, 'Accounts') !== undefined;
    const hasObjects = fieldOf(body, 'AccountList') !== undefined;
    if (hasIds === hasObjects) {
      throw new ChatError(
        ErrorCode.ACCOUNT_BAD_PARAMETER,
        'exactly one of Accounts and AccountList is required',
      );
    }
    return hasIds ? accountsOf(body) : accountListOf(body);
  },

  async call(accounts, { tools, context }) {
    const importable = [
      ...new Map(accounts.filter(isImportable).map((each) => [each.userId, each])).values(),
    ];
    if (importable.length === 0) return accounts.map(({ userId }) => userId);
    const wanted = importable.map(({ userId }) => ({ userId }));
    const { failed } = await tools.auth.importAccounts({ accounts: wanted }, context);
    const refused = new Set(failed.map(({ userId }) => userId));
    const changes = importable.filter(({ userId }) => !refused.has(userId)).map(profileChangeOf);
    await mapBounded(changes, CHANGES_AT_ONCE, async (change) => {
      if (change !== undefined) await tools.profiles.updateProfile(change, context);
    });
    return accounts
      .filter((each) => !isImportable(each) || refused.has(each.userId))
      .map(({ userId }) => userId);
  },

  render: (failedIds) => succeeded(failedIds.length === 0 ? {} : { FailAccounts: [...new Set(failedIds)] }),
});

const isImportable = (account: ImportedAccount): boolean =>
  isUserId(account.userId) && !hasLongProfileValue(account);

function accountsOf(body: JsonObject): ImportedAccount[] {
  const items = batchOf(body, 'Accounts', ErrorCode.ACCOUNT_BATCH_SIZE);
  return eachText(items, 'Accounts', ErrorCode.ACCOUNT_NOT_STRING).map((userId) => ({ userId }));
}

function accountListOf(body: JsonObject): ImportedAccount[] {
  const items = batchOf(body, 'AccountList', ErrorCode.ACCOUNT_BATCH_SIZE);
  return eachObject(items, 'AccountList', ErrorCode.ACCOUNT_BAD_PARAMETER).map(importedAccountOf);
}
