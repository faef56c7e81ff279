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
  /** Connections by `<appId>:<groupId>`, in the order in which they entered. */
  readonly rooms = new Map<string, Set<string>>();
  /** Connections of each ChangeRooms. */
  readonly roomChanges: number[] = [];
  /** What the next calls throw; undefined: they work. */
  failure: Error | undefined;
  #held: Promise<void> | undefined;
  #release: (() => void) | undefined;

  constructor(private readonly appId: number) {
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
    for (const { connectionIds, push, room, exceptConnectionId } of request.deliveries) {
      const text = Buffer.from(push).toString();
      for (const connectionId of this.#inRoom(room)) {
        if (connectionId !== exceptConnectionId) this.#receive(connectionId, text);
      }
      for (const connectionId of connectionIds) {
        if (this.unknown.has(connectionId)) unknownConnectionIds.push(connectionId);
        else this.#receive(connectionId, text);
      }
    }
    return { unknownConnectionIds };
  }

  enter(appId: number, groupId: string, connectionId: string): void {
    const key = `${appId}:${groupId}`;
    const members = this.rooms.get(key) ?? new Set();
    this.rooms.set(key, members.add(connectionId));
  }

  #inRoom(room: gatewayv1.Room | undefined): Iterable<string> {
    return room === undefined ? [] : (this.rooms.get(`${room.appId}:${room.groupId}`) ?? []);
  }

  #receive(connectionId: string, text: string): void {
    const texts = this.received.get(connectionId);
    if (texts === undefined) this.received.set(connectionId, [text]);
    else texts.push(text);
  }

  /** Knows nobody's app: every connection is one of the fixture's app. */
  async changeRooms(request: gatewayv1.ChangeRoomsRequest): Promise<{ unknownConnectionIds: string[] }> {
    await this.#held;
    if (this.failure !== undefined) throw this.failure;
    for (const { connectionIds, enterGroupIds, leaveGroupIds } of request.changes) {
      this.roomChanges.push(connectionIds.length);
      for (const id of connectionIds) {
        for (const groupId of leaveGroupIds) this.rooms.get(`${this.appId}:${groupId}`)?.delete(id);
        for (const groupId of enterGroupIds) this.enter(this.appId, groupId, id);
      }
    }
    return { unknownConnectionIds: [] };
  }

  async findInRoom(request: gatewayv1.FindInRoomRequest): Promise<{ connectionIds: string[] }> {
    await this.#held;
    if (this.failure !== undefined) throw this.failure;
    const here = new Set(this.#inRoom(request.room));
    return { connectionIds: request.connectionIds.filter((id) => here.has(id)) };
  }

  /** By `<appId>:<groupId>`; what the test puts there is answered. */
  readonly visitors = new Map<string, { userId: string; sinceMs: bigint }[]>();

  async listRoomPeople({ room }: gatewayv1.ListRoomPeopleRequest) {
    await this.#held;
    if (this.failure !== undefined) throw this.failure;
    return { visitors: this.visitors.get(`${room?.appId}:${room?.groupId}`) ?? [] };
  }

  /** What the test puts there is answered for every connection. */
  visitedRooms: string[] = [];

  async listVisitedRooms() {
    await this.#held;
    if (this.failure !== undefined) throw this.failure;
    return { groupIds: this.visitedRooms };
  }

  async disconnect(request: gatewayv1.DisconnectRequest): Promise<Record<string, never>> {
    await this.#held;
    if (this.failure !== undefined) throw this.failure;
    const { connectionIds, code, reason } = request;
    this.disconnects.push({ connectionIds, code, reason });
    return {};
  }
}
