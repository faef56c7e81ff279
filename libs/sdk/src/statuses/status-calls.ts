// Who is online: asked for, subscribed to, and told. What the app knows of those whom it watches is compared with the service's
// word after every reconnect and now and then, for an event may be missed.
import { contextv1, type presencev1 } from '@parley/proto';
import type { Caller } from '../calls/caller.js';
import { PRESENCE_METHOD } from '../calls/presence-method.js';
import { EVENT } from '../constants/event.js';
import {
  HEAD_CHECK_INTERVAL_MS,
  STATUSES_KNOWN_MAX,
  STATUSES_NAMED_MAX,
  STATUSES_SUBSCRIBED_MAX,
  STATUSES_WATCHED_MAX,
} from '../constants/limits.js';
import type { EventHub } from '../events/event-hub.js';
import { ChatFailure, FailureCode } from '../events/failure.js';
import type { Logger } from '../events/logger.js';
import { ToldOnce } from '../events/told-once.js';
import { check, requireUserIDs } from '../groups/checks.js';
import type { PlatformName } from '../model/chat-sdk.js';
import type { StatusFailure, UserStatus, UserStatusData } from '../model/status-sdk.js';
import type { CancelTimer, SharedTimer } from '../time/shared-timer.js';

export interface StatusCallsOptions {
  readonly caller: Caller;
  readonly hub: EventHub;
  readonly self: string;
  readonly timer: SharedTimer;
  readonly logger: Logger;
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
  private readonly told = new ToldOnce(STATUSES_KNOWN_MAX);
  /** What the app knows of whom it subscribed to; undefined: nothing yet. The first is the oldest. */
  private readonly watched = new Map<string, string | undefined>();
  /** Of whom something was told while the service was asked: its answer may be older. */
  private overtaken = new Set<string>();
  private comparing: Promise<void> | undefined;
  private isOver = false;
  private cancelCheck: CancelTimer = () => undefined;

  constructor(private readonly options: StatusCallsOptions) {}

  async set(options: { customStatus: string }): Promise<UserStatus> {
    const customStatus: unknown = options?.customStatus;
    check(typeof customStatus === 'string', 'customStatus is a text');
    const { status } = await this.options.caller.call(PRESENCE_METHOD.setSelfStatus, { customStatus });
    if (status === undefined) throw new ChatFailure(FailureCode.ANSWER_MALFORMED, 'no status in the answer');
    const own = toStatus(status);
    this.watched.set(this.options.self, JSON.stringify(own));
    this.planCheck();
    return own;
  }

  async ofUsers(options: { userIDList: string[] }): Promise<UserStatusData> {
    const userIds = requireSome(options?.userIDList, STATUSES_NAMED_MAX);
    const { results } = await this.options.caller.call(PRESENCE_METHOD.getUserStatuses, { userIds });
    const successUserList = results.flatMap(({ code, status }) =>
      code === 0 && status !== undefined ? [toStatus(status)] : [],
    );
    for (const status of successUserList) this.know(status);
    return { successUserList, failureUserList: toFailures(results) };
  }

  async subscribe(options: { userIDList: string[] }): Promise<{ failureUserList: StatusFailure[] }> {
    const userIds = requireSome(options?.userIDList, STATUSES_SUBSCRIBED_MAX);
    const { failed } = await this.options.caller.call(PRESENCE_METHOD.subscribeStatuses, { userIds });
    const refused = new Set(failed.map(({ status }) => status?.userId));
    for (const userID of userIds) if (!refused.has(userID)) this.watch(userID);
    this.planCheck();
    return { failureUserList: toFailures(failed) };
  }

  async unsubscribe(
    options: { userIDList: string[] | undefined } | undefined,
  ): Promise<{ failureUserList: StatusFailure[] }> {
    const userIds = requireUserIDs(options?.userIDList ?? [], STATUSES_SUBSCRIBED_MAX);
    await this.options.caller.call(PRESENCE_METHOD.unsubscribeStatuses, { userIds: [...new Set(userIds)] });
    if (userIds.length === 0) this.watched.clear();
    for (const userID of userIds) this.watched.delete(userID);
    return { failureUserList: [] };
  }

  /** Each change once, and none that is older than what was told. */
  onEvent({ statuses }: presencev1.PresenceEvent): void {
    const news = statuses
      .filter(({ userId, changeSeq }) => this.told.isNews(userId, changeSeq))
      .map(toStatus)
      // A comparison may have said it already.
      .filter((status) => !this.watched.has(status.userID) || this.isDifferent(status));
    for (const status of news) {
      this.know(status);
      this.overtaken.add(status.userID);
    }
    if (news.length > 0) this.options.hub.emit(EVENT.USER_STATUS_UPDATED, news);
  }

  /** Events may have been missed. */
  reconnect(): void {
    if (this.watched.size === 0 || this.isOver) return;
    this.comparing ??= this.compare().finally(() => {
      this.comparing = undefined;
      this.planCheck();
    });
  }

  stop(): void {
    this.isOver = true;
    this.cancelCheck();
  }

  private planCheck(): void {
    this.cancelCheck();
    if (this.watched.size === 0 || this.isOver) return;
    this.cancelCheck = this.options.timer.after(HEAD_CHECK_INTERVAL_MS, () => this.reconnect());
  }

  /** Tells the app what differs from what it knows. Never rejects. */
  private async compare(): Promise<void> {
    const { caller, hub, logger } = this.options;
    this.overtaken = new Set();
    try {
      const { results } = await caller.call(PRESENCE_METHOD.getUserStatuses, {
        userIds: [...this.watched.keys()],
      });
      const news = results
        .flatMap(({ code, status }) => (code === 0 && status !== undefined ? [toStatus(status)] : []))
        .filter((status) => !this.overtaken.has(status.userID) && this.isDifferent(status));
      for (const status of news) this.know(status);
      if (news.length > 0) hub.emit(EVENT.USER_STATUS_UPDATED, news);
    } catch (thrown) {
      if (!(thrown instanceof ChatFailure)) throw thrown;
      logger.info('statuses could not be compared', { code: thrown.code });
    }
  }

  private watch(userID: string): void {
    const known = this.watched.get(userID);
    this.watched.delete(userID);
    this.watched.set(userID, known);
    const [oldest] = this.watched.keys();
    if (this.watched.size > STATUSES_WATCHED_MAX && oldest !== undefined) this.watched.delete(oldest);
  }

  private isDifferent(status: UserStatus): boolean {
    return this.watched.has(status.userID) && this.watched.get(status.userID) !== JSON.stringify(status);
  }

  private know(status: UserStatus): void {
    if (this.watched.has(status.userID)) this.watched.set(status.userID, JSON.stringify(status));
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
