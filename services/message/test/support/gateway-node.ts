// A gateway node of a few lines: it has connections and notes what is pushed to each.
import { fromBinary } from '@bufbuild/protobuf';
import type { SessionRegistry } from '@parley/delivery';
import {
  type AppId,
  ChatError,
  type ConnectionId,
  ErrorCode,
  type NodeId,
  type UserId,
} from '@parley/kernel';
import { gatewayv1, type messagev1, wirev1 } from '@parley/proto';
import { type Client, createClient, createInProcessTransport, createRouter, Platform } from '@parley/rpc';
import { silentLogger } from '@parley/telemetry';

const NODE = 'gateway-1' as NodeId;
const LEASE_MS = 24 * 60 * 60 * 1_000;

interface Connection {
  readonly appId: AppId;
  readonly userId: UserId;
  readonly connectionId: ConnectionId;
}

export class GatewayNode {
  readonly #client: Client<typeof gatewayv1.GatewayNodeService>;
  readonly #registries = new Set<SessionRegistry>();
  readonly #connections: Connection[] = [];
  readonly #pushes = new Map<string, wirev1.Push[]>();
  /** Whether a push is refused, as by a node that hangs. */
  isAway = false;
  /** Told of every message that arrives at a connection. */
  onMessage: (connectionId: string, message: messagev1.Message) => void = () => undefined;

  constructor() {
    const router = createRouter({ logger: silentLogger });
    router.register(gatewayv1.GatewayNodeService, {
      deliver: async (request) => {
        if (this.isAway) throw new ChatError(ErrorCode.UNAVAILABLE, 'the node hangs');
        for (const delivery of request.deliveries) this.#take(delivery);
        return {};
      },
      disconnect: async () => ({}),
      changeRooms: async () => ({}),
    });
    this.#client = createClient(gatewayv1.GatewayNodeService, createInProcessTransport({ router }));
  }

  client(): Client<typeof gatewayv1.GatewayNodeService> {
    return this.#client;
  }

  /** A registry that must know this node's connections, now and later. */
  async connectTo(registry: SessionRegistry): Promise<void> {
    this.#registries.add(registry);
    await registry.renewLease(NODE, LEASE_MS);
    for (const connection of this.#connections) await register(registry, connection);
  }

  async connect(userId: UserId, connectionId: string, appId: AppId): Promise<ConnectionId> {
    const connection = { appId, userId, connectionId: connectionId as ConnectionId };
    this.#connections.push(connection);
    for (const registry of this.#registries) await register(registry, connection);
    return connection.connectionId;
  }

  /** Messages pushed to a connection, in order. */
  messages(connectionId: string): messagev1.Message[] {
    return this.#events(connectionId).flatMap((push) =>
      push.event.case === 'message' ? [push.event.value] : [],
    );
  }

  reads(connectionId: string): messagev1.ReadNotice[] {
    return this.#events(connectionId).flatMap((push) =>
      push.event.case === 'read' ? [push.event.value] : [],
    );
  }

  #events(connectionId: string): readonly wirev1.Push[] {
    return this.#pushes.get(connectionId) ?? [];
  }

  #take(delivery: gatewayv1.Delivery): void {
    const push = fromBinary(wirev1.PushSchema, delivery.push);
    for (const connectionId of delivery.connectionIds) {
      const pushes = this.#pushes.get(connectionId);
      if (pushes === undefined) this.#pushes.set(connectionId, [push]);
      else pushes.push(push);
      if (push.event.case === 'message') this.onMessage(connectionId, push.event.value);
    }
  }
}

const register = (registry: SessionRegistry, { appId, userId, connectionId }: Connection): Promise<void> =>
  registry.register(appId, userId, {
    connectionId,
    nodeId: NODE,
    platform: Platform.WEB,
    instanceId: connectionId,
    sinceMs: 0,
  });
