// Telling devices of changes that are durable. One that misses it sees the gap in the numbers at the next change, or when
// it compares heads, and asks; so nothing is repeated for long.
import { create, toBinary } from '@bufbuild/protobuf';
import type { Delivery } from '@parley/delivery';
import { type ConnectionId, membersGroupOf, type UserId } from '@parley/kernel';
import { wirev1 } from '@parley/proto';
import type { AppliedChange } from '../consumers/change-batch.js';
import type { Stream } from '../domain/conversation.js';
import type { MessageEvents } from '../events.js';
import type { DeliveryMarks } from './delivery-marks.js';

export class AnnounceChanges {
  constructor(
    private readonly delivery: Delivery,
    private readonly marks: DeliveryMarks,
    private readonly events: MessageEvents,
  ) {}

  /** Starts in this turn, in order, and does not wait. A failure is counted; the delivery repair tells once more. */
  readonly start = (applied: readonly AppliedChange[]): void => {
    for (const one of applied) {
      this.push(one).then(
        () => this.marks.add(one.record.log),
        (error: unknown) => this.events.changeNotTold(one.stream, error),
      );
    }
  };

  /** Rejects with ChatError when a gateway node did not answer. */
  push({ stream, change, record }: Pick<AppliedChange, 'stream' | 'change' | 'record'>): Promise<void> {
    const push = toBinary(
      wirev1.PushSchema,
      create(wirev1.PushSchema, { event: { case: 'change', value: change } }),
    );
    const { originConnectionId } = record.read;
    const except: { exceptConnectionId?: ConnectionId } =
      originConnectionId === undefined ? {} : { exceptConnectionId: originConnectionId };
    const { appId } = stream;
    if (stream.kind === 'group' && change.audience.length === 0) {
      return this.delivery.pushToRoom({ appId, groupId: membersGroupOf(stream.groupId), ...except }, push);
    }
    const userIds = receiversOf(stream, change.audience as readonly string[] as readonly UserId[]);
    return this.delivery.push({ appId, userIds, ...except }, push);
  }
}

function receiversOf(stream: Stream, audience: readonly UserId[]): readonly UserId[] {
  if (stream.kind === 'user') return [stream.user];
  return stream.kind === 'group' ? audience : [...new Set([stream.first, stream.second])];
}
