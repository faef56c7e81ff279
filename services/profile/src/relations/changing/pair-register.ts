// The one way to change what is between two users (docs/adr/0015-relations.md):
//
//   notice in the log ──▶ look ──▶ carry out what somebody left ──▶ decide ──▶ put pair and intent in one step ──▶ carry out ──▶ clear
//                          ▲                                                        │ somebody was faster
//                          └────────────────────────────────────────────────────────┘
//
// What is put is decided. Should its writer die, the notice brings somebody who carries it out.
import { create, toBinary } from '@bufbuild/protobuf';
import type { EventLog } from '@parley/event-log';
import { type AppId, ChatError, type Clock, ErrorCode, type UserId } from '@parley/kernel';
import { relationv1 } from '@parley/proto';
import { consequencesOf, type Occasion } from '../domain/consequences.js';
import type { Decision } from '../domain/deciding.js';
import { CHANGE_ATTEMPTS_MAX, CHANGE_PAUSE_MS, NOTICE_VALID_MS } from '../domain/limits.js';
import { type PairKey, pairFrom, pairOf, type Sides, sidesOf } from '../domain/pair.js';
import type { PairStore, StoredPair } from '../stores/pair-store.js';
import { relationIntentsTopic } from '../topics.js';
import type { CarryOut } from './carry-out.js';

export interface PairRegisterDeps {
  readonly pairs: PairStore;
  readonly carryOut: CarryOut;
  readonly log: EventLog;
  readonly clock: Clock;
}

export type Decide = (sides: Sides) => Promise<Decision> | Decision;

export class PairRegister {
  constructor(private readonly deps: PairRegisterDeps) {}

  /** As it is decided, in the order asked; what follows from it may still be under way. At most 1,000. */
  async sidesOf(appId: AppId, userId: UserId, peers: readonly UserId[]): Promise<Sides[]> {
    const keys = peers.map((peer) => pairOf(appId, userId, peer));
    const stored = await this.deps.pairs.getMany(keys);
    return stored.map(({ pair }, at) => sidesOf(keys[at] as PairKey, pair, userId));
  }

  /**
   * Decides one change and carries it out; answers the decision's code. `decide` sees the pair as `userId` does, and runs
   * again when somebody else was faster.
   * @throws ChatError 30008 when the pair changes too fast; UNAVAILABLE, after which a retry may help; what `decide` throws.
   */
  async change(
    key: PairKey,
    userId: UserId,
    occasion: Omit<Occasion, 'nowMs'>,
    decide: Decide,
  ): Promise<ErrorCode> {
    let noticeMs = Number.NEGATIVE_INFINITY;
    for (let attempt = 0; attempt < CHANGE_ATTEMPTS_MAX; attempt += 1) {
      const seen = await this.#settled(key);
      const before = sidesOf(key, seen.pair, userId);
      const { sides, code } = await decide(before);
      if (sides === before) return code;
      const pair = pairFrom(key, sides, userId);
      const nowMs = this.deps.clock.now();
      const intent = consequencesOf(key, seen.pair, pair, { ...occasion, nowMs });
      if (intent === undefined) return code;
      if (nowMs - noticeMs > NOTICE_VALID_MS) noticeMs = await this.#notify(key);
      const next = { version: seen.version + 1n, pair, intent };
      if (await this.deps.pairs.replace(key, seen, next)) {
        await this.#finish(key, next);
        return code;
      }
      await pause(Math.random() * CHANGE_PAUSE_MS);
    }
    throw new ChatError(ErrorCode.SNS_CONFLICT, 'the pair changes too fast; retry', { retryAfterMs: 200 });
  }

  /** Carries out what was left, if anything was. */
  async settle(key: PairKey): Promise<void> {
    await this.#settled(key);
  }

  async #settled(key: PairKey): Promise<StoredPair> {
    let stored = await this.deps.pairs.get(key);
    for (let attempt = 0; stored.intent !== undefined; attempt += 1) {
      if (attempt >= CHANGE_ATTEMPTS_MAX) {
        throw new ChatError(ErrorCode.SNS_CONFLICT, 'the pair changes too fast; retry', {
          retryAfterMs: 200,
        });
      }
      await this.#finish(key, stored);
      stored = await this.deps.pairs.get(key);
    }
    return stored;
  }

  async #finish(key: PairKey, stored: StoredPair): Promise<void> {
    if (stored.intent === undefined) return;
    await this.deps.carryOut.run(key, stored.version, stored.intent);
    // Whoever else has cleared it has carried it out.
    await this.deps.pairs.replace(key, stored, { ...stored, intent: undefined });
  }

  /** Answers when the notice was written: before it was appended, so that it is never taken for younger than it is. */
  async #notify({ appId, low, high }: PairKey): Promise<number> {
    const nowMs = this.deps.clock.now();
    const notice = create(relationv1.PairNoticeSchema, { appId, low, high, timeMs: BigInt(nowMs) });
    const bytes = toBinary(relationv1.PairNoticeSchema, notice);
    await this.deps.log.append(relationIntentsTopic, `${appId}/${low}/${high}`, bytes);
    return nowMs;
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
