// The one way to read and change a group (docs/adr/0010-groups-and-rooms.md). A change:
//
//   look ──▶ carry out what somebody left ──▶ decide ──▶ put state and intent in one step ──▶ carry out ──▶ clear
//     ▲                                                    │ somebody was faster
//     └────────────────────────────────────────────────────┘
//
// What is put is decided: from then on the change has happened, whoever carries it out.
import { ChatError, ErrorCode, KeyedTurns } from '@parley/kernel';
import type { groupv1 } from '@parley/proto';
import {
  CHANGE_ATTEMPTS_MAX,
  CHANGES_WAITING_MAX,
  INTENT_PATIENCE,
  INTENT_PAUSE_MS,
} from '../domain/limits.js';
import { groupNotFound } from '../domain/refusals.js';
import type { GroupEvents } from '../events.js';
import type { GroupKey, GroupStore, StoredGroup } from '../stores/group-store.js';
import type { CarryOut } from './carry-out.js';
import { GroupView, type ViewTools } from './group-view.js';

/** What a change makes of a group, and what its caller is told. Without `next` nothing changes. */
export interface Decided<R> {
  readonly answer: R;
  readonly next?: { readonly state: groupv1.GroupState; readonly intent: groupv1.Intent };
}

export interface GroupRegisterOptions {
  readonly store: GroupStore;
  readonly carryOut: CarryOut;
  readonly view: ViewTools;
  readonly events: GroupEvents;
}

export class GroupRegister {
  readonly #turns = new KeyedTurns({
    waitingMax: CHANGES_WAITING_MAX,
    overloaded: () =>
      new ChatError(ErrorCode.OVERLOADED, 'too many changes of this group at once; retry', {
        retryAfterMs: 200,
      }),
  });
  /** Groups whose intents readers came across. */
  readonly #settling = new Set<string>();

  constructor(private readonly options: GroupRegisterOptions) {}

  /** The group as it stands; undefined when there is none, or no longer. */
  async find(key: GroupKey): Promise<GroupView | undefined> {
    const stored = await this.options.store.get(key);
    return stored && this.#viewOf(key, stored);
  }

  /** @throws ChatError 10010 */
  async get(key: GroupKey): Promise<GroupView> {
    const view = await this.find(key);
    if (view === undefined) throw groupNotFound();
    return view;
  }

  /** In the order asked. */
  async findMany(
    appId: GroupKey['appId'],
    groupIds: readonly GroupKey['groupId'][],
  ): Promise<(GroupView | undefined)[]> {
    const found = await this.options.store.getMany(appId, groupIds);
    return groupIds.map((groupId, at) => {
      const stored = found[at];
      return stored && this.#viewOf({ appId, groupId }, stored);
    });
  }

  /**
   * Decides and carries out one change. `decide` sees a group without open intents, may read through
   * it, and runs again when another process was faster.
   * @throws ChatError what `decide` throws; 10010; OVERLOADED or UNAVAILABLE, after which a retry may help.
   */
  change<R>(key: GroupKey, decide: (view: GroupView) => Promise<Decided<R>>): Promise<R> {
    return this.decide(key, (view) => {
      if (view === undefined || view.state.isDestroyed) throw groupNotFound();
      return decide(view);
    });
  }

  /** The same for a group that may not be there yet, or no longer. */
  decide<R>(key: GroupKey, decide: (view: GroupView | undefined) => Promise<Decided<R>>): Promise<R> {
    return this.#turns.run(`${key.appId} ${key.groupId}`, () => this.#decideInTurn(key, decide));
  }

  async #decideInTurn<R>(
    key: GroupKey,
    decide: (view: GroupView | undefined) => Promise<Decided<R>>,
  ): Promise<R> {
    for (let attempt = 0; attempt < CHANGE_ATTEMPTS_MAX; attempt += 1) {
      const seen = await this.#settled(key);
      const { answer, next } = await decide(seen && new GroupView(key, seen, this.options.view));
      if (next === undefined) return answer;
      const put = await this.options.store.replace(key, seen, next);
      if (put !== undefined) {
        await this.#finish(key, put);
        return answer;
      }
      this.options.events.changeContended(key);
      await pause(Math.random() * INTENT_PAUSE_MS);
    }
    throw new ChatError(ErrorCode.UNAVAILABLE, 'the group changes too fast; retry', { retryAfterMs: 200 });
  }

  /** The group without an open intent. Whose maker may still be at work is given a moment. */
  async #settled(key: GroupKey): Promise<StoredGroup | undefined> {
    let stored = await this.options.store.get(key);
    for (let looked = 0; stored?.intent !== undefined; looked += 1) {
      if (looked >= INTENT_PATIENCE) {
        this.options.events.intentTakenOver(key);
        return this.#finish(key, stored);
      }
      await pause(INTENT_PAUSE_MS);
      stored = await this.options.store.get(key);
    }
    return stored;
  }

  /** Carries out and clears. Answers the group as it then stands. */
  async #finish(key: GroupKey, stored: StoredGroup): Promise<StoredGroup | undefined> {
    await this.options.carryOut.run(key, stored);
    const cleared = await this.options.store.replace(key, stored, { state: stored.state, intent: undefined });
    if (cleared !== undefined) return cleared;
    const current = await this.#settled(key);
    if (current?.state.isDestroyed === true) await this.options.carryOut.undoListing(key, stored);
    return current;
  }

  #viewOf(key: GroupKey, stored: StoredGroup): GroupView | undefined {
    if (stored.intent !== undefined) this.#settleSoon(key);
    return stored.state.isDestroyed ? undefined : new GroupView(key, stored, this.options.view);
  }

  /** A reader came across an intent: should its maker be dead, it is carried out now. */
  #settleSoon(key: GroupKey): void {
    const name = `${key.appId} ${key.groupId}`;
    if (this.#settling.has(name)) return;
    this.#settling.add(name);
    this.decide(key, async () => ({ answer: undefined }))
      .catch((thrown: unknown) => this.options.events.intentLeft(key, thrown))
      .finally(() => this.#settling.delete(name));
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
