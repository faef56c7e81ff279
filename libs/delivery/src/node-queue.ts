// What one gateway node is owed. One batch is under way at a time, and the next one
// starts when it ends: that keeps the order per connection over retries too, and
// a busy node gets larger batches instead of more calls.
//
//   idle ──add, send──▶ sending ──answer, nothing waits──▶ idle (and forgotten)
//                        │    ▲
//                        └────┘ answer, more waits
import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  ChatError,
  type Clock,
  type ConnectionId,
  ErrorCode,
  type NodeId,
  type UserId,
} from '@parley/kernel';
import type { gatewayv1 } from '@parley/proto';
import type { Client } from '@parley/rpc';
import type { SessionRegistry } from './delivery.js';
import type { DeliveryEvents } from './events.js';
import {
  BATCH_BYTES_MAX,
  CONNECTIONS_PER_DELIVERY_MAX,
  DELIVERIES_PER_BATCH_MAX,
  NODE_SLOW_MS,
  SLOW_NODE_WAITING_MAX,
} from './limits.js';
import type { PendingPush } from './pending-push.js';
import { PLATFORM_CONTEXT } from './platform-context.js';

export type NodeClient = Client<typeof gatewayv1.GatewayNodeService>;

type DeliveryInit = NonNullable<
  MessageInitShape<typeof gatewayv1.DeliverRequestSchema>['deliveries']
>[number];

export interface NodeQueueParts {
  readonly nodeClient: (nodeId: NodeId) => NodeClient;
  readonly sessions: SessionRegistry;
  readonly events: DeliveryEvents;
  readonly clock: Clock;
  readonly onIdle: (nodeId: NodeId) => void;
}

/** One push for some connections of the node, or for a room that has connections there. */
interface NodeDelivery {
  readonly push: PendingPush;
  /** None when the push goes to a room. */
  readonly connectionIds: ConnectionId[];
  /** Whose connections they are, at the same places. */
  readonly userIds: UserId[];
}

const NOT_NAMED: ConnectionId[] = [];
const OF_NOBODY: UserId[] = [];
/** Estimate of an id in a request, bytes. */
const CONNECTION_ID_BYTES = 40;

export class NodeQueue {
  #waiting: NodeDelivery[] = [];
  #isSending = false;
  #sentAtMs = 0;

  constructor(
    readonly nodeId: NodeId,
    private readonly parts: NodeQueueParts,
  ) {}

  /** Connections of one push are added one after the other. Nothing is sent before send(). */
  add(push: PendingPush, userId: UserId, connectionId: ConnectionId): void {
    const last = this.#waiting.at(-1);
    if (last?.push === push && last.connectionIds.length < CONNECTIONS_PER_DELIVERY_MAX) {
      last.connectionIds.push(connectionId);
      last.userIds.push(userId);
      return;
    }
    this.#append({ push, connectionIds: [connectionId], userIds: [userId] });
  }

  /** The push's room, once. Nothing is sent before send(). */
  addRoom(push: PendingPush): void {
    this.#append({ push, connectionIds: NOT_NAMED, userIds: OF_NOBODY });
  }

  #append(delivery: NodeDelivery): void {
    const { push } = delivery;
    push.opened();
    if (this.#isTooSlow()) push.closed(this.#tooSlow());
    else this.#waiting.push(delivery);
  }

  send(): void {
    if (this.#isSending || this.#waiting.length === 0) return;
    this.#isSending = true;
    this.#sentAtMs = this.parts.clock.now();
    const batch = this.#take();
    this.#deliver(batch).then(
      (answer) => this.#answered(batch, answer.unknownConnectionIds),
      (thrown: unknown) => this.#failed(batch, ChatError.from(thrown)),
    );
  }

  /** Async, so that a node that cannot be addressed fails like one that does not answer. */
  async #deliver(batch: readonly NodeDelivery[]): Promise<gatewayv1.DeliverResponse> {
    const deliveries = batch.map(deliveryOf);
    return this.parts.nodeClient(this.nodeId).deliver({ deliveries }, PLATFORM_CONTEXT);
  }

  #answered(batch: readonly NodeDelivery[], unknown: readonly string[]): void {
    this.#next();
    let connections = 0;
    for (const { push, connectionIds } of batch) {
      connections += connectionIds.length;
      push.closed();
    }
    this.parts.events.batchTaken(batch.length, connections);
    if (unknown.length > 0) this.#unregister(batch, new Set(unknown));
  }

  #failed(batch: readonly NodeDelivery[], error: ChatError): void {
    this.#next();
    this.parts.events.nodeFailed(this.nodeId, error);
    for (const { push } of batch) push.closed(error);
  }

  #next(): void {
    this.#isSending = false;
    if (this.#waiting.length === 0) this.parts.onIdle(this.nodeId);
    else this.send();
  }

  #take(): NodeDelivery[] {
    let count = 0;
    let bytes = 0;
    for (const { push, connectionIds } of this.#waiting) {
      bytes += push.bytes.length + connectionIds.length * CONNECTION_ID_BYTES;
      if (count > 0 && (count >= DELIVERIES_PER_BATCH_MAX || bytes > BATCH_BYTES_MAX)) break;
      count += 1;
    }
    if (count < this.#waiting.length) return this.#waiting.splice(0, count);
    const all = this.#waiting;
    this.#waiting = [];
    return all;
  }

  /** The node does not have these connections: the registry need not name them again. */
  #unregister(batch: readonly NodeDelivery[], unknown: Set<string>): void {
    let count = 0;
    for (const { push, connectionIds, userIds } of batch) {
      for (const [at, connectionId] of connectionIds.entries()) {
        const userId = userIds[at];
        if (userId === undefined || !unknown.delete(connectionId)) continue;
        count += 1;
        this.parts.sessions
          .unregister(push.appId, userId, { connectionId, nodeId: this.nodeId })
          .catch((thrown: unknown) => {
            this.parts.events.unregisterFailed(this.nodeId, ChatError.from(thrown));
          });
      }
    }
    this.parts.events.unknownConnections(count);
  }

  #isTooSlow(): boolean {
    return (
      this.#waiting.length >= SLOW_NODE_WAITING_MAX &&
      this.#isSending &&
      this.parts.clock.now() - this.#sentAtMs >= NODE_SLOW_MS
    );
  }

  #tooSlow(): ChatError {
    return new ChatError(
      ErrorCode.OVERLOADED,
      `gateway node ${this.nodeId} is slow, and too much waits for it`,
      {
        retryAfterMs: NODE_SLOW_MS,
      },
    );
  }
}

function deliveryOf({ push, connectionIds }: NodeDelivery): DeliveryInit {
  const { room, bytes } = push;
  if (room === undefined) return { connectionIds, push: bytes };
  const { appId, groupId, exceptConnectionId = '' } = room;
  return { push: bytes, room: { appId, groupId }, exceptConnectionId };
}
