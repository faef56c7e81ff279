// Is this send a message already? Coordination answers in the common case, the log and the tables
// in the rare one (docs/adr/0004).
import type { Coordination } from '@parley/coordination';
import { ChatError, type Clock, ErrorCode, READ_YOUR_WRITE_WAIT_MS } from '@parley/kernel';
import { CallerRole } from '@parley/rpc';
import type { Conversation } from '../domain/conversation.js';
import { decideRetry, mayAppearForMs, mayBeForgotten } from '../domain/decide-retry.js';
import type { Draft, Identity } from '../domain/decide-send.js';
import { VOID_AFTER_MS } from '../domain/limits.js';
import { formatReservation, parseReservation } from '../domain/reservation.js';
import { unresolvedSend } from '../errors.js';
import type { HistoryProgress } from '../reading/history-progress.js';
import type { DedupStore, KnownSend } from '../stores/dedup-store.js';
import type { CoordinationAge, Remembrance } from './coordination-age.js';
import type { NumberSource } from './number-source.js';

const ROUNDS_MAX = 4;

/** A draft that has an identity. */
export type IdentifiedDraft = Draft & { readonly identity: Identity };

export interface SendAttempt {
  readonly attempt: number;
  readonly role: CallerRole;
  /** Undefined: unknown, or this is the first. By this process's clock, ms. */
  readonly firstAttemptAtMs: number | undefined;
}

export type Resolved =
  /** It is a message. */
  | { readonly kind: 'known'; readonly send: KnownSend }
  /** Append it under this number; `isAgain`: an earlier append may have happened. */
  | { readonly kind: 'number'; readonly seq: bigint; readonly timeMs: number; readonly isAgain: boolean };

/** What is known of a send before it is numbered. */
export interface Recalled {
  readonly known: KnownSend | undefined;
  /** The state of coordination by which that was judged; undefined: coordination was not asked. */
  readonly judgedBy: Remembrance | undefined;
}

export interface RetryResolverOptions {
  readonly coordination: Coordination;
  readonly clock: Clock;
  readonly age: CoordinationAge;
  readonly numbers: NumberSource;
  readonly progress: HistoryProgress;
  readonly ids: DedupStore;
  readonly partitionOf: (conversation: Conversation) => number;
}

export class RetryResolver {
  constructor(private readonly options: RetryResolverOptions) {}

  /** Whether the tables may have to be asked before numbering; never for a first attempt of an SDK. */
  mayBeForgotten(draft: IdentifiedDraft, attempt: SendAttempt): boolean {
    const { isPermanent } = draft.identity;
    // As if coordination were new: its age costs a question, which recall() asks.
    return isPermanent || this.#mayBeForgotten(draft, attempt, undefined);
  }

