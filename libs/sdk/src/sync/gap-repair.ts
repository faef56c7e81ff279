// Fetches what conversations lack: one call at a time per conversation, a few
// conversations at once, patiently where the server says that a hole is pending.
import type { messagev1 } from '@parley/proto';
import type { Caller } from '../calls/caller.js';
import { METHOD } from '../calls/method.js';
import { decideBackoffMs } from '../connection/backoff.js';
import {
  GAP_PATIENCE_MS,
  PAGE_MAX,
  SYNC_RETRY_MAX_MS,
  SYNC_RETRY_MIN_MS,
  SYNCS_AT_ONCE,
} from '../constants/limits.js';
import { ChatFailure, isExclusion } from '../events/failure.js';
import type { Logger } from '../events/logger.js';
import type { ConversationAddress } from '../messages/conversation-kind.js';
import type { CancelTimer, SharedTimer } from '../time/shared-timer.js';
import type { ConversationState } from './conversation-state.js';

export interface GapRepairOptions {
  readonly caller: Caller;
  readonly timer: SharedTimer;
  readonly random: () => number;
  readonly logger: Logger;
  readonly fill: (state: ConversationState, answer: messagev1.SyncMessagesResponse) => void;
  /** The server says that the user is not in the conversation. */
  readonly onExcluded: (state: ConversationState) => void;
  /** A hole was pending and is closed: what the server counted before may lack its message. */
  readonly onUncounted: (address: ConversationAddress) => void;
}

interface RepairTask {
  readonly state: ConversationState;
  /** Passes in a row that brought nothing. */
  failures: number;
  wasPending: boolean;
  phase: 'pausing' | 'queued' | 'calling';
  cancelPause: CancelTimer;
  readonly waiters: Set<() => void>;
}

export class GapRepair {
  private readonly tasks = new Map<ConversationState, RepairTask>();
  private readonly queue: RepairTask[] = [];
  private calling = 0;

  constructor(private readonly options: GapRepairOptions) {}

  /** Repairs the conversation, after a moment in which the gap may close by itself. */
  request(state: ConversationState): void {
    this.taskOf(state);
  }

  /** Resolves when the conversation has no gap, or after the time. */
  untilWhole(state: ConversationState, timeoutMs: number): Promise<void> {
    if (!state.isLacking) return Promise.resolve();
    const { waiters } = this.taskOf(state);
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

  private taskOf(state: ConversationState): RepairTask {
    const known = this.tasks.get(state);
    if (known !== undefined) return known;
    const task: RepairTask = {
      state,
      failures: 0,
      wasPending: false,
      phase: 'pausing',
      cancelPause: () => undefined,
      waiters: new Set(),
    };
    this.tasks.set(state, task);
    this.pause(task, this.patienceMs());
    return task;
  }

  private patienceMs(): number {
    return GAP_PATIENCE_MS * (1 + this.options.random());
  }

  private pause(task: RepairTask, delayMs: number): void {
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
      if (task.state.isLacking) void this.run(task);
      else this.end(task);
    }
  }

  private async run(task: RepairTask): Promise<void> {
    task.phase = 'calling';
    this.calling += 1;
    const pauseMs = await this.pass(task);
    this.calling -= 1;
    if (task.state.isLacking) this.pause(task, pauseMs);
    else this.end(task);
    this.next();
  }

  /** One question to the server. @returns how long to wait before the next, ms. */
  private async pass(task: RepairTask): Promise<number> {
    const { track, address } = task.state;
    const before = track.watermark;
    try {
      const answer = await this.options.caller.call(METHOD.syncMessages, {
        type: address.kind.wire,
        peer: address.peer,
        afterSeq: BigInt(before),
        limit: PAGE_MAX,
      });
      if (answer.pendingForMs > 0) task.wasPending = true;
      this.options.fill(task.state, answer);
      if (track.watermark > before && answer.hasMore) return 0;
      if (answer.pendingForMs > 0) return clampRetry(answer.pendingForMs) + this.patienceMs();
    } catch (thrown) {
      if (!(thrown instanceof ChatFailure)) throw thrown;
      this.options.logger.debug('sync failed', { code: thrown.code });
      if (isExclusion(thrown)) this.options.onExcluded(task.state);
    }
    task.failures = track.watermark > before ? 0 : task.failures + 1;
    const chance = this.options.random();
    return clampRetry(decideBackoffMs({ failures: task.failures, retryAfterMs: 0, chance }));
  }

  private end(task: RepairTask): void {
    this.tasks.delete(task.state);
    if (task.wasPending) this.options.onUncounted(task.state.address);
    for (const wake of [...task.waiters]) wake();
  }
}

const clampRetry = (delayMs: number): number =>
  Math.min(Math.max(delayMs, SYNC_RETRY_MIN_MS), SYNC_RETRY_MAX_MS);
