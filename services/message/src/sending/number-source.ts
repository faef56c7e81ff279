// Numbers of a conversation, together with the memory of who got them.
import type { Coordination, Reservation } from '@parley/coordination';
import { ChatError, type Clock, ErrorCode } from '@parley/kernel';
import type { Conversation } from '../domain/conversation.js';
import type { Identity } from '../domain/decide-send.js';
import { NUMBERING_MS_MAX } from '../domain/limits.js';
import { counterKey, formatReservation, reservationNote } from '../domain/reservation.js';
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
  next(conversation: Conversation, identity: Identity | undefined): Promise<Numbered> {
    const timeMs = this.options.clock.now();
    return this.#reserve(conversation, identity, timeMs).then((outcome) => {
      if (outcome.kind === 'existing') return outcome;
      if (outcome.kind === 'exhausted') return this.#seedAndTake(conversation, identity);
      return this.#take(identity, { seq: outcome.number, timeMs });
    });
  }

  /** A plain function on the hot path: a promise less is half a kilobyte less. */
  #reserve(conversation: Conversation, identity: Identity | undefined, timeMs: number): Promise<Reservation> {
    const counter = counterKey(conversation);
    const note = reservationNote(timeMs);
    return this.options.deadlines.within(
      this.options.coordination.reserveNext(
        identity === undefined
          ? { counter, note, ttlMs: NUMBERING_MS_MAX }
          : { counter, note, ttlMs: identity.windowMs, reservation: identity.reservation },
      ),
      NUMBERING_MS_MAX,
      'coordination does not answer; retry',
    );
  }

  #take(
    identity: Identity | undefined,
    taken: { readonly seq: bigint; readonly timeMs: number },
  ): Numbered | Promise<Numbered> {
    const { seq, timeMs } = taken;
    if (this.options.clock.now() - timeMs > NUMBERING_MS_MAX) return this.#giveUp(identity, taken);
    return { kind: 'fresh', seq, timeMs };
  }

  async #seedAndTake(conversation: Conversation, identity: Identity | undefined): Promise<Numbered> {
    const { age, seeder, clock } = this.options;
    for (let round = 0; round < SEED_ROUNDS_MAX; round++) {
      await age.look();
      await seeder.seed(conversation);
      const timeMs = clock.now();
      const outcome = await this.#reserve(conversation, identity, timeMs);
      if (outcome.kind === 'existing') return outcome;
      if (outcome.kind === 'fresh') return this.#take(identity, { seq: outcome.number, timeMs });
      // Another process seeds: a moment later there are numbers.
      await new Promise((resolve) => setTimeout(resolve, SEED_PAUSE_MS));
    }
    throw new ChatError(ErrorCode.UNAVAILABLE, 'the conversation gets no numbers; retry', {
      retryAfterMs: 500,
    });
  }

  /**
   * Readers judge the holes below a message by its time, which must therefore not be much older
   * than its number. The reservation is made old, so that a retry gets a new number.
   */
  async #giveUp(identity: Identity | undefined, taken: { seq: bigint; timeMs: number }): Promise<never> {
    if (identity !== undefined) {
      await this.options.coordination.replace(
        identity.reservation,
        formatReservation(taken.seq, taken.timeMs, 'r'),
        formatReservation(taken.seq, 0, 'r'),
        identity.windowMs,
      );
    }
    throw new ChatError(ErrorCode.UNAVAILABLE, 'coordination is too slow; retry');
  }
}
