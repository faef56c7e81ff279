import { ErrorCode, isUserId, TARGETS_PER_BATCH_MAX } from '@parley/kernel';
import { authv1, contextv1 } from '@parley/proto';
import { type Envelope, failed, succeeded } from '../../envelope.js';
import { eachText, optionalSwitch, requiredList } from '../../json/fields.js';
import type { JsonObject } from '../../json/json-body.js';
import { ACCOUNT_NOT_EXIST_INFO, wellFormedOnce } from '../account/account-fields.js';
import { CALLS_PER_SECOND, type Command, defineCommand } from '../command.js';
import { OPENIM_FAMILY } from '../error-family.js';

interface StatusQuery {
  readonly userIds: readonly string[];
  readonly needsDetail: boolean;
}

type Statuses = readonly authv1.UserOnlineStatus[];

const { OnlineStatus } = authv1;
const { Platform } = contextv1;

const STATUS_NAMES: Readonly<Record<authv1.OnlineStatus, string>> = {
  [OnlineStatus.UNSPECIFIED]: 'Offline',
  [OnlineStatus.ONLINE]: 'Online',
  [OnlineStatus.PUSH_ONLINE]: 'PushOnline',
  [OnlineStatus.OFFLINE]: 'Offline',
};

const PLATFORM_NAMES: Readonly<Record<contextv1.Platform, string>> = {
  [Platform.UNSPECIFIED]: 'Web',
  [Platform.WEB]: 'Web',
  [Platform.ANDROID]: 'Android',
  [Platform.IPHONE]: 'iPhone',
  [Platform.IPAD]: 'iPad',
  [Platform.WINDOWS]: 'PC',
  [Platform.LINUX]: 'PC',
  [Platform.MAC]: 'Mac',
};

/** Whether users are connected, reachable by push only, or gone. */
export const queryOnlineStatus = statusCommand('openim/query_online_status', { listsErrors: true });
/** The old path of the same command, whose answer knows no ErrorList. */
export const querystate = statusCommand('openim/querystate', { listsErrors: false });

function statusCommand(path: string, form: { listsErrors: boolean }): Command {
  return defineCommand<StatusQuery, Statuses>({
    path,
    perSecondMax: CALLS_PER_SECOND,
    family: OPENIM_FAMILY,
    parse: (body) => ({
      userIds: userIdsOf(body),
      needsDetail: optionalSwitch(body, 'IsNeedDetail', ErrorCode.OPENIM_BAD_JSON),
    }),
    async call({ userIds }, { tools, context }) {
      const known = wellFormedOnce(userIds);
      if (known.length === 0) return [];
      return (await tools.auth.queryOnlineStatus({ userIds: known }, context)).users;
    },
    render: (statuses, query) => renderStatuses(statuses, query, form.listsErrors),
  });
}

/** @throws ChatError 90001 for an empty list, 90003 for a malformed and 90011 for a long one. */
function userIdsOf(body: JsonObject): string[] {
  const items = requiredList(body, 'To_Account', {
    codes: {
      notArray: ErrorCode.TO_ACCOUNT_INVALID,
      tooFew: ErrorCode.OPENIM_BAD_JSON,
      tooMany: ErrorCode.TOO_MANY_TARGETS,
    },
    bounds: { min: 1, max: TARGETS_PER_BATCH_MAX },
  });
  return [...new Set(eachText(items, 'To_Account', ErrorCode.TO_ACCOUNT_INVALID))];
}

function renderStatuses(
  statuses: Statuses,
  { userIds, needsDetail }: StatusQuery,
  listsErrors: boolean,
): Envelope {
  const results = statuses.filter(({ code }) => code === 0).map((user) => resultOf(user, needsDetail));
  const malformed = userIds.filter((userId) => !isUserId(userId));
  const errors = [
    ...statuses
      .filter(({ code }) => code !== 0)
      .map(({ userId, code }) => ({ To_Account: userId, ErrorCode: code })),
    ...malformed.map((userId) => ({ To_Account: userId, ErrorCode: ErrorCode.ACCOUNT_NOT_FOUND })),
  ];
  const fields = { QueryResult: results, ...(listsErrors && errors.length > 0 ? { ErrorList: errors } : {}) };
  const [firstError] = errors;
  if (results.length > 0 || firstError === undefined) return succeeded(fields);
  return failed(firstError.ErrorCode, ACCOUNT_NOT_EXIST_INFO, fields);
}

/** `Status` and `State` are the new and the old name of one thing; callers of either find it. */
function resultOf(user: authv1.UserOnlineStatus, needsDetail: boolean) {
  const status = STATUS_NAMES[user.status];
  const isDetailed = needsDetail && status !== 'Offline';
  return {
    To_Account: user.userId,
    Status: status,
    State: status,
    ...(isDetailed ? { Detail: user.devices.filter(isReachable).map(detailOf) } : {}),
  };
}

const isReachable = ({ status }: authv1.DeviceStatus): boolean => STATUS_NAMES[status] !== 'Offline';

const detailOf = ({ platform, status }: authv1.DeviceStatus) => ({
  Platform: PLATFORM_NAMES[platform],
  Status: STATUS_NAMES[status],
});
