// Whether a member of a group still is one, from what kafkajs lets see: heartbeats that were answered, and
// fetches. It notices a lost coordinator, and a lost membership, not always by itself.
//
//   member ──two heartbeats missing──▶ silent ──a session without one──▶ unheard
//      ▲                                  │ fetches go on: the coordinator alone is away, join again
//      └────heartbeat or join─────────────┴──────── unheard, fetches go on: member of nothing, begin anew

/** Silence begins after this, in sessions: two of five heartbeats are missing. */
const SILENCE_SESSIONS = 0.4;
/** kafkajs looks for another coordinator only when it joins; with so many fetches in silence it has to. */
const SILENT_FETCHES_MAX = 2;
/**
 * A join may fail with an error that kafkajs tries again; then it goes on fetching, without heartbeats. So many
 * fetches after a session without any are no coincidence.
 */
const UNHEARD_FETCHES_MAX = 8;

/**
 * `joinAgain`: the brokers answer, the coordinator does not. `abandon`, told once: the partitions may be
 * somebody else's. `beginAnew`: this consumer is nobody's member any more.
 */
export type Verdict = 'member' | 'joinAgain' | 'abandon' | 'beginAnew';

export class MembershipWatch {
  readonly #sessionTimeoutMs: number;
  #heardMs = 0;
  #state: 'off' | 'member' | 'silent' | 'unheard' = 'off';
  #fetches = 0;

  constructor(sessionTimeoutMs: number) {
    this.#sessionTimeoutMs = sessionTimeoutMs;
  }

  /** A heartbeat was answered, or the group joined. */
  heard(nowMs: number): void {
    this.#heardMs = nowMs;
    this.#state = 'member';
  }

  fetched(): void {
    this.#fetches++;
  }

  /** The consumer ended; nothing to watch until the next join. */
  off(): void {
    this.#state = 'off';
  }

  /** To be asked several times a session. */
  judge(nowMs: number): Verdict {
    if (this.#state === 'off') return 'member';
    const silentMs = nowMs - this.#heardMs;
    if (this.#state === 'member' && silentMs >= this.#sessionTimeoutMs * SILENCE_SESSIONS) {
      this.#enter('silent');
    }
    if (this.#state === 'silent' && silentMs >= this.#sessionTimeoutMs) {
      this.#enter('unheard');
      return 'abandon';
    }
    if (this.#state === 'silent' && this.#fetches > SILENT_FETCHES_MAX) return 'joinAgain';
    if (this.#state === 'unheard' && this.#fetches > UNHEARD_FETCHES_MAX) return 'beginAnew';
    return 'member';
  }

  #enter(state: 'silent' | 'unheard'): void {
    this.#state = state;
    this.#fetches = 0;
  }
}
