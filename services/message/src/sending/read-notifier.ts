// Tells devices that a user has read.
import { create, toBinary } from '@bufbuild/protobuf';
import type { Delivery } from '@parley/delivery';
import type { AppId, ConnectionId, UserId } from '@parley/kernel';
import { messagev1, wirev1 } from '@parley/proto';
import type { Peer } from '../domain/conversation.js';
import type { ReadMark } from '../domain/unread.js';
import type { MessageEvents } from '../events.js';

export interface ReadNews {
  readonly appId: AppId;
  readonly user: UserId;
  readonly peer: Peer;
  readonly type: messagev1.ConversationType;
  readonly receivers: readonly UserId[];
  /** Is not told what it did itself. */
  readonly originConnectionId: ConnectionId | undefined;
}

export class ReadNotifier {
  constructor(
    private readonly delivery: Delivery,
    private readonly events: MessageEvents,
  ) {}

  /** Beside the answer: whoever misses the notice learns of the mark with the next list of conversations. */
  tell(mark: ReadMark, news: ReadNews): void {
    const { appId, user, peer, type, receivers, originConnectionId } = news;
    const notice = create(messagev1.ReadNoticeSchema, {
      user,
      peer,
      type,
      readSeq: mark.readSeq,
      readAtMs: BigInt(mark.readAtMs),
      readMessageTimeMs: BigInt(mark.readMessageTimeMs),
    });
    const push = create(wirev1.PushSchema, { event: { case: 'read', value: notice } });
    this.delivery
      .push(
        {
          appId,
          userIds: receivers,
          ...(originConnectionId === undefined ? {} : { exceptConnectionId: originConnectionId }),
        },
        toBinary(wirev1.PushSchema, push),
      )
      .catch((error: unknown) => this.events.noticeFailed(appId, user, error));
  }
}