  /** Before numbering: the message that this send is already, if coordination may have forgotten it. */
  async recall(draft: IdentifiedDraft, attempt: SendAttempt): Promise<Recalled> {
    const { isPermanent, reservation } = draft.identity;
    const { age, coordination, clock } = this.options;
    if (isPermanent) return { known: await this.#ask(draft), judgedBy: undefined };
    const isShared = coordination.scope === 'cluster';
    // Of a shared state, which may be lost at any time, before the reservation: confirm() tells whether it stood all the
    // time. One of this process is never lost as a whole; what it gave up by the time of the question, it says afterwards.
    const before = isShared ? await age.recent() : undefined;
    // It is not forgotten; and the tables may be behind for as long as a process that died is missed.
    const isRemembered = (await coordination.get(reservation)) !== undefined;
    const judgedBy = before ?? (await age.recent());
    if (isRemembered || !this.#mayBeForgotten(draft, attempt, judgedBy))
      return { known: undefined, judgedBy };
    const coordinationAgeMs = Math.max(0, clock.now() - judgedBy.sinceMs);
    const known = await this.#ask(draft);
    if (known === undefined && attempt.attempt > 0 && isShared && coordinationAgeMs < VOID_AFTER_MS) {
      // The first attempt's record may be on its way from a process that still remembers it.
      throw unresolvedSend(VOID_AFTER_MS - coordinationAgeMs);
    }
    return { known, judgedBy };
  }

  /** Undefined: by a coordination that knows of nothing yet. */
  #mayBeForgotten(draft: IdentifiedDraft, attempt: SendAttempt, by: Remembrance | undefined): boolean {
    const now = this.options.clock.now();
    const { role, firstAttemptAtMs } = attempt;
    return mayBeForgotten({
      attempt: attempt.attempt,
      role,
      windowMs: draft.identity.windowMs,
      firstAttemptAgeMs: firstAttemptAtMs === undefined ? undefined : now - firstAttemptAtMs,
      coordinationAgeMs: by === undefined ? 0 : Math.max(0, now - by.sinceMs),
      isUnbroken: by?.isUnbroken === true,
    });
  }

  /**
   * After a send that recall() did not know has got a new number: whether the state that gave it is the one
   * by which recall() judged.
   * @throws ChatError retryable when that was lost meanwhile; the number is given up, and the next retry is judged anew.
   */
  async confirm(draft: IdentifiedDraft, judgedBy: Remembrance): Promise<void> {
    const { age, coordination } = this.options;
    if (coordination.scope === 'process' || (await age.look()).id === judgedBy.id) return;
    await coordination.delete(draft.identity.reservation);
    throw unresolvedSend(VOID_AFTER_MS);
  }

  /** Whether the send has a number, or is a message. First attempts of an SDK are never known, and cost no question. */
  async isKnown(draft: Draft, attempt: SendAttempt): Promise<boolean> {
    const { identity } = draft;
    if (identity === undefined || (attempt.attempt === 0 && attempt.role === CallerRole.USER)) return false;
    if ((await this.options.coordination.get(identity.reservation)) !== undefined) return true;
    return (await this.recall({ ...draft, identity }, attempt)).known !== undefined;
  }

  /** After coordination answered that the send has the reservation `value`. */
  async resolve(draft: IdentifiedDraft, value: string): Promise<Resolved> {
    let stands = value;
    for (let round = 0; round < ROUNDS_MAX; round++) {
      const found = parseReservation(stands);
      if (found === undefined) throw new ChatError(ErrorCode.INTERNAL, 'a reservation is unreadable');
      const step = decideRetry(found, this.options.clock.now());
      if (step === 'answer-again') return { kind: 'known', send: found };
      if (step === 'append-again') return { kind: 'number', ...found, isAgain: true };
      const outcome = await this.#askLog(draft, stands, found);
      if (typeof outcome !== 'string') return outcome;
      stands = outcome;
    }
    throw unresolvedSend(500);
  }

  /** Either the outcome, or the reservation that another retry put in place meanwhile. */
  async #askLog(draft: IdentifiedDraft, value: string, found: KnownSend): Promise<Resolved | string> {
    const { clock, coordination, numbers } = this.options;
    const { conversation, identity } = draft;
    const askedAtMs = clock.now();
    const known = await this.#ask(draft);
    if (known !== undefined) {
      const answer = formatReservation(known.seq, known.timeMs, 'a');
      await coordination.replace(identity.reservation, value, answer, identity.windowMs);
      return { kind: 'known', send: known };
    }
    const leftMs = mayAppearForMs(found.timeMs, askedAtMs);
    if (leftMs > 0) throw unresolvedSend(leftMs);
    const fresh = await numbers.next(conversation, undefined);
    if (fresh.kind === 'existing')
      throw new ChatError(ErrorCode.INTERNAL, 'a number came with a reservation');
    const next = formatReservation(fresh.seq, fresh.timeMs, 'r');
    if (await coordination.replace(identity.reservation, value, next, identity.windowMs)) {
      return { kind: 'number', seq: fresh.seq, timeMs: fresh.timeMs, isAgain: false };
    }
    const stands = await coordination.get(identity.reservation);
    if (stands === undefined) throw unresolvedSend(500);
    return stands;
  }

  /** The durable memory, once the history writer has passed the log's present end. */
  async #ask(draft: IdentifiedDraft): Promise<KnownSend | undefined> {
    const { progress, ids, partitionOf, clock } = this.options;
    const askedAtMs = clock.now();
    if (!(await progress.catchUp(partitionOf(draft.conversation), READ_YOUR_WRITE_WAIT_MS)))
      throw unresolvedSend(500);
    return ids.find(draft.conversation, draft.identity, askedAtMs);
  }
}
