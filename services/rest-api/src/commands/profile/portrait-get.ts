import { ACCOUNTS_PER_BATCH_MAX, ChatError, ErrorCode } from '@parley/kernel';
import type { profilev1 } from '@parley/proto';
import { succeeded } from '../../envelope.js';
import { eachText, fieldOf, requiredList } from '../../json/fields.js';
import type { JsonObject } from '../../json/json-body.js';
import { CALLS_PER_SECOND, defineCommand } from '../command.js';
import { PROFILE_FAMILY } from '../error-family.js';
import { toJson } from './profile-fields.js';

const BAD = ErrorCode.PROFILE_BAD_PARAMETER;
/** Ours: all standard fields and all that an app may declare, several times over. */
const TAGS_MAX = 100;

interface PortraitQuery {
  readonly userIds: string[];
  readonly tags: string[];
}

/** Fields of up to 100 profiles. A field that was never set is left out. */
export const portraitGet = defineCommand<PortraitQuery, profilev1.ProfileResult[]>({
  path: 'profile/portrait_get',
  perSecondMax: CALLS_PER_SECOND,
  family: PROFILE_FAMILY,

  parse: (body) => ({ userIds: accountsOf(body), tags: tagsOf(body) }),

  async call(query, { tools, context }) {
    return (await tools.profiles.getProfiles(query, context)).results;
  },

  render(results) {
    const failed = results.filter(({ code }) => code !== 0).map(({ profile }) => profile?.userId ?? '');
    return succeeded({
      UserProfileItem: results.map(({ profile, code, info }) => ({
        To_Account: profile?.userId ?? '',
        ...(code === 0 ? { ProfileItem: (profile?.items ?? []).map(toJson) } : {}),
        ResultCode: code,
        ResultInfo: info,
      })),
      ...(failed.length > 0 ? { Fail_Account: failed } : {}),
      ErrorDisplay: '',
    });
  },
});

function accountsOf(body: JsonObject): string[] {
  if (fieldOf(body, 'To_Account') === undefined) {
    throw new ChatError(ErrorCode.PROFILE_NO_ACCOUNT, 'To_Account is required');
  }
  const items = requiredList(body, 'To_Account', {
    codes: { notArray: BAD, tooFew: ErrorCode.PROFILE_NO_ACCOUNT, tooMany: BAD },
    bounds: { min: 1, max: ACCOUNTS_PER_BATCH_MAX },
  });
  return eachText(items, 'To_Account', BAD);
}

function tagsOf(body: JsonObject): string[] {
  const items = requiredList(body, 'TagList', {
    codes: { notArray: BAD, tooFew: BAD, tooMany: BAD },
    bounds: { min: 1, max: TAGS_MAX },
  });
  return eachText(items, 'TagList', BAD);
}
