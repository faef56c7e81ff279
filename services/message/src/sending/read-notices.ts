// Telling devices that something was read, before the reader has the answer. Messages that were not delivered are
// found again in the log; a notice is in none, so it is repeated here while this process lives, and by the
// reader's retry otherwise. What is missed all the same comes with the next list of conversations.
import { create, toBinary } from '@bufbuild/protobuf';
import type { Delivery, PushTarget } from '@parley/delivery';
import type { AppId, ConnectionId, UserId } from '@parley/kernel';
import { messagev1, wirev1 } from '@parley/proto';
import type { Peer } from '../domain/conversation.js';
import type { ReadMark } from '../domain/unread.js';
import type { MessageEvents } from '../events.js';

/** Pauses before a notice is told again, ms: as long as a gateway node needs to come back or to be forgotten. */
const PAUSES_MS = [500, 1_000, 2_000, 4_000, 8_000];
/** Notices that wait to be told again, at most. */
const REPEATED_MAX = 1_000;

/** Who has read, and who is to know. */
export interface ReadNews {
  readonly appId: AppId;
  readonly user: UserId;
  readonly peer: Peer;
  readonly type: messagev1.ConversationType;
  readonly receivers: readonly UserId[];
  /** Is not told what it did itself. */
  readonly originConnectionId: ConnectionId | undefined;
}

interface ReadNotice {
  readonly target: PushTarget;
  /** An encoded Push. */
  readonly push: Uint8Array;
  readonly reader: UserId;
}

export class ReadNotices {
  #repeated = 0;

  constructor(
    private readonly delivery: Delivery,
    private readonly events: MessageEvents,
  ) {}

  /**
   * Starts in this turn; resolves when the notice was told, or has to be repeated. A mark that is answered only
   * after that was told by somebody: this process, or the one that gets the reader's retry. Never rejects.
   * Devices may hear a notice twice, and after a newer one: marks only move forward.
   */
  async tell(mark: ReadMark, news: ReadNews): Promise<void> {
    const notice = toNotice(mark, news);
    try {
      await this.delivery.push(notice.target, notice.push);
    } catch (error) {
      this.#repeatLater(notice, error);
    }
  }

  #repeatLater(notice: ReadNotice, error: unknown): void {
    if (this.#repeated >= REPEATED_MAX) {
      this.#failed(notice, error);
      return;
    }
    this.#repeated += 1;
    void this.#repeat(notice).finally(() => {
      this.#repeated -= 1;
    });
  }

  async #repeat(notice: ReadNotice): Promise<void> {
    let failure: unknown;
    for (const pauseMs of PAUSES_MS) {
      await new Promise((resolve) => setTimeout(resolve, pauseMs).unref());
      try {
        await this.delivery.push(notice.target, notice.push);
        return;
      } catch (error) {
        failure = error;
      }
    }
    this.#failed(notice, failure);
  }

  #failed({ target, reader }: ReadNotice, error: unknown): void {
    this.events.noticeFailed(target.appId, reader, error);
  }
}

function toNotice(mark: ReadMark, news: ReadNews): ReadNotice {
  const { appId, user, peer, type, receivers, originConnectionId } = news;
  const value = create(messagev1.ReadNoticeSchema, {
    user,
    peer,
    type,
    readSeq: mark.readSeq,
    readAtMs: BigInt(mark.readAtMs),
    readMessageTimeMs: BigInt(mark.readMessageTimeMs),
  });
  return {
    target: {
      appId,
      userIds: receivers,
      ...(originConnectionId === undefined ? {} : { exceptConnectionId: originConnectionId }),
    },
    push: toBinary(wirev1.PushSchema, create(wirev1.PushSchema, { event: { case: 'read', value } })),
    reader: user,
  };
}
