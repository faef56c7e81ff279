// What auth tells the world: one helper a business event, for log, counter and notice together.
import type { Coordination } from '@parley/coordination';
import type { AppId, ConnectionId, UserId } from '@parley/kernel';
import type { CallContext } from '@parley/rpc';
import { CallerRole } from '@parley/rpc';
import type { Counter, Logger, Metrics } from '@parley/telemetry';

/** Channel on which cached facts of an account or a whole app are declared stale: `<appId> <userId>` or `<appId>`. */
export const AUTH_CHANGED_CHANNEL = 'auth:changed';

/** What an audit line is about; its event is `parley.auth.<act>`. */
export type AuditedAct =
  | 'accounts.imported'
  | 'accounts.deleted'
  | 'account.kicked'
  | 'account.blocked'
  | 'account.unblocked'
  | 'app.created'
  | 'app.changed'
  | 'app_key.rotated';

export class AuthEvents {
  private readonly logins: Counter;
  private readonly refusals: Counter;
  private readonly resumptions: Counter;
  private readonly resumptionsLookedUp: Counter;
  private readonly resumptionsRefused: Counter;

  constructor(
    private readonly log: Logger,
    metrics: Metrics,
    private readonly coordination: Coordination,
  ) {
    this.logins = metrics.counter('parley.auth.logins', 'Logins that succeeded');
    this.refusals = metrics.counter('parley.auth.refusals', 'UserSig checks that failed');
    this.resumptions = metrics.counter(
      'parley.auth.resumptions',
      'Logins that went on over another connection',
    );
    this.resumptionsLookedUp = metrics.counter(
      'parley.auth.resumptions_looked_up',
      'Resumptions that coordination did not vouch for, so that the account was read',
    );
    this.resumptionsRefused = metrics.counter(
      'parley.auth.resumptions_refused',
      'Resume tickets that were not good, or whose place was taken',
    );
  }

  loggedIn(): void {
    this.logins.add();
  }

  resumed(): void {
    this.resumptions.add();
  }

  resumeLookedUp(): void {
    this.resumptionsLookedUp.add();
  }

  resumeRefused(): void {
    this.resumptionsRefused.add();
  }

  /** `isLogged` is false for one of many refusals of a user: guessing must not fill the log. */
  refused(appId: AppId, userId: string, code: number, isLogged: boolean): void {
    this.refusals.add();
    if (!isLogged) return;
    this.log.info('parley.auth.user_sig.refused', { appId, userId, code });
  }

  /** The audit line of an act that somebody did to others' accounts or apps. Never a secret among the fields. */
  audit(action: AuditedAct, context: CallContext, fields: Readonly<Record<string, unknown>>): void {
    const { appId, userId: actor, role, traceParent } = context;
    this.log.info(`parley.auth.${action}`, {
      audit: true,
      appId,
      actor,
      role: CallerRole[role],
      traceParent,
      ...fields,
    });
  }

  /** The other device may stay connected, but nothing is pushed to it any more. */
  displacementFailed(appId: AppId, userId: UserId, connectionId: ConnectionId, cause: unknown): void {
    this.log.warn('parley.auth.displaced_connection.unreachable', { appId, userId, connectionId, cause });
  }

  /** The gateway unregisters the connection as well when it closes it. */
  cleanUpFailed(appId: AppId, userId: UserId, connectionId: ConnectionId, cause: unknown): void {
    this.log.warn('parley.auth.refused_session.not_unregistered', { appId, userId, connectionId, cause });
  }

  /** They are tried again with the next look. */
  deletionsUnfinished(cause: unknown): void {
    this.log.warn('parley.auth.deletions.unfinished', { cause });
  }

  async accountChanged(appId: AppId, userId: UserId): Promise<void> {
    await this.coordination.publish(AUTH_CHANGED_CHANNEL, `${appId} ${userId}`);
  }

  async appChanged(appId: AppId): Promise<void> {
    await this.coordination.publish(AUTH_CHANGED_CHANNEL, `${appId}`);
  }
}
