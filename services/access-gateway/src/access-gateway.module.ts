// Wires the gateway's objects; nothing else.
import 'reflect-metadata';
import { type DynamicModule, Module } from '@nestjs/common';
import { FRAME_BYTES_MAX } from '@parley/kernel';
import { authv1, groupv1 } from '@parley/proto';
import { RateClass, sdkMethodTable } from '@parley/rpc';
import type { Platform } from '@parley/runtime';
import { AccessGateway, WATCH_TICK_MS } from './access-gateway.js';
import type { GatewayConfig } from './config.js';
import type { Connection } from './connections/connection.js';
import { ConnectionCloser } from './connections/connection-closer.js';
import { ConnectionTable } from './connections/connection-table.js';
import { Outbox } from './connections/outbox.js';
import { Admission } from './domain/admission.js';
import { DeadlineWheel } from './domain/deadline-wheel.js';
import { GatewayEvents } from './events.js';
import { RoomRegistrar } from './rooms/room-registrar.js';
import { RoomTable } from './rooms/room-table.js';
import { Rooms } from './rooms/rooms.js';
import { GatewayNodeHandlers } from './rpc/gateway-node-handlers.js';
import { SDK_SERVICES } from './sdk-services.js';
import { type DoorState, GatewayDoorKeeper } from './sockets/door-keeper.js';
import { WebSocketDoor } from './sockets/websocket-door.js';
import { DrainConnections } from './use-cases/drain-connections.js';
import { ForwardCall, type RateLimits } from './use-cases/forward-call.js';
import { JoinRooms } from './use-cases/join-rooms.js';
import { KeepLease } from './use-cases/keep-lease.js';
import { LogIn } from './use-cases/log-in.js';
import { ReceiveFrame } from './use-cases/receive-frame.js';
import { BacklogWatch } from './use-cases/watch-backlog.js';
import { DeadlineWatch } from './use-cases/watch-deadlines.js';

const PLATFORM = Symbol('platform');
const CONFIG = Symbol('config');

/** 512 ticks of 250 ms: 128 s, so a ping timeout needs one look. */
const WHEEL_SLOTS = 512;
/** Sockets beside those of clients: health checks, and handshakes about to be refused. */
const SPARE_SOCKETS = 256;

/** What every use case builds on. */
function createShared(platform: Platform, config: GatewayConfig) {
  const { clock, nodeId, sessions } = platform;
  const table = new ConnectionTable();
  const outbox = new Outbox(config.outgoingBytesMax);
  const wheel = new DeadlineWheel<Connection>({
    tickMs: WATCH_TICK_MS,
    slots: WHEEL_SLOTS,
    startMs: clock.now(),
  });
  const events = new GatewayEvents(platform.logger('gateway'), platform.metrics);
  const roomTable = new RoomTable();
  const registry = platform.rooms;
  const registrar = new RoomRegistrar({ registry, table: roomTable, events, clock, nodeId });
  const rooms = new Rooms(roomTable, registrar);
  const closer = new ConnectionCloser({ table, outbox, wheel, sessions, rooms, events, clock, nodeId });
  const groups = platform.client(groupv1.GroupService);
  const joinRooms = new JoinRooms({ groups, rooms, registrar, outbox, closer, events, clock });
  const { loginDeadlineMs, idleLimitMs } = config;
  const watch = new DeadlineWatch({ wheel, closer, clock, loginDeadlineMs, idleLimitMs });
  const connecting = { table, outbox, events, closer, watch };
  return { clock, nodeId, sessions, ...connecting, roomTable, registrar, rooms, joinRooms };
}

type Shared = ReturnType<typeof createShared>;

const rateLimits = (config: GatewayConfig): RateLimits => {
  const write = { perSecond: config.writesPerSecond, burst: config.writesBurst };
  return {
    [RateClass.UNSPECIFIED]: write,
    [RateClass.SEND]: { perSecond: config.sendsPerSecond, burst: config.sendsBurst },
    [RateClass.READ]: { perSecond: config.readsPerSecond, burst: config.readsBurst },
    [RateClass.WRITE]: write,
  };
};

function createReceiver(platform: Platform, config: GatewayConfig, shared: Shared): ReceiveFrame {
  const terms = {
    pingIntervalMs: config.pingIntervalMs,
    frameBytesMax: FRAME_BYTES_MAX,
    callsInFlightMax: config.callsInFlightMax,
  };
  const forwardCall = new ForwardCall({
    ...shared,
    transport: platform.transport,
    methods: sdkMethodTable(SDK_SERVICES),
    limits: rateLimits(config),
    callsInFlightMax: config.callsInFlightMax,
    bytesInFlightMax: config.bytesInFlightMax,
    outgoingBytesMax: config.outgoingBytesMax,
  });
  return new ReceiveFrame({
    ...shared,
    logIn: new LogIn({
      ...shared,
      auth: platform.client(authv1.AuthService),
      terms,
      logins: new Admission({ perSecond: config.loginsPerSecond, burst: config.loginsBurst }),
      resumes: new Admission({ perSecond: config.resumesPerSecond, burst: config.resumesBurst }),
    }),
    forwardCall,
    frameLimit: { perSecond: config.framesPerSecond, burst: config.framesBurst },
  });
}

function createDoor(
  config: GatewayConfig,
  shared: Shared,
  state: DoorState,
  receive: ReceiveFrame,
): WebSocketDoor {
  const { connectionsMax, preLoginMax } = config;
  const keeper = new GatewayDoorKeeper({ ...shared, state, receive, connectionsMax, preLoginMax });
  const options = {
    ...config,
    socketsMax: connectionsMax + SPARE_SOCKETS,
    headersTimeoutMs: config.loginDeadlineMs,
  };
  return new WebSocketDoor(options, keeper);
}

function createGauges({ metrics }: Platform, { table, roomTable, outbox }: Shared): void {
  const gauge = (name: string, help: string, read: () => number): void =>
    metrics.gauge(`parley.gateway.${name}`, help, read);
  gauge('connections', 'Connections of this node.', () => table.size);
  gauge('rooms', 'Rooms that this node knows.', () => roomTable.size);
  gauge('backlog_bytes', 'Bytes that wait for slow readers.', () => outbox.backlogBytes);
  gauge('room_memberships', 'Connections in rooms, each counted once per room.', () => roomTable.memberships);
}

function createGateway(platform: Platform, config: GatewayConfig): AccessGateway {
  const shared = createShared(platform, config);
  const doorState: DoorState = { isOpen: false };
  createGauges(platform, shared);
  return new AccessGateway({
    ...shared,
    doorState,
    door: createDoor(config, shared, doorState, createReceiver(platform, config, shared)),
    backlog: new BacklogWatch({ ...shared, bytesMax: config.outgoingBytesTotalMax }),
    handlers: new GatewayNodeHandlers(shared),
    lease: new KeepLease({ ...shared, renewMs: config.leaseRenewMs, ttlMs: config.leaseTtlMs }),
    drainConnections: new DrainConnections({
      ...shared,
      windowMs: config.drainWindowMs,
      slotMs: config.drainSlotMs,
      moveAddresses: config.moveAddresses,
    }),
  });
}

@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: Nest wants a class for a module
export class AccessGatewayModule {
  static forPlatform(platform: Platform, config: GatewayConfig): DynamicModule {
    return {
      module: AccessGatewayModule,
      providers: [
        { provide: PLATFORM, useValue: platform },
        { provide: CONFIG, useValue: config },
        { provide: AccessGateway, useFactory: createGateway, inject: [PLATFORM, CONFIG] },
      ],
      exports: [AccessGateway],
    };
  }
}
