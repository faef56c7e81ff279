// What presence tells operators.
import type { Counter, Logger, Metrics } from '@parley/telemetry';

export class PresenceEvents {
  private readonly told: Counter;
  private readonly turns: Counter;
  private readonly swept: Counter;
  private readonly unpushed: Counter;

  constructor(
    private readonly log: Logger,
    metrics: Metrics,
  ) {
    this.told = metrics.counter('parley.presence.changes', 'Changes of statuses that were told');
    this.turns = metrics.counter('parley.presence.turns', 'Users that came online or went offline');
    this.swept = metrics.counter(
      'parley.presence.sessions_swept',
      'Sessions that were lost with their gateway and noticed by the sweep',
    );
    this.unpushed = metrics.counter('parley.presence.push_failures', 'Pushes of statuses that failed');
  }

  statusTold(isTurn: boolean): void {
    this.told.add(1);
    if (isTurn) this.turns.add(1);
  }

  nodesSwept(sessions: number): void {
    if (sessions === 0) return;
    this.swept.add(sessions);
    this.log.warn('presence.sessions_lost_with_node', { sessions });
  }

  /** A device misses one change: presence is not repaired. */
  pushFailed(): void {
    this.unpushed.add(1);
  }

  /** What was to be told is told by the next round. */
  roundFailed(cause: unknown): void {
    this.log.warn('presence.round_failed', { cause });
  }
}
