// How many messages a group takes in a second. A message is shed when as many as the rate allows came already that
// have its priority or a higher one: the lowest go first, and none is shed below the rate.
//
// Counted in this process. In a cluster processes tell each other through coordination what they count, an eighth of
// the rate at a time and without waiting: together they may take that much more per process than the rate.
import type { Coordination } from '@parley/coordination';
import type { Clock } from '@parley/kernel';
import { messagev1 } from '@parley/proto';
import type { GroupConversation } from '../domain/conversation.js';

const WINDOW_MS = 1_000;
/** A shared count outlives its second by the clocks' difference. */
const SHARED_KEEP_MS = 5_000;
const NOTICES_PER_WINDOW = 8;
/** Groups counted at once, the oldest go first: 1 MiB. */
const GROUPS_MAX = 10_000;
/** The group service gives every group a rate; without one this holds (rest-groups.md 1.8). */
const RATE_DEFAULT = 40;

interface Window {
  readonly second: number;
  /** Own messages by rank of priority. */
  readonly taken: [number, number, number, number];
  own: number;
  /** Own ones that others know of. */
  told: number;
  /** What others took, as far as they told. */
  others: number;
  isTelling: boolean;
}

export interface GroupRateOptions {
  readonly coordination: Coordination;
  readonly clock: Clock;
  readonly onLost: () => void;
}

export class GroupRate {
  readonly #windows = new Map<string, Window>();

  constructor(private readonly options: GroupRateOptions) {}

  /** Whether the message may go; it is counted then. */
  admit(conversation: GroupConversation, priority: messagev1.MessagePriority, rateMax: number): boolean {
    const rate = rateMax || RATE_DEFAULT;
    const window = this.#window(conversation.key);
    const rank = rankOf(priority);
    let before = window.others;
    for (let higher = 0; higher <= rank; higher++) before += window.taken[higher] ?? 0;
    if (before >= rate) return false;
    window.taken[rank] = (window.taken[rank] ?? 0) + 1;
    window.own++;
    if (window.own - window.told >= rate / NOTICES_PER_WINDOW) this.#tell(conversation, window);
    return true;
  }

  #window(key: string): Window {
    const second = Math.floor(this.options.clock.now() / WINDOW_MS);
    const known = this.#windows.get(key);
    if (known?.second === second) return known;
    const fresh: Window = { second, taken: [0, 0, 0, 0], own: 0, told: 0, others: 0, isTelling: false };
    this.#windows.delete(key);
    this.#windows.set(key, fresh);
    if (this.#windows.size > GROUPS_MAX) this.#dropOldest();
    return fresh;
  }

  #dropOldest(): void {
    for (const oldest of this.#windows.keys()) {
      this.#windows.delete(oldest);
      return;
    }
  }

  #tell(conversation: GroupConversation, window: Window): void {
    const { coordination, onLost } = this.options;
    if (coordination.scope === 'process' || window.isTelling) return;
    window.isTelling = true;
    const amount = window.own - window.told;
    window.told = window.own;
    const told = window.told;
    coordination
      .countInWindow(`{${conversation.key}}:rate:${window.second}`, amount, SHARED_KEEP_MS)
      .then((total) => {
        window.others = Math.max(window.others, total - told);
      }, onLost)
      .finally(() => {
        window.isTelling = false;
      });
  }
}

/** 0 is what is shed last. */
function rankOf(priority: messagev1.MessagePriority): 0 | 1 | 2 | 3 {
  if (priority === messagev1.MessagePriority.HIGH) return 0;
  if (priority === messagev1.MessagePriority.LOW) return 2;
  return priority === messagev1.MessagePriority.LOWEST ? 3 : 1;
}
