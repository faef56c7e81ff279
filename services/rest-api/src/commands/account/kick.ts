import { succeeded } from '../../envelope.js';
import { CALLS_PER_SECOND, defineCommand } from '../command.js';
import { ACCOUNT_FAMILY } from '../error-family.js';
import { userIdOf } from './account-fields.js';

/** Drops a user's sessions and refuses the UserSigs issued before now. */
export const kick = defineCommand<string, unknown>({
  path: 'im_open_login_svc/kick',
  perSecondMax: CALLS_PER_SECOND,
  family: ACCOUNT_FAMILY,
  parse: userIdOf,
  call: (userId, { tools, context }) => tools.auth.kick({ userId }, context),
  render: () => succeeded(),
});
