// Which logins have ended for good although their tickets have not run out.
import type { Session } from '@parley/delivery';
import type { AppId, UserId } from '@parley/kernel';
import type { TableStore } from '@parley/table-store';
import { endedLogins } from '../tables.js';

/** Numbers of the column `ended_by`; they are stored. */
export const EndedBy = { LOGOUT: 1, SAME_PLATFORM: 2, OTHER_DEVICE: 3 } as const;
export type EndedBy = (typeof EndedBy)[keyof typeof EndedBy];

export class EndedLoginStore {
  constructor(private readonly tables: TableStore) {}

  /** This login of the instance, and what came before it. */
  async add(appId: AppId, userId: UserId, session: Session, endedBy: EndedBy): Promise<void> {
    await this.tables.put(endedLogins, {
      app_id: appId,
      user_id: userId,
      instance_id: session.instanceId,
      since_ms: BigInt(session.sinceMs),
      ended_by: endedBy,
    });
  }

  /** What ended the instance's login of that time; undefined: nothing. */
  async endOf(appId: AppId, userId: UserId, login: Login): Promise<EndedBy | undefined> {
    const { instanceId, sinceMs } = login;
    const key = { app_id: appId, user_id: userId, instance_id: instanceId };
    const row = await this.tables.get(endedLogins, key);
    return row !== undefined && Number(row.since_ms) >= sinceMs ? (row.ended_by as EndedBy) : undefined;
  }
}

type Login = Pick<Session, 'instanceId' | 'sinceMs'>;
