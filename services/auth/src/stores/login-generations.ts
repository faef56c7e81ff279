// Whether anything has been taken from a user's logins since some moment, told by coordination in one look.
//
// Whoever takes something away (a kick, a deletion, a logout, another login) makes it durable first and then gives the
// user another generation. What was read of a user between two looks that say the same still holds: also in a process
// that no notice reached, for nothing is kept here. Coordination may lose a generation only with its life; so both count.
import { randomBytes } from 'node:crypto';
import type { Coordination } from '@parley/coordination';
import type { AppId, UserId } from '@parley/kernel';
import { TICKET_LIFETIME_S_MAX } from '../domain/resume-ticket.js';

const GENERATION_BYTES = 9;
/** Longer than any ticket that names an older one. */
const GENERATION_TTL_MS = (TICKET_LIFETIME_S_MAX + 3_600) * 1_000;

/** What coordination says of a user's logins. */
export interface LoginState {
  /** Empty: coordination vouches for nothing. */
  readonly life: string;
  /** Empty: nothing was taken away, in this life. */
  readonly generation: string;
}

const keyOf = (appId: AppId, userId: UserId): string => `auth:generation:{${appId}:${userId}}`;

export class LoginGenerations {
  /** The question that is on its way, and the one that follows it for all who ask meanwhile. */
  #asked: Promise<string> | undefined;
  #next: Promise<string> | undefined;

  constructor(private readonly coordination: Coordination) {}

  async read(appId: AppId, userId: UserId): Promise<LoginState> {
    const generation = (await this.coordination.get(keyOf(appId, userId))) ?? '';
    // After it: a life that began meanwhile may have lost the generation.
    return { generation, life: await this.#life() };
  }

  /** Everything that was read of the user before is to be read again. */
  async advance(appId: AppId, userId: UserId): Promise<void> {
    const generation = randomBytes(GENERATION_BYTES).toString('base64url');
    await this.coordination.set(keyOf(appId, userId), generation, GENERATION_TTL_MS);
  }

  /** One question for all who come while one is on its way, asked after they came. */
  #life(): Promise<string> {
    if (this.#asked === undefined) return this.#ask();
    this.#next ??= this.#asked.then(
      () => this.#follow(),
      () => this.#follow(),
    );
    return this.#next;
  }

  #follow(): Promise<string> {
    this.#next = undefined;
    return this.#asked ?? this.#ask();
  }

  #ask(): Promise<string> {
    const asked = this.coordination.life().then((life) => life?.id ?? '');
    this.#asked = asked;
    const done = (): void => {
      if (this.#asked === asked) this.#asked = undefined;
    };
    asked.then(done, done);
    return asked;
  }
}

/** Whether nothing was taken away between the two. */
export const isSameState = (before: LoginState, now: LoginState): boolean =>
  before.life !== '' && before.life === now.life && before.generation === now.generation;
