// A gateway with real sockets, over the in-process transport, with an auth and a
// message service that do as they are told.
import type { DescService, MessageInitShape } from '@bufbuild/protobuf';
import { type Coordination, createMemoryCoordination } from '@parley/coordination';
import {
  createDelivery,
  createRoomRegistry,
  createSessionRegistry,
  type Delivery,
  type EndedSession,
  type Room,
  type RoomRegistry,
  type Session,
  type SessionRegistry,
} from '@parley/delivery';
import {
  type AppId,
  ChatError,
  type ConnectionId,
  ErrorCode,
  type GroupId,
  type NodeId,
  type UserId,
} from '@parley/kernel';
import { authv1, gatewayv1, groupv1, messagev1 } from '@parley/proto';
import {
  type CallContext,
  type Client,
  createClient,
  createInProcessTransport,
  createRouter,
  type Router,
  type ServiceHandlers,
  serviceContext,
  type Transport,
} from '@parley/rpc';
import type { Platform } from '@parley/runtime';
import type { Counter, Labels, Metrics } from '@parley/telemetry';
import { CapturedLog, FakeClock } from '@parley/testkit';
import {
  type AccessGateway,
  accessGatewayManifest,
  type GatewayConfig,
  gatewayConfig,
} from '../src/index.js';
import { TestClient } from './test-client.js';

export const APP = 1_400_000_001 as AppId;
export const NODE = 'gateway-1' as NodeId;

export const endOfTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Counters by name, or by `name{reason}`. */
export class CountingMetrics implements Metrics {
  readonly values = new Map<string, number>();
  readonly gauges = new Map<string, () => number>();

  counter(name: string, _help: string, labels?: Labels): Counter {
    const key = labels?.reason === undefined ? name : `${name}{${labels.reason}}`;
    this.values.set(key, 0);
    return { add: (amount = 1) => void this.values.set(key, this.of(key) + amount) };
  }
  gauge(name: string, _help: string, read: () => number): void {
    this.gauges.set(name, read);
  }
  histogram(): { record(): void } {
    return { record() {} };
  }
  of(name: string): number {
    return this.values.get(name) ?? 0;
  }
}

/** The real registries, whose coordination can be lost or out of reach. */
export class LosableRegistry implements SessionRegistry {
  registrations = 0;
  isReachable = true;
  /** Only rooms cannot be registered. */
  takesRooms = true;
  /** What was asked of the registry of rooms, in order: `+lobby`, `-lobby`. */
  readonly roomCalls: string[] = [];
  #coordination: Coordination;
  #registry: SessionRegistry;
  #rooms: RoomRegistry;

  constructor(private readonly clock: FakeClock) {
    this.#coordination = createMemoryCoordination({ clock });
    this.#registry = createSessionRegistry({ coordination: this.#coordination, clock });
    this.#rooms = createRoomRegistry({ coordination: this.#coordination, clock });
  }

