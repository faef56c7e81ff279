// Who is online, and with what?
import type { SessionRegistry } from '@parley/delivery';
import { type AppId, ErrorCode, type UserId } from '@parley/kernel';
import { authv1 } from '@parley/proto';
import type { Platform } from '@parley/rpc';
import type { CheckAccounts } from './check-accounts.js';

const { OnlineStatus } = authv1;

export interface UserStatus {
  readonly userId: string;
  readonly status: authv1.OnlineStatus;
  readonly devices: readonly { platform: Platform; status: authv1.OnlineStatus }[];
  readonly code: number;
}

export class QueryOnlineStatus {
  constructor(
    private readonly checkAccounts: CheckAccounts,
    private readonly sessions: SessionRegistry,
  ) {}

  /** In the order asked; an unknown account has code 70107. */
  async run(appId: AppId, userIds: readonly string[]): Promise<UserStatus[]> {
    const states = await this.checkAccounts.run(appId, userIds);
    const known = states.filter((state) => state.isImported).map((state) => state.userId as UserId);
    const sessions = await this.sessions.sessionsOfMany(appId, known);
    const platformsOf = new Map(
      known.map((userId, index) => [
        userId as string,
        new Set((sessions[index] ?? []).map((s) => s.platform)),
      ]),
    );
    return states.map(({ userId, isImported }) => {
      if (!isImported) {
        return { userId, status: OnlineStatus.UNSPECIFIED, devices: [], code: ErrorCode.ACCOUNT_NOT_FOUND };
      }
      const devices = [...(platformsOf.get(userId) ?? [])].map((platform) => ({
        platform,
        status: OnlineStatus.ONLINE,
      }));
      const status = devices.length > 0 ? OnlineStatus.ONLINE : OnlineStatus.OFFLINE;
      return { userId, status, devices, code: 0 };
    });
  }
}
