// Deletions whose process died before they were finished: looked for at the start and again and again, by every process.
import type { Clock } from '@parley/kernel';
import type { AuthEvents } from '../events.js';
import type { AccountStore } from '../stores/account-store.js';
import type { OpenDeletionEntry, OpenDeletionStore } from '../stores/open-deletion-store.js';
import type { FinishDeletion } from './finish-deletion.js';

/** Entries of one look and partition of the list; the rest comes with the next look. */
const ENTRIES_MAX = 200;
/** Whoever deletes needs this long at most, and is left to it. */
const LEFT_ALONE_MS = 10_000;
/** An entry whose account lives and that is this old is of a deletion that never came to the account. */
const GIVEN_UP_MS = 600_000;

export interface FinishOpenDeletionsDeps {
  readonly accounts: AccountStore;
  readonly openDeletions: OpenDeletionStore;
  readonly finishDeletion: FinishDeletion;
  readonly clock: Clock;
  readonly events: AuthEvents;
}

export class FinishOpenDeletions {
  #running: Promise<void> | undefined;

  constructor(private readonly deps: FinishOpenDeletionsDeps) {}

  /** One look; whoever asks while it runs waits for it. Never rejects: what fails is tried with the next look. */
  run(): Promise<void> {
    this.#running ??= this.#look().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** Resolves when no look is running. */
  async stopped(): Promise<void> {
    await this.#running;
  }

  async #look(): Promise<void> {
    try {
      const entries = await this.deps.openDeletions.list(ENTRIES_MAX);
      for (const entry of entries) await this.#finish(entry);
    } catch (cause) {
      this.deps.events.deletionsUnfinished(cause);
    }
  }

  async #finish({ appId, userId, begunAtMs }: OpenDeletionEntry): Promise<void> {
    const { accounts, openDeletions, finishDeletion, clock } = this.deps;
    const ageMs = clock.now() - begunAtMs;
    if (ageMs < LEFT_ALONE_MS) return;
    const account = await accounts.get(appId, userId);
    if (account?.openDeletion) return finishDeletion.run(appId, account);
    if (account?.deletedAtMs || ageMs >= GIVEN_UP_MS) await openDeletions.remove(appId, userId);
  }
}
