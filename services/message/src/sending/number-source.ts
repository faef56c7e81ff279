// Numbers of a conversation, together with the memory of who got them.
import type { Coordination } from '@parley/coordination';
import { ChatError, type Clock, ErrorCode } from '@parley/kernel';
import type { Conversation } from '../domain/conversation.js';
import type { Identity } from '../domain/decide-send.js';
import { NUMBERING_MS_MAX } from '../domain/limits.js';
import { counterKey, formatReservation, reservationKey, reservationNote } from '../domain/reservation.js';
import type { CoordinationAge } from './coordination-age.js';
import type { CounterSeeder } from './counter-seeder.js';
import type { Deadlines } from './deadlines.js';

const SEED_ROUNDS_MAX = 40;
const SEED_PAUSE_MS = 25;

export type Numbered =
  | { readonly kind: 'fresh'; readonly seq: bigint; readonly timeMs: number }
  /** The identity has a reservation already; its value. */
  | { readonly kind: 'existing'; readonly value: string };

export interface NumberSourceOptions {
  readonly coordination: Coordination;
  readonly clock: Clock;
  readonly age: CoordinationAge;
  readonly seeder: CounterSeeder;
  readonly deadlines: Deadlines;
}

export class NumberSource {
  constructor(private readonly options: NumberSourceOptions) {}

  /**
   * The next number, remembered under the identity if there is one.
   * @throws ChatError UNAVAILABLE when coordination is away or too slow; then the number, if any, is given up.
   */
  async next(conversation: Conversation, identity: Identity | undefined): Promise<Numbered> {
    for (let round = 0; round < SEED_ROUNDS_MAX; round++) {
      const numbered = await this.#reserve(conversation, identity);
      if (numbered !== undefined) return numbered;
      await this.options.age.look();
      await this.options.seeder.seed(conversation);
      // Another process seeds: a moment later there are numbers.
      if (round > 0) await new Promise((resolve) => setTimeout(resolve, SEED_PAUSE_MS));
    }
    throw new ChatError(ErrorCode.UNAVAILABLE, 'the conversation gets no numbers; retry', {
      retryAfterMs: 500,
    });
  }

  async #reserve(conversation: Conversation, identity: Identity | undefined): Promise<Numbered | undefined> {
    const { coordination, clock, deadlines } = this.options;
    const timeMs = clock.now();
    const outcome = await deadlines.within(
      coordination.reserveNext({
        counter: counterKey(conversation),
        note: reservationNote(timeMs),
        ttlMs: identity?.windowMs ?? NUMBERING_MS_MAX,
        ...(identity === undefined ? {} : { reservation: reservationKey(conversation, identity) }),
      }),
      NUMBERING_MS_MAX,
      'coordination does not answer; retry',
    );
    if (outcome.kind === 'exhausted') return undefined;
    if (outcome.kind === 'existing') return outcome;
    if (clock.now() - timeMs > NUMBERING_MS_MAX) {
      await this.#giveUp(conversation, identity, { seq: outcome.number, timeMs });
    }
    return { kind: 'fresh', seq: outcome.number, timeMs };
  }

  /**
   * Readers judge the holes below a message by its time, which must therefore not be much older
   * than its number. The reservation is made old, so that a retry gets a new number.
   */
  async #giveUp(
    conversation: Conversation,
    identity: Identity | undefined,
    taken: { seq: bigint; timeMs: number },
  ): Promise<never> {
    if (identity !== undefined) {
      await this.options.coordination.replace(
        reservationKey(conversation, identity),
        formatReservation(taken.seq, taken.timeMs, 'r'),
        formatReservation(taken.seq, 0, 'r'),
        identity.windowMs,
      );
    }
    throw new ChatError(ErrorCode.UNAVAILABLE, 'coordination is too slow; retry');
  }
}