  loseEverything(): void {
    const { clock } = this;
    this.#coordination = createMemoryCoordination({ clock });
    this.#registry = createSessionRegistry({ coordination: this.#coordination, clock });
    this.#rooms = createRoomRegistry({ coordination: this.#coordination, clock });
  }
  readonly rooms: RoomRegistry = {
    register: async (room, nodeId, people) => {
      this.roomCalls.push(`+${room.groupId}`);
      if (!this.takesRooms) throw new ChatError(ErrorCode.UNAVAILABLE, 'the registry is away');
      this.#current();
      await this.#rooms.register(room, nodeId, people);
    },
    unregister: async (room, nodeId) => {
      this.roomCalls.push(`-${room.groupId}`);
      if (!this.takesRooms) throw new ChatError(ErrorCode.UNAVAILABLE, 'the registry is away');
      this.#current();
      await this.#rooms.unregister(room, nodeId);
    },
    nodesOfMany: (rooms) => this.#rooms.nodesOfMany(rooms),
    countPeople: (room) => this.#rooms.countPeople(room),
  };
  async register(appId: AppId, userId: UserId, session: Session): Promise<void> {
    this.registrations += 1;
    await this.#current().register(appId, userId, session);
  }
  async registerAgain(appId: AppId, userId: UserId, session: Session): Promise<void> {
    this.registrations += 1;
    await this.#current().registerAgain(appId, userId, session);
  }
  unregister(appId: AppId, userId: UserId, session: EndedSession): Promise<void> {
    return this.#current().unregister(appId, userId, session);
  }
  sessionsOf(appId: AppId, userId: UserId): Promise<readonly Session[]> {
    return this.#current().sessionsOf(appId, userId);
  }
  sessionsOfMany(appId: AppId, userIds: readonly UserId[]): Promise<readonly (readonly Session[])[]> {
    return this.#current().sessionsOfMany(appId, userIds);
  }
  renewLease(nodeId: NodeId, ttlMs: number): Promise<boolean> {
    return this.#current().renewLease(nodeId, ttlMs);
  }
  dropLease(nodeId: NodeId): Promise<void> {
    return this.#current().dropLease(nodeId);
  }
  #current(): SessionRegistry {
    if (!this.isReachable) throw new ChatError(ErrorCode.UNAVAILABLE, 'the registry is away');
    return this.#registry;
  }
}

type Handler = (request: never, context: CallContext) => Promise<unknown>;

/** Handlers for some methods; the others answer UNKNOWN_COMMAND. */
function partly<S extends DescService>(service: S, some: Partial<ServiceHandlers<S>>): ServiceHandlers<S> {
  const missing = (): Promise<never> =>
    Promise.reject(new ChatError(ErrorCode.UNKNOWN_COMMAND, 'not in this test'));
  const all: Record<string, Handler> = {};
  for (const { localName } of service.methods) all[localName] = missing;
  return { ...all, ...some } as ServiceHandlers<S>;
}

export type SendHandler = (
  request: messagev1.SendRequest,
  context: CallContext,
) => Promise<{ seq?: bigint; clientMessageId?: string }>;

/** Auth, message and group as a test wants them. */
export class Backend {
  readonly registry: LosableRegistry;
  /** By default every UserSig `sig` is good for ten minutes. */
  onLogin: (request: authv1.LoginRequest) => Promise<MessageInitShape<typeof authv1.LoginResponseSchema>>;
  /** By default no ticket is good. */
  onResume: (request: authv1.ResumeRequest) => Promise<MessageInitShape<typeof authv1.ResumeResponseSchema>> =
    async () => ({ outcome: authv1.ResumeOutcome.LOGIN_NEEDED });
  onSend: SendHandler = async (request) => ({ seq: 1n, clientMessageId: request.clientMessageId });
  /** By default nobody is in a group. */
  onListRooms: (request: groupv1.ListRoomsRequest, context: CallContext) => Promise<{ groupIds: string[] }> =
    async () => ({ groupIds: [] });
  onList: () => Promise<{ messages: { body: Uint8Array }[] }> = async () => ({ messages: [] });

  constructor(private readonly clock: FakeClock) {
    this.registry = new LosableRegistry(clock);
    this.onLogin = (request) => this.login(request);
  }

  async login(request: authv1.LoginRequest, lastsMs = 600_000): Promise<{ expiresAtMs: bigint }> {
    if (request.userSig !== 'sig') throw new ChatError(ErrorCode.USER_SIG_EXPIRED, 'the UserSig expired');
    await this.registry.register(request.sdkAppId as AppId, request.userId as UserId, {
      connectionId: request.connectionId as ConnectionId,
      nodeId: request.nodeId as NodeId,
      platform: request.platform,
      instanceId: request.instanceId,
      sinceMs: this.clock.now(),
    });
    return { expiresAtMs: BigInt(this.clock.now() + lastsMs) };
  }

