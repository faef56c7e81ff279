// Fetches what numbered things lack (messages of a conversation, changes of them): one call at a
// time for each, a few at once, patiently where the server says that a hole is pending.
import { decideBackoffMs } from '../connection/backoff.js';
import { GAP_PATIENCE_MS, SYNC_RETRY_MAX_MS, SYNC_RETRY_MIN_MS, SYNCS_AT_ONCE } from '../constants/limits.js';
import { ChatFailure, isExclusion } from '../events/failure.js';
import type { Logger } from '../events/logger.js';
import type { CancelTimer, SharedTimer } from '../time/shared-timer.js';

/** Something numbered that may have gaps. */
export interface Gapped {
  readonly isLacking: boolean;
  readonly track: { readonly watermark: number };
}

export interface GapAnswer {
  readonly hasMore: boolean;
  /** Above 0: the next number may still come; ask again after this time, ms. */
  readonly pendingForMs: number;
}

export interface GapRepairOptions<S extends Gapped> {
  readonly timer: SharedTimer;
  readonly random: () => number;
  readonly logger: Logger;
  /** Asks what follows the watermark, and takes the answer in. @throws ChatFailure */
  readonly ask: (source: S) => Promise<GapAnswer>;
  /** The server says that the user is not there any longer. */
  readonly onExcluded: (source: S) => void;
  /** A hole was pending and is closed: what the server counted before may lack what closed it. */
  readonly onLateFill: (source: S) => void;
}

interface RepairTask<S extends Gapped> {
  readonly source: S;
  /** Passes in a row that brought nothing. */
  failures: number;
  wasPending: boolean;
  phase: 'pausing' | 'queued' | 'calling';
  cancelPause: CancelTimer;
  readonly waiters: Set<() => void>;
}

export class GapRepair<S extends Gapped> {
  private readonly tasks = new Map<S, RepairTask<S>>();
  private readonly queue: RepairTask<S>[] = [];
  private calling = 0;

  constructor(private readonly options: GapRepairOptions<S>) {}

  /** Repairs it, after a moment in which the gap may close by itself. */
  request(source: S): void {
    this.taskOf(source);
  }

  /** Resolves when it has no gap, or after the time. */
  untilWhole(source: S, timeoutMs: number): Promise<void> {
    if (!source.isLacking) return Promise.resolve();
    const { waiters } = this.taskOf(source);
    return new Promise((resolve) => {
      const done = () => {
        cancel();
        waiters.delete(done);
        resolve();
      };
      const cancel = this.options.timer.after(timeoutMs, done);
      waiters.add(done);
    });
  }

  /** The connection is back: nobody waits out an old pause. */
  hurry(): void {
    for (const task of this.tasks.values()) {
      if (task.phase !== 'pausing') continue;
      task.failures = 0;
      this.pause(task, this.patienceMs());
    }
  }

  private taskOf(source: S): RepairTask<S> {
    const known = this.tasks.get(source);
    if (known !== undefined) return known;
    const task: RepairTask<S> = {
      source,
      failures: 0,
      wasPending: false,
      phase: 'pausing',
      cancelPause: () => undefined,
      waiters: new Set(),
    };
    this.tasks.set(source, task);
    this.pause(task, this.patienceMs());
    return task;
  }

  private patienceMs(): number {
    return GAP_PATIENCE_MS * (1 + this.options.random());
  }

  private pause(task: RepairTask<S>, delayMs: number): void {
    task.cancelPause();
    task.phase = 'pausing';
    task.cancelPause = this.options.timer.after(delayMs, () => {
      task.phase = 'queued';
      this.queue.push(task);
      this.next();
    });
  }

  private next(): void {
    while (this.calling < SYNCS_AT_ONCE) {
      const task = this.queue.shift();
      if (task === undefined) return;
      if (task.source.isLacking) void this.run(task);
      else this.end(task);
    }
  }

  private async run(task: RepairTask<S>): Promise<void> {
    task.phase = 'calling';
    this.calling += 1;
    const pauseMs = await this.pass(task);
    this.calling -= 1;
    if (task.source.isLacking) this.pause(task, pauseMs);
    else this.end(task);
    this.next();
  }

  /** One question to the server. @returns how long to wait before the next, ms. */
  private async pass(task: RepairTask<S>): Promise<number> {
    const { track } = task.source;
    const before = track.watermark;
    try {
      const answer = await this.options.ask(task.source);
      if (answer.pendingForMs > 0) task.wasPending = true;
      if (track.watermark > before && answer.hasMore) return 0;
      if (answer.pendingForMs > 0) return clampRetry(answer.pendingForMs) + this.patienceMs();
    } catch (thrown) {
      if (!(thrown instanceof ChatFailure)) throw thrown;
      this.options.logger.debug('sync failed', { code: thrown.code });
      if (isExclusion(thrown)) this.options.onExcluded(task.source);
    }
    task.failures = track.watermark > before ? 0 : task.failures + 1;
    const chance = this.options.random();
    return clampRetry(decideBackoffMs({ failures: task.failures, retryAfterMs: 0, chance }));
  }

  private end(task: RepairTask<S>): void {
    this.tasks.delete(task.source);
    if (task.wasPending) this.options.onLateFill(task.source);
    for (const wake of [...task.waiters]) wake();
  }
}

const clampRetry = (delayMs: number): number =>
  Math.min(Math.max(delayMs, SYNC_RETRY_MIN_MS), SYNC_RETRY_MAX_MS);
