// What auth tells the world: one helper a business event, for log, counter and notice together.
import type { Coordination } from '@parley/coordination';
import type { AppId, UserId } from '@parley/kernel';
import type { CallContext } from '@parley/rpc';
import { CallerRole } from '@parley/rpc';
import type { Counter, Logger, Metrics } from '@parley/telemetry';

/** Channel on which cached facts of an account or a whole app are declared stale: `<appId> <userId>` or `<appId>`. */
export const AUTH_CHANGED_CHANNEL = 'auth:changed';

export class AuthEvents {
  private readonly logins: Counter;
  private readonly refusals: Counter;

  constructor(
    private readonly log: Logger,
    metrics: Metrics,
    private readonly coordination: Coordination,
  ) {
    this.logins = metrics.counter('parley.auth.logins', 'Logins that succeeded');
    this.refusals = metrics.counter('parley.auth.refusals', 'UserSig checks that failed');
  }

  loggedIn(): void {
    this.logins.add();
  }

  refused(appId: AppId, userId: string, code: number): void {
    this.refusals.add();
    this.log.info('login refused', { appId, userId, code });
  }

  /** The audit line of an act that somebody did to others' accounts or apps. */
  audit(action: string, context: CallContext, fields: Readonly<Record<string, unknown>>): void {
    this.log.info('audit', { action, actor: context.userId, role: CallerRole[context.role], ...fields });
  }

  async accountChanged(appId: AppId, userId: UserId): Promise<void> {
    await this.coordination.publish(AUTH_CHANGED_CHANNEL, `${appId} ${userId}`);
  }

  async appChanged(appId: AppId): Promise<void> {
    await this.coordination.publish(AUTH_CHANGED_CHANNEL, `${appId}`);
  }
}
