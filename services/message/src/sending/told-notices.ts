// Telling devices of what is in no log. Messages that were not delivered are found again there; a notice is repeated here
// while this process lives, and by its cause's retry otherwise.
import type { Delivery, PushTarget, RoomTarget } from '@parley/delivery';
import type { AppId, UserId } from '@parley/kernel';
import type { MessageEvents } from '../events.js';

/** Pauses before a notice is told again, ms: as long as a gateway node needs to come back or to be forgotten. */
const PAUSES_MS = [500, 1_000, 2_000, 4_000, 8_000];
/** Notices that wait to be told again, at most. */
const REPEATED_MAX = 1_000;

export interface Notice {
  /** Users, or everybody in a room. */
  readonly target: PushTarget | RoomTarget;
  /** An encoded Push. */
  readonly push: Uint8Array;
  readonly appId: AppId;
  /** Whose act it tells. */
  readonly actor: UserId;
}

export class ToldNotices {
  #repeated = 0;

  constructor(
    private readonly delivery: Delivery,
    private readonly events: MessageEvents,
  ) {}

  /**
   * Starts in this turn; resolves when the notice was told, or has to be repeated. Never rejects. Devices may hear a
   * notice twice, and after a newer one.
   */
  async tell(notice: Notice): Promise<void> {
    try {
      await this.#push(notice);
    } catch (error) {
      this.#repeatLater(notice, error);
    }
  }

  #push({ target, push }: Notice): Promise<void> {
    return 'groupId' in target ? this.delivery.pushToRoom(target, push) : this.delivery.push(target, push);
  }

  #repeatLater(notice: Notice, error: unknown): void {
    if (this.#repeated >= REPEATED_MAX) {
      this.events.noticeFailed(notice.appId, notice.actor, error);
      return;
    }
    this.#repeated += 1;
    void this.#repeat(notice).finally(() => {
      this.#repeated -= 1;
    });
  }

  async #repeat(notice: Notice): Promise<void> {
    let failure: unknown;
    for (const pauseMs of PAUSES_MS) {
      await new Promise((resolve) => setTimeout(resolve, pauseMs).unref());
      try {
        await this.#push(notice);
        return;
      } catch (error) {
        failure = error;
      }
    }
    this.events.noticeFailed(notice.appId, notice.actor, failure);
  }
}
