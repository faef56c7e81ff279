// Pushing a message to whoever is connected, beside the ack.
import type { Delivery } from '@parley/delivery';
import type { Position } from '@parley/event-log';
import { type AppId, type ConnectionId, type GroupId, membersGroupOf } from '@parley/kernel';
import { type Addressed, isForRoom, pushReceivers } from '../domain/audience.js';
import { encodeMessagePush } from '../encoding/record-encoding.js';
import type { MessageEvents } from '../events.js';
import type { DeliveryMarks } from './delivery-marks.js';

export interface Deliverable extends Addressed {
  readonly conversation: { readonly appId: AppId };
  readonly originConnectionId: ConnectionId | undefined;
  readonly isSilent: boolean;
}

export class DeliverMessage {
  constructor(
    private readonly delivery: Delivery,
    private readonly marks: DeliveryMarks,
    private readonly events: MessageEvents,
  ) {}

  /**
   * Starts the delivery in this turn and does not wait for it. A failure is counted, and the
   * delivery repair finds the record without its mark.
   */
  start(message: Deliverable, encoded: Uint8Array, position: Position | undefined): void {
    if (message.isSilent) return;
    this.push(message, encoded).then(
      () => {
        if (position !== undefined) this.marks.add(position);
      },
      (error: unknown) => this.events.deliveryFailed(message, error),
    );
  }

  /** Rejects with ChatError when a gateway node did not answer. */
  push(message: Deliverable, encoded: Uint8Array): Promise<void> {
    if (isForRoom(message)) return this.#pushToRoom(message, encoded);
    const { originConnectionId } = message;
    const { appId } = message.conversation;
    const userIds = pushReceivers(message);
    return this.delivery.push(
      originConnectionId === undefined
        ? { appId, userIds }
        : { appId, userIds, exceptConnectionId: originConnectionId },
      encodeMessagePush(encoded),
    );
  }

  #pushToRoom(message: Deliverable, encoded: Uint8Array): Promise<void> {
    const { originConnectionId } = message;
    const room = { appId: message.conversation.appId, groupId: membersGroupOf(message.to as GroupId) };
    return this.delivery.pushToRoom(
      originConnectionId === undefined ? room : { ...room, exceptConnectionId: originConnectionId },
      encodeMessagePush(encoded),
    );
  }
}
