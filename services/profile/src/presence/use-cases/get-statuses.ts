// Who is online, with what, and what it says of itself.
import { create } from '@bufbuild/protobuf';
import type { Session, SessionRegistry } from '@parley/delivery';
import { type AppId, ChatError, ErrorCode, isUserId, type UserId } from '@parley/kernel';
import { presencev1 } from '@parley/proto';
import type { Accounts, Platform } from '@parley/rpc';
import type { ToldState } from '../domain/told-state.js';
import type { PresenceStore } from '../stores/presence-store.js';

const { StatusType, UserStatusSchema, StatusResultSchema } = presencev1;

/** Source: client-features.md 4.3. */
const USERS_MAX = 500;

export interface GetStatusesDeps {
  readonly sessions: SessionRegistry;
  readonly store: PresenceStore;
  readonly accounts: Accounts;
}

export class GetStatuses {
  constructor(private readonly deps: GetStatusesDeps) {}

  /** @throws ChatError 70402 for nobody or too many. */
  async run(appId: AppId, userIds: readonly string[]): Promise<presencev1.StatusResult[]> {
    if (userIds.length === 0 || userIds.length > USERS_MAX) {
      throw new ChatError(ErrorCode.ACCOUNT_BAD_PARAMETER, `name 1 to ${USERS_MAX} users`);
    }
    const existing = await this.deps.accounts.existing(appId, userIds);
    const known = [...new Set(userIds)].filter((id): id is UserId => isUserId(id) && existing.has(id));
    const statuses = await this.ofExisting(appId, known);
    const byId = new Map(statuses.map((status) => [status.userId, status]));
    return userIds.map((userId) => {
      const status = byId.get(userId);
      return status === undefined ? notFound(userId) : create(StatusResultSchema, { status });
    });
  }

  /** In the order asked, of users that exist. */
  async ofExisting(appId: AppId, userIds: readonly UserId[]): Promise<presencev1.UserStatus[]> {
    const sessions = await this.deps.sessions.sessionsOfMany(appId, userIds);
    return Promise.all(userIds.map((userId, at) => this.statusOf(appId, userId, platformsOf(sessions[at]))));
  }

  private async statusOf(
    appId: AppId,
    userId: UserId,
    platforms: readonly Platform[],
  ): Promise<presencev1.UserStatus> {
    const { store } = this.deps;
    const isOnline = platforms.length > 0;
    const [told, custom] = await Promise.all([
      store.told(appId, userId),
      isOnline ? store.custom(appId, userId) : undefined,
    ]);
    return create(UserStatusSchema, {
      userId,
      type: isOnline ? StatusType.ONLINE : typeOfAbsent(told.value),
      customStatus: custom?.value?.text ?? '',
      onlinePlatforms: [...platforms],
      changeSeq: BigInt(told.value?.seq ?? 0),
    });
  }
}

/** Rising, each once. */
export const platformsOf = (sessions: readonly Session[] | undefined): Platform[] =>
  [...new Set(sessions?.map(({ platform }) => platform))].sort((a, b) => a - b);

/** Nothing is known of whoever never came, or left long ago. */
export function typeOfAbsent(told: ToldState | undefined): presencev1.StatusType {
  const isLoggedOut = told === undefined || told.reason === 'logout';
  return isLoggedOut ? StatusType.UNLOGGED_IN : StatusType.OFFLINE;
}

const notFound = (userId: string): presencev1.StatusResult =>
  create(StatusResultSchema, {
    status: { userId, type: StatusType.UNSPECIFIED },
    code: ErrorCode.ACCOUNT_NOT_FOUND,
    info: 'the account does not exist',
  });
