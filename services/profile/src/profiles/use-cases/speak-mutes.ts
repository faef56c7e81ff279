// Accounts that may not speak: set, told.

import { type AppId, ChatError, type Clock, ErrorCode, isUserId, type UserId } from '@parley/kernel';
import type { profilev1 } from '@parley/proto';
import type { Accounts } from '@parley/rpc';
import { secondsLeft, untilOf } from '../domain/speak-mutes.js';
import type { SendFactNotices } from '../send-fact-notices.js';
import type { SpeakMuteStore } from '../stores/speak-mute-store.js';

export interface SpeakMutesDeps {
  readonly mutes: SpeakMuteStore;
  readonly accounts: Accounts;
  readonly notices: SendFactNotices;
  readonly clock: Clock;
}

export class SpeakMutes {
  constructor(private readonly deps: SpeakMutesDeps) {}

  /** @throws ChatError 130005 for an account that does not exist, 130008 when no time is given. */
  async set(appId: AppId, request: profilev1.SetSpeakMutesRequest): Promise<void> {
    const { mutes, notices, clock } = this.deps;
    const { c2cSeconds, groupSeconds } = request;
    if (c2cSeconds === undefined && groupSeconds === undefined) {
      throw new ChatError(ErrorCode.MUTE_TIME_MISSING, 'no time is given');
    }
    const userId = await this.#require(appId, request.userId, ErrorCode.MUTE_SET_ACCOUNT_INVALID);
    const nowMs = clock.now();
    const [c2c, group] = [untilOf(c2cSeconds, nowMs), untilOf(groupSeconds, nowMs)];
    await mutes.set(
      appId,
      userId,
      { ...(c2c === undefined ? {} : { c2c }), ...(group === undefined ? {} : { group }) },
      nowMs,
    );
    await notices.changed(appId, userId);
  }

  /** @throws ChatError 130003 for an account that does not exist. */
  async get(appId: AppId, named: string): Promise<{ c2cSeconds: number; groupSeconds: number }> {
    const userId = await this.#require(appId, named, ErrorCode.MUTE_GET_ACCOUNT_INVALID);
    const times = await this.deps.mutes.get(appId, userId);
    const nowMs = this.deps.clock.now();
    return { c2cSeconds: secondsLeft(times.c2c, nowMs), groupSeconds: secondsLeft(times.group, nowMs) };
  }

  async #require(appId: AppId, userId: string, code: ErrorCode): Promise<UserId> {
    const isThere = isUserId(userId) && (await this.deps.accounts.existing(appId, [userId])).has(userId);
    if (!isThere) throw new ChatError(code, 'the account does not exist');
    return userId;
  }
}
