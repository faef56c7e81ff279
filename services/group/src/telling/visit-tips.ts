// Visitors of live groups are told of one another while they are few: nothing is written about them, so no record
// says it, and above a rate nobody could read it.
import { randomUUID } from 'node:crypto';
import type { Clock, UserId } from '@parley/kernel';
import { messagev1 } from '@parley/proto';
import { VISIT_TIPS_PER_SECOND_MAX } from '../domain/limits.js';
import { visitTip } from '../domain/tip-bodies.js';
import type { GroupEvents } from '../events.js';
import type { GroupKey } from '../stores/group-store.js';
import { type MessageClient, tell } from './tell.js';

const WINDOW_MS = 1_000;
/** Groups whose rate is known; beyond that all begin anew. */
const GROUPS_MAX = 10_000;
const FLAGS = messagev1.MessageFlag.SYSTEM | messagev1.MessageFlag.ONLINE_ONLY;

export class VisitTips {
  readonly #windows = new Map<string, { startMs: number; count: number }>();

  constructor(
    private readonly messages: MessageClient,
    private readonly events: GroupEvents,
    private readonly clock: Clock,
  ) {}

  /** Does not wait, and does not fail: a tip that is lost is lost. */
  say(key: GroupKey, user: UserId, hasCome: boolean): void {
    if (!this.#mayTell(`${key.appId} ${key.groupId}`)) return;
    const telling = {
      appId: key.appId,
      to: key.groupId,
      type: messagev1.ConversationType.GROUP,
      elementType: 'TIMGroupTipElem' as const,
      content: visitTip(user, hasCome),
      flags: FLAGS,
      dedupKey: `v:${randomUUID()}`,
    };
    tell(this.messages, telling).then(
      (refusal) => (refusal === undefined ? this.events.tipSent() : this.events.tellingRefused(key, refusal)),
      (thrown: unknown) => this.events.tellingRefused(key, thrown),
    );
  }

  #mayTell(name: string): boolean {
    const nowMs = this.clock.now();
    const window = this.#windows.get(name);
    if (window !== undefined && nowMs - window.startMs < WINDOW_MS) {
      window.count += 1;
      return window.count <= VISIT_TIPS_PER_SECOND_MAX;
    }
    if (this.#windows.size >= GROUPS_MAX) this.#windows.clear();
    this.#windows.set(name, { startMs: nowMs, count: 1 });
    return true;
  }
}
