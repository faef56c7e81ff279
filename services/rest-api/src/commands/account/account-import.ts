import { ChatError, ErrorCode } from '@parley/kernel';
import { succeeded } from '../../envelope.js';
import { CALLS_PER_SECOND, defineCommand } from '../command.js';
import { ACCOUNT_FAMILY } from '../error-family.js';
import {
  hasLongProfileValue,
  type ImportedAccount,
  PROFILE_VALUE_BYTES_MAX,
  profileChangeOf,
  profileOf,
  userIdOf,
} from './account-fields.js';

/** Imports one account, or changes the nickname and photo of an existing one. */
export const accountImport = defineCommand<ImportedAccount, void>({
  path: 'im_open_login_svc/account_import',
  perSecondMax: CALLS_PER_SECOND,
  family: ACCOUNT_FAMILY,

  parse(body) {
    const account = { userId: userIdOf(body), ...profileOf(body) };
    if (hasLongProfileValue(account)) {
      throw new ChatError(
        ErrorCode.PROFILE_VALUE_TOO_LONG,
        `Nick and FaceUrl take at most ${PROFILE_VALUE_BYTES_MAX} bytes`,
      );
    }
    return account;
  },

  async call(account, { tools, context }) {
    const { failed } = await tools.auth.importAccounts({ accounts: [{ userId: account.userId }] }, context);
    const [failure] = failed;
    if (failure !== undefined) throw new ChatError(failure.code, failure.info);
    const change = profileChangeOf(account);
    if (change !== undefined) await tools.profiles.updateProfile(change, context);
  },

  render: () => succeeded(),
});
