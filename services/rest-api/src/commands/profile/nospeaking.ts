// Accounts that may not speak, for one-to-one or for group messages. Source: rest-accounts-messages.md 12.
import { ErrorCode } from '@parley/kernel';
import type { profilev1 } from '@parley/proto';
import { succeeded } from '../../envelope.js';
import { fieldOf, optionalInteger, requiredAccount } from '../../json/fields.js';
import type { JsonObject } from '../../json/json-body.js';
import { CALLS_PER_SECOND, defineCommand } from '../command.js';
import { MUTE_FAMILY } from '../error-family.js';

interface MuteChange {
  readonly userId: string;
  readonly c2cSeconds?: number;
  readonly groupSeconds?: number;
}

export const setNoSpeaking = defineCommand<MuteChange, void>({
  path: 'openconfigsvr/setnospeaking',
  perSecondMax: CALLS_PER_SECOND,
  family: MUTE_FAMILY,

  parse(body) {
    const userId = accountOf(body, 'Set_Account', {
      missing: ErrorCode.MUTE_SET_ACCOUNT_MISSING,
      invalid: ErrorCode.MUTE_SET_ACCOUNT_INVALID,
    });
    const code = ErrorCode.MUTE_TIME_MISSING;
    const c2cSeconds = optionalInteger(body, 'C2CmsgNospeakingTime', { code });
    const groupSeconds = optionalInteger(body, 'GroupmsgNospeakingTime', { code });
    return {
      userId,
      ...(c2cSeconds === undefined ? {} : { c2cSeconds }),
      ...(groupSeconds === undefined ? {} : { groupSeconds }),
    };
  },

  async call(change, { tools, context }) {
    await tools.profiles.setSpeakMutes(change, context);
  },

  render: () => succeeded(),
});

export const getNoSpeaking = defineCommand<{ readonly userId: string }, profilev1.GetSpeakMutesResponse>({
  path: 'openconfigsvr/getnospeaking',
  perSecondMax: CALLS_PER_SECOND,
  family: MUTE_FAMILY,

  parse: (body) => ({
    userId: accountOf(body, 'Get_Account', {
      missing: ErrorCode.MUTE_GET_ACCOUNT_MISSING,
      invalid: ErrorCode.MUTE_GET_ACCOUNT_INVALID,
    }),
  }),

  call: (request, { tools, context }) => tools.profiles.getSpeakMutes(request, context),

  render: ({ c2cSeconds, groupSeconds }) =>
    succeeded({ C2CmsgNospeakingTime: c2cSeconds, GroupmsgNospeakingTime: groupSeconds }),
});

function accountOf(
  body: JsonObject,
  name: string,
  codes: { missing: ErrorCode; invalid: ErrorCode },
): string {
  const isMissing = fieldOf(body, name) === undefined;
  const invalid = isMissing ? codes.missing : codes.invalid;
  return requiredAccount(body, name, { invalid, notString: codes.invalid });
}