  register(router: Router): void {
    router.register(
      authv1.AuthService,
      partly(authv1.AuthService, {
        login: (request) => this.onLogin(request),
        resume: (request) => this.onResume(request),
        logout: async (_request, context) => {
          const { appId, userId, connectionId } = context;
          if (connectionId !== undefined) await this.registry.unregister(appId, userId, { connectionId });
          return {};
        },
      }),
    );
    router.register(
      messagev1.MessageService,
      partly(messagev1.MessageService, {
        send: (request, context) => this.onSend(request, context),
        listMessages: () => this.onList(),
      }),
    );
    router.register(
      groupv1.GroupService,
      partly(groupv1.GroupService, {
        listRooms: (request, context) => this.onListRooms(request, context),
      }),
    );
  }
}

export interface Harness {
  readonly gateway: AccessGateway;
  readonly backend: Backend;
  readonly clock: FakeClock;
  readonly metrics: CountingMetrics;
  readonly log: CapturedLog;
  readonly node: Client<typeof gatewayv1.GatewayNodeService>;
  /** A socket without a Hello. */
  connect(): Promise<TestClient>;
  /** A socket that is logged in. */
  login(userId: string, instanceId?: string): Promise<TestClient>;
  deliver(push: Uint8Array, clients: readonly TestClient[]): Promise<gatewayv1.DeliverResponse>;
  /** As another service uses it, through the registries. */
  readonly delivery: Delivery;
  /** Nodes that are registered for a room. */
  roomNodes(groupId: string): Promise<readonly NodeId[]>;
  ended(reason: string): number;
  /** What the registry knows of a user. */
  sessions(userId: string): Promise<readonly Session[]>;
  stop(): Promise<void>;
}

function defaults(): GatewayConfig {
  const entries = Object.entries(gatewayConfig.fields).map(([key, { default: value }]) => [key, value]);
  return Object.fromEntries(entries) as GatewayConfig;
}

/** The parts of a platform that a gateway uses. */
const platformOf = (parts: Partial<Platform>): Platform => parts as Platform;

export const roomOf = (groupId: string, appId = APP): Room => ({ appId, groupId: groupId as GroupId });

export const context = serviceContext(APP, 'test' as UserId);

export async function startGateway(config: Partial<GatewayConfig> = {}): Promise<Harness> {
  const clock = new FakeClock();
  const backend = new Backend(clock);
  const metrics = new CountingMetrics();
  const log = new CapturedLog();
  const router = createRouter({ logger: log.logger('rpc') });
  const transport: Transport = createInProcessTransport({ router, clock });
  const platform = platformOf({
    nodeId: NODE,
    clock,
    sessions: backend.registry,
    rooms: backend.registry.rooms,
    metrics,
    logger: (subsystem) => log.logger(subsystem),
    client: (service) => createClient(service, transport),
    transport,
  });
  const gateway = await accessGatewayManifest.build(platform, { ...defaults(), port: 0, ...config });
  backend.register(router);
  for (const { service, handlers } of gateway.registrations) router.register(service, handlers);
  await gateway.start();
  const node = createClient(gatewayv1.GatewayNodeService, transport);
  const delivery = createDelivery({
    sessions: backend.registry,
    rooms: backend.registry.rooms,
    nodeClient: () => node,
    metrics,
    logger: log.logger('delivery'),
    clock,
  });
  const connect = (): Promise<TestClient> => TestClient.connect(gateway.url);
  return {
    gateway,
    backend,
    clock,
    metrics,
    log,
    node,
    delivery,
    roomNodes: async (groupId) => (await backend.registry.rooms.nodesOfMany([roomOf(groupId)]))[0] ?? [],
    connect,
    login: async (userId, instanceId = `${userId}-instance`) => {
      const client = await connect();
      await client.login({ userId, instanceId });
      return client;
    },
    deliver: (push, clients) => {
      const connectionIds = clients.map((client) => client.connectionId);
      return node.deliver({ deliveries: [{ connectionIds, push }] }, context);
    },
    sessions: (userId) => backend.registry.sessionsOf(APP, userId as UserId),
    ended: (reason) => metrics.of(`parley.gateway.connections_ended{${reason}}`),
    stop: async () => {
      await gateway.stop();
      await transport.close();
    },
  };
}
