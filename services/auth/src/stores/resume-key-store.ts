// The cluster's keys for resume tickets: made by whoever needs one first, the same for all.
import { createSecretKey, randomBytes } from 'node:crypto';
import { ChatError, type Clock, ErrorCode } from '@parley/kernel';
import type { TableStore } from '@parley/table-store';
import { isPeriodGood, periodOf } from '../domain/resume-ticket.js';
import { resumeKeys } from '../tables.js';
import type { ResumeKey } from '../tickets/resume-key.js';

const SCOPE = 'all';
const SECRET_BYTES = 32;
/** A period whose key is not there is not looked for again before, ms: strangers may name any. */
const ABSENT_BELIEVED_MS = 1_000;
/** Periods whose keys have gone out of use, and which are removed when a new one comes. */
const PERIODS_REMOVED = 3;

export class ResumeKeyStore {
  /** At most the three periods that are good, and what has just gone out of use. */
  readonly #keys = new Map<number, ResumeKey>();
  readonly #loading = new Map<number, Promise<ResumeKey | undefined>>();
  readonly #absentUntilMs = new Map<number, number>();

  constructor(
    private readonly tables: TableStore,
    private readonly clock: Clock,
  ) {}

  /** The key that signs now. */
  async current(): Promise<ResumeKey> {
    const period = periodOf(this.clock.now());
    return this.#keys.get(period) ?? (await this.#load(period, () => this.#make(period))) ?? missing();
  }

  /** The key of a ticket; undefined: no key of that period signs anything that is good. */
  async find(period: number): Promise<ResumeKey | undefined> {
    const nowMs = this.clock.now();
    if (!isPeriodGood(period, nowMs)) return undefined;
    const known = this.#keys.get(period);
    if (known !== undefined || (this.#absentUntilMs.get(period) ?? 0) > nowMs) return known;
    return this.#load(period, () => this.#read(period));
  }

  #load(period: number, load: () => Promise<ResumeKey | undefined>): Promise<ResumeKey | undefined> {
    const running = this.#loading.get(period);
    if (running !== undefined) return running;
    const loading = load()
      .then((key) => this.#keep(period, key))
      .finally(() => this.#loading.delete(period));
    this.#loading.set(period, loading);
    return loading;
  }

  #keep(period: number, key: ResumeKey | undefined): ResumeKey | undefined {
    const nowMs = this.clock.now();
    for (const known of [...this.#keys.keys()]) if (!isPeriodGood(known, nowMs)) this.#keys.delete(known);
    this.#absentUntilMs.clear();
    if (key === undefined) this.#absentUntilMs.set(period, nowMs + ABSENT_BELIEVED_MS);
    else this.#keys.set(period, key);
    return key;
  }

  async #read(period: number): Promise<ResumeKey | undefined> {
    const row = await this.tables.get(resumeKeys, { scope: SCOPE, period });
    return row && toKey(period, row.secret);
  }

  /** Whoever comes first makes it; the others take that one. */
  async #make(period: number): Promise<ResumeKey | undefined> {
    const known = await this.#read(period);
    if (known !== undefined) return known;
    const key = { scope: SCOPE, period };
    const row = { ...key, secret: randomBytes(SECRET_BYTES) };
    const { isApplied, current } = await this.tables.compareAndSet(resumeKeys, key, undefined, row);
    if (!isApplied) return current && toKey(period, current.secret);
    for (let old = period - 2; old > period - 2 - PERIODS_REMOVED && old >= 0; old -= 1) {
      await this.tables.delete(resumeKeys, { scope: SCOPE, period: old });
    }
    return toKey(period, row.secret);
  }
}

const toKey = (period: number, secret: Uint8Array): ResumeKey => ({
  period,
  secret: createSecretKey(secret),
});

function missing(): never {
  throw new ChatError(ErrorCode.ACCOUNT_INTERNAL, 'the key of resume tickets cannot be read; retry', {
    retryAfterMs: 100,
  });
}
