import { ErrorCode } from '@parley/kernel';
import { succeeded } from '../../envelope.js';
import { requiredAccount } from '../../json/fields.js';
import { CALLS_PER_SECOND, defineCommand } from '../command.js';
import { PROFILE_FAMILY } from '../error-family.js';
import { type ItemInit, itemsOf } from './profile-fields.js';

interface PortraitChange {
  readonly userId: string;
  readonly items: ItemInit[];
}

/** Sets fields of a profile; those that are not named stay. */
export const portraitSet = defineCommand<PortraitChange, void>({
  path: 'profile/portrait_set',
  perSecondMax: CALLS_PER_SECOND,
  family: PROFILE_FAMILY,

  parse: (body) => ({
    userId: requiredAccount(body, 'From_Account', {
      invalid: ErrorCode.PROFILE_BAD_PARAMETER,
      notString: ErrorCode.PROFILE_BAD_PARAMETER,
    }),
    items: itemsOf(body, 'ProfileItem'),
  }),

  async call(change, { tools, context }) {
    await tools.profiles.updateProfile(change, context);
  },

  render: () => succeeded({ ErrorDisplay: '' }),
});
