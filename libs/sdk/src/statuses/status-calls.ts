// Who is online: asked for, subscribed to, and told. Nothing of it is kept on the device.
import { contextv1, type presencev1 } from '@parley/proto';
import type { Caller } from '../calls/caller.js';
import { PRESENCE_METHOD } from '../calls/presence-method.js';
import { EVENT } from '../constants/event.js';
import { STATUSES_KNOWN_MAX, STATUSES_NAMED_MAX, STATUSES_SUBSCRIBED_MAX } from '../constants/limits.js';
import type { EventHub } from '../events/event-hub.js';
import { ChatFailure, FailureCode } from '../events/failure.js';
import { check, requireUserIDs } from '../groups/checks.js';
import type { PlatformName } from '../model/chat-sdk.js';
import type { StatusFailure, UserStatus, UserStatusData } from '../model/status-sdk.js';

export interface StatusCallsOptions {
  readonly caller: Caller;
  readonly hub: EventHub;
}

const { Platform } = contextv1;

const DEVICES: ReadonlyMap<contextv1.Platform, PlatformName> = new Map([
  [Platform.WEB, 'web'],
  [Platform.ANDROID, 'android'],
  [Platform.IPHONE, 'iphone'],
  [Platform.IPAD, 'ipad'],
  [Platform.WINDOWS, 'windows'],
  [Platform.MAC, 'mac'],
  [Platform.LINUX, 'linux'],
]);

export class StatusCalls {
  /** The change of a user's status that the app was told last; the first is the oldest. */
  private readonly toldSeqs = new Map<string, bigint>();

  constructor(private readonly options: StatusCallsOptions) {}

  async set(options: { customStatus: string }): Promise<UserStatus> {
    const customStatus: unknown = options?.customStatus;
    check(typeof customStatus === 'string', 'customStatus is a text');
    const { status } = await this.options.caller.call(PRESENCE_METHOD.setSelfStatus, { customStatus });
    if (status === undefined) throw new ChatFailure(FailureCode.ANSWER_MALFORMED, 'no status in the answer');
    return toStatus(status);
  }

  async ofUsers(options: { userIDList: string[] }): Promise<UserStatusData> {
    const userIds = requireSome(options?.userIDList, STATUSES_NAMED_MAX);
    const { results } = await this.options.caller.call(PRESENCE_METHOD.getUserStatuses, { userIds });
    const successUserList = results.flatMap(({ code, status }) =>
      code === 0 && status !== undefined ? [toStatus(status)] : [],
    );
    return { successUserList, failureUserList: toFailures(results) };
  }

  async subscribe(options: { userIDList: string[] }): Promise<{ failureUserList: StatusFailure[] }> {
    const userIds = requireSome(options?.userIDList, STATUSES_SUBSCRIBED_MAX);
    const { failed } = await this.options.caller.call(PRESENCE_METHOD.subscribeStatuses, { userIds });
    return { failureUserList: toFailures(failed) };
  }

  async unsubscribe(
    options: { userIDList: string[] | undefined } | undefined,
  ): Promise<{ failureUserList: StatusFailure[] }> {
    const userIds = requireUserIDs(options?.userIDList ?? [], STATUSES_SUBSCRIBED_MAX);
    await this.options.caller.call(PRESENCE_METHOD.unsubscribeStatuses, { userIds: [...new Set(userIds)] });
    return { failureUserList: [] };
  }

  /** Each change once, and none that is older than what was told. */
  onEvent({ statuses }: presencev1.PresenceEvent): void {
    const news = statuses.filter((status) => this.isNews(status));
    if (news.length > 0) this.options.hub.emit(EVENT.USER_STATUS_UPDATED, news.map(toStatus));
  }

  private isNews({ userId, changeSeq }: presencev1.UserStatus): boolean {
    if (changeSeq <= (this.toldSeqs.get(userId) ?? -1n)) return false;
    this.toldSeqs.delete(userId);
    this.toldSeqs.set(userId, changeSeq);
    if (this.toldSeqs.size > STATUSES_KNOWN_MAX) {
      const [oldest] = this.toldSeqs.keys();
      if (oldest !== undefined) this.toldSeqs.delete(oldest);
    }
    return true;
  }
}

function requireSome(userIDList: unknown, max: number): string[] {
  const userIDs = requireUserIDs(userIDList, max);
  check(userIDs.length > 0, 'userIDList is empty');
  return [...new Set(userIDs)];
}

const toStatus = ({ userId, type, customStatus, onlinePlatforms }: presencev1.UserStatus): UserStatus => ({
  userID: userId,
  statusType: type,
  customStatus,
  onlineDevices: onlinePlatforms.flatMap((platform) => DEVICES.get(platform) ?? []),
});

const toFailures = (results: readonly presencev1.StatusResult[]): StatusFailure[] =>
  results.flatMap(({ status, code, info }) =>
    code === 0 ? [] : [{ userID: status?.userId ?? '', code, message: info }],
  );
