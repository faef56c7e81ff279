// The rounds in which changes of sessions become changes of presence.
//
// A change waits until it was seen in some rounds, so that whoever comes back at once never left. A custom status alone does not wait.
import type { DeadNodeSweep, SessionChange, SessionChanges, SessionRegistry } from '@parley/delivery';
import type { AppId, UserId } from '@parley/kernel';
import type { Noticed } from '../domain/told-state.js';
import type { PresenceEvents } from '../events.js';
import type { NoticedUser, TellChange } from './tell-change.js';
import type { TellerLease } from './teller-lease.js';

const ROUND_MS = 500;
/** Rounds that see a change before it is told: one second from the first to the last. */
const ROUNDS_UNTIL_DUE = 3;
/** How often nodes are looked at, and a process that does not tell asks whether it should. */
const ROUNDS_PER_SWEEP = 4;
/** Users of one round; the others wait for the next. */
const USERS_PER_ROUND_MAX = 5_000;
const USERS_PER_LOOKUP = 1_000;
const USERS_AT_ONCE = 64;

const NOTICED: Readonly<Record<SessionChange['kind'], keyof Noticed | undefined>> = {
  came: 'came',
  back: 'cameBack',
  logout: 'loggedOut',
  lost: 'lost',
  custom: undefined,
};

export interface TellerDeps {
  readonly changes: SessionChanges;
  readonly sweep: DeadNodeSweep;
  readonly sessions: SessionRegistry;
  readonly lease: TellerLease;
  readonly tellChange: TellChange;
  readonly events: PresenceEvents;
}

interface UserChanges {
  readonly appId: AppId;
  readonly userId: UserId;
  readonly changes: SessionChange[];
}

export class Teller {
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #rounds = 0;
  /** In how many rounds a user was seen waiting. */
  #seen = new Map<string, number>();
  /** Taken, and not told yet: tried again in the next round. */
  #again: SessionChange[] = [];

  constructor(private readonly deps: TellerDeps) {}

  start(): void {
    this.#timer = setInterval(() => this.#tick(), ROUND_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
    try {
      await this.deps.lease.release();
    } catch (cause) {
      this.deps.events.roundFailed(cause); // it ends by itself
    }
  }

  #tick(): void {
    this.#running ??= this.#round()
      .catch((cause: unknown) => this.deps.events.roundFailed(cause))
      .finally(() => {
        this.#running = undefined;
      });
  }

  async #round(): Promise<void> {
    const { lease, sweep, changes, events } = this.deps;
    this.#rounds += 1;
    const isSweepTime = this.#rounds % ROUNDS_PER_SWEEP === 1;
    if (!lease.isHeld && !isSweepTime) return;
    const hold = await lease.hold();
    if (hold === 'not held') {
      this.#forget();
      return;
    }
    if (hold === 'taken') this.#again = await changes.taken();
    if (isSweepTime) events.nodesSwept(await sweep.run());
    const due = await this.#takeDue();
    await this.#tell(byUser(due));
  }

  #forget(): void {
    this.#seen.clear();
    this.#again = [];
  }

  async #takeDue(): Promise<SessionChange[]> {
    const again = this.#again;
    const waiting = byUser(await this.deps.changes.waiting());
    const seen = new Map<string, number>();
    const due: SessionChange[] = [];
    let users = 0;
    for (const [key, { changes }] of waiting) {
      const rounds = (this.#seen.get(key) ?? 0) + 1;
      const isDue = rounds >= ROUNDS_UNTIL_DUE || changes.every(({ kind }) => kind === 'custom');
      if (isDue && users < USERS_PER_ROUND_MAX - again.length) {
        users += 1;
        due.push(...changes);
      } else seen.set(key, rounds);
    }
    this.#seen = seen;
    await this.deps.changes.take(due);
    this.#again = [...again, ...due];
    return this.#again;
  }

  async #tell(users: ReadonlyMap<string, UserChanges>): Promise<void> {
    const again: SessionChange[] = [];
    for (const batch of batchesOf([...users.values()])) {
      const userIds = batch.map(({ userId }) => userId);
      const [first] = batch;
      if (first === undefined) continue;
      const sessions = await this.deps.sessions.sessionsOfMany(first.appId, userIds);
      const told: SessionChange[] = [];
      await atOnce(batch, async (user, at) => {
        const isTold = await this.#tellOne(user, sessions[at] ?? []);
        (isTold ? told : again).push(...user.changes);
      });
      await this.deps.changes.done(told);
    }
    this.#again = again;
  }

  async #tellOne(user: UserChanges, sessions: Awaited<ReturnType<SessionRegistry['sessionsOf']>>) {
    try {
      await this.deps.tellChange.run(toNoticed(user), sessions);
      return true;
    } catch (cause) {
      this.deps.events.roundFailed(cause);
      return false;
    }
  }
}

function toNoticed({ appId, userId, changes }: UserChanges): NoticedUser {
  const noticed = Object.fromEntries(
    changes.flatMap(({ kind, platform }) => {
      const name = NOTICED[kind];
      return name === undefined ? [] : [[name, platform]];
    }),
  );
  return { appId, userId, noticed };
}

function byUser(changes: readonly SessionChange[]): Map<string, UserChanges> {
  const users = new Map<string, UserChanges>();
  for (const change of changes) {
    const { appId, userId } = change;
    const key = `${appId} ${userId}`;
    const user = users.get(key) ?? { appId, userId, changes: [] };
    user.changes.push(change);
    users.set(key, user);
  }
  return users;
}

/** Users of one app each. */
function batchesOf(users: readonly UserChanges[]): UserChanges[][] {
  const batches: UserChanges[][] = [];
  const open = new Map<AppId, UserChanges[]>();
  for (const user of users) {
    let batch = open.get(user.appId);
    if (batch === undefined || batch.length >= USERS_PER_LOOKUP) {
      batch = [];
      open.set(user.appId, batch);
      batches.push(batch);
    }
    batch.push(user);
  }
  return batches;
}

async function atOnce<T>(items: readonly T[], work: (item: T, at: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let at = next++; at < items.length; at = next++) await work(items[at] as T, at);
  };
  await Promise.all(Array.from({ length: Math.min(USERS_AT_ONCE, items.length) }, worker));
}
