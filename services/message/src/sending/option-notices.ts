// Telling a user's devices that an option of conversations was set. What is missed comes with the next list of
// conversations, for the option's time is in it; so nothing is repeated.
import { create, toBinary } from '@bufbuild/protobuf';
import type { Delivery } from '@parley/delivery';
import type { AppId, ConnectionId, UserId } from '@parley/kernel';
import { messagev1, wirev1 } from '@parley/proto';
import type { MessageEvents } from '../events.js';

export interface OptionNews {
  readonly appId: AppId;
  readonly user: UserId;
  /** Is not told what it did itself. */
  readonly originConnectionId: ConnectionId | undefined;
}

export class OptionNotices {
  constructor(
    private readonly delivery: Delivery,
    private readonly events: MessageEvents,
  ) {}

  /** Never rejects. */
  async tell({ appId, user, originConnectionId }: OptionNews, peers: readonly UserId[]): Promise<void> {
    const value = create(messagev1.ReceiveOptionNoticeSchema, { peers: [...peers] });
    const push = create(wirev1.PushSchema, { event: { case: 'receiveOption', value } });
    const except = originConnectionId === undefined ? {} : { exceptConnectionId: originConnectionId };
    try {
      await this.delivery.push({ appId, userIds: [user], ...except }, toBinary(wirev1.PushSchema, push));
    } catch (thrown) {
      this.events.noticeFailed(appId, user, thrown);
    }
  }
}
