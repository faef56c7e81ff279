// Telling devices that something was read, before the reader has the answer. What is missed all the same comes with the
// next list of conversations.
import { create, toBinary } from '@bufbuild/protobuf';
import type { AppId, ConnectionId, UserId } from '@parley/kernel';
import { messagev1, wirev1 } from '@parley/proto';
import type { Peer } from '../domain/conversation.js';
import type { ReadMark } from '../domain/unread.js';
import type { ToldNotices } from './told-notices.js';

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

export class ReadNotices {
  constructor(private readonly notices: ToldNotices) {}

  /**
   * As {@link ToldNotices.tell}: a mark that is answered only after that was told by somebody, this process or the
   * one that gets the reader's retry. Marks only move forward, so late and repeated notices do no harm.
   */
  tell(mark: ReadMark, news: ReadNews): Promise<void> {
    const { appId, user, peer, type, receivers, originConnectionId } = news;
    const value = create(messagev1.ReadNoticeSchema, {
      user,
      peer,
      type,
      readSeq: mark.readSeq,
      readAtMs: BigInt(mark.readAtMs),
      readMessageTimeMs: BigInt(mark.readMessageTimeMs),
    });
    return this.notices.tell({
      target: {
        appId,
        userIds: receivers,
        ...(originConnectionId === undefined ? {} : { exceptConnectionId: originConnectionId }),
      },
      push: toBinary(wirev1.PushSchema, create(wirev1.PushSchema, { event: { case: 'read', value } })),
      appId,
      actor: user,
    });
  }
}
