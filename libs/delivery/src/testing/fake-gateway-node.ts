// A gateway node without sockets: it implements GatewayNodeService and remembers what it got.
import { gatewayv1 } from '@parley/proto';
import { createClient, createInProcessTransport, createRouter, type ServiceHandlers } from '@parley/rpc';
import { silentLogger } from '@parley/telemetry';
import type { NodeClient } from '../node-queue.js';

type Handlers = ServiceHandlers<typeof gatewayv1.GatewayNodeService>;

export class FakeGatewayNode implements Handlers {
  readonly client: NodeClient;
  /** Pushes as text, by connection, in order. */
  readonly received = new Map<string, string[]>();
  /** Deliveries of each batch. */
  readonly batches: number[] = [];
  readonly disconnects: { connectionIds: string[]; code: number; reason: string }[] = [];
  readonly unknown = new Set<string>();
  /** What the next calls throw; undefined: they work. */
  failure: Error | undefined;
  #held: Promise<void> | undefined;
  #release: (() => void) | undefined;

  constructor() {
    const router = createRouter({ logger: silentLogger });
    router.register(gatewayv1.GatewayNodeService, this);
    this.client = createClient(gatewayv1.GatewayNodeService, createInProcessTransport({ router }));
  }

  /** Calls that come from now on do not answer before release(). */
  hold(): void {
    this.#held = new Promise((resolve) => {
      this.#release = resolve;
    });
  }

  release(): void {
    this.#release?.();
    this.#held = undefined;
  }

  of(connectionId: string): readonly string[] {
    return this.received.get(connectionId) ?? [];
  }

  async deliver(request: gatewayv1.DeliverRequest): Promise<{ unknownConnectionIds: string[] }> {
    this.batches.push(request.deliveries.length);
    await this.#held;
    if (this.failure !== undefined) throw this.failure;
    const unknownConnectionIds: string[] = [];
    for (const { connectionIds, push } of request.deliveries) {
      const text = Buffer.from(push).toString();
      for (const connectionId of connectionIds) {
        if (this.unknown.has(connectionId)) unknownConnectionIds.push(connectionId);
        else this.#receive(connectionId, text);
      }
    }
    return { unknownConnectionIds };
  }

  #receive(connectionId: string, text: string): void {
    const texts = this.received.get(connectionId);
    if (texts === undefined) this.received.set(connectionId, [text]);
    else texts.push(text);
  }

  async disconnect(request: gatewayv1.DisconnectRequest): Promise<Record<string, never>> {
    await this.#held;
    if (this.failure !== undefined) throw this.failure;
    const { connectionIds, code, reason } = request;
    this.disconnects.push({ connectionIds, code, reason });
    return {};
  }
}
