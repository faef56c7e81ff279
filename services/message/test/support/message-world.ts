// A world for the message service: embedded engines on disk that survive a node's death, nodes
// that come and go, an auth service of a few lines and gateways that note what they are given.
import { type Coordination, createMemoryCoordination } from '@parley/coordination';
import { createDelivery, createRoomRegistry, createSessionRegistry } from '@parley/delivery';
import { type EmbeddedDatabase, openEmbeddedDatabase } from '@parley/embedded-db';
import { createEmbeddedEventLog, type EventLog } from '@parley/event-log';
import {
  type AppId,
  ChatError,
  type ConnectionId,
  ErrorCode,
  type NodeId,
  type UserId,
} from '@parley/kernel';
import { authv1, groupv1, messagev1, profilev1 } from '@parley/proto';
import {
  type CallContext,
  CallerRole,
  type Client,
  Platform as ClientPlatform,
  createClient,
  createInProcessTransport,
  createRouter,
  type Router,
  type ServiceHandlers,
  serviceContext,
} from '@parley/rpc';
import type { Platform, Service } from '@parley/runtime';
import { createEmbeddedTableStore, type TableStore } from '@parley/table-store';
import { createMetricRegistry } from '@parley/telemetry';
import { CapturedLog, type TemporaryDirectory, temporaryDirectory } from '@parley/testkit';
import { manifest } from '../../src/manifest.js';
import { FakeGroups } from './fake-groups.js';
import { FakeSendFacts } from './fake-send-facts.js';
import { FaultyLog } from './faulty-log.js';
import { GatewayNode } from './gateway-node.js';
import { SharedCoordination } from './shared-coordination.js';
import { ShiftClock } from './shift-clock.js';
import { Watch, watched } from './watched.js';

export const APP = 1_400_000_001 as AppId;
export const OTHER_APP = 1_400_000_002 as AppId;
export const ALICE = 'alice' as UserId;
export const BOB = 'bob' as UserId;
export const CAROL = 'carol' as UserId;
const ADMIN = 'administrator' as UserId;

export interface WorldOptions {
  /** `cluster`: all nodes share one coordination. Default `process`. */
  readonly scope?: 'process' | 'cluster';
}

/** One process that holds the message service. */
export interface MessageNode {
  readonly client: Client<typeof messagev1.MessageService>;
  readonly log: FaultyLog;
  readonly tables: Watch;
  readonly coordination: Watch;
  readonly accounts: Watch;
  readonly groups: Watch;
  readonly facts: Watch;
  /** Its coordination, without the watch. */
  readonly engine: Coordination;
  /** As the auth service tells of a changed account. */
  announce(change: string): Promise<void>;
  /** As the group service does. */
  announceGroup(change: string): Promise<void>;
  /** As the profile service does. */
  announceSender(sender: string): Promise<void>;
  /** An orderly end. */
  stop(): Promise<void>;
}

export class MessageWorld {
  readonly clock = new ShiftClock();
  readonly captured = new CapturedLog();
  readonly gateway = new GatewayNode();
  readonly groups = new FakeGroups();
  readonly facts = new FakeSendFacts();
  readonly #shared: SharedCoordination;
  readonly #nodes = new Set<MessageNode>();
  readonly accounts = new Map<AppId, Set<string>>([
    [APP, new Set([ALICE, BOB, CAROL, ADMIN])],
    [OTHER_APP, new Set([ALICE, BOB, ADMIN])],
  ]);
  #nodeCount = 0;

  private constructor(
    private readonly directory: TemporaryDirectory,
    private readonly options: WorldOptions,
  ) {
    this.#shared = new SharedCoordination(this.clock);
  }

  static async create(options: WorldOptions = {}): Promise<MessageWorld> {
    const world = new MessageWorld(await temporaryDirectory(), options);
    await world.#open();
    return world;
  }

  #database!: EmbeddedDatabase;
  #log!: EventLog;
  tables!: TableStore;

  get log(): EventLog {
    return this.#log;
  }

  async #open(): Promise<void> {
    this.#database = await openEmbeddedDatabase({ dir: this.directory.path });
    const { clock } = this;
    this.#log = createEmbeddedEventLog({
      database: this.#database,
      clock,
      logger: this.captured.logger('log'),
    });
    this.tables = createEmbeddedTableStore({ database: this.#database, clock });
    await this.tables.migrate(manifest.tables);
    await this.#log.ensureTopics(manifest.topics);
  }

  /** All nodes end at once, and the engines are opened anew, as after a restart of a standalone. */
  async restart(): Promise<void> {
    await this.#closeAll();
    await this.#open();
  }

  async #closeAll(): Promise<void> {
    for (const node of [...this.#nodes]) await node.stop();
    await this.#log.close();
    await this.tables.close();
    await this.#database.close();
  }

  /** Coordination of the cluster forgets everything. */
  loseCoordination(): void {
    this.#shared.lose();
  }

  /** A new process. In the scope `process` its coordination is empty. */
  async startNode(): Promise<MessageNode> {
    const nodeId = `message-${++this.#nodeCount}` as NodeId;
    const log = new FaultyLog(this.#log);
    const watches = {
      tables: new Watch(),
      coordination: new Watch(),
      accounts: new Watch(),
      groups: new Watch(),
      facts: new Watch(),
    };
    const router = createRouter({ logger: this.captured.logger('rpc') });
    const transport = createInProcessTransport({ router, clock: this.clock });
    const engine = this.#coordinationOfNode();
    const coordination = watched(engine, watches.coordination);
    const platform = await this.#platform({ nodeId, log, router, coordination, watches });
    router.register(authv1.AuthService, this.#authHandlers(watches.accounts));
    router.register(groupv1.GroupService, watched(this.groups.handlers(), watches.groups));
    router.register(profilev1.ProfileService, watched(this.facts.handlers(), watches.facts));
    const service: Service = await manifest.build(platform, {
      headsCached: 1_000,
      accountsCached: 1_000,
      groupFactsCached: 1_000,
      sendFactsCached: 1_000,
      numbersPerBlock: 16,
      recallWindowPairS: 120,
      recallWindowGroupS: 120,
    });
    for (const { service: desc, handlers } of service.registrations) router.register(desc, handlers);
    await service.start();
    const node: MessageNode = {
      client: createClient(messagev1.MessageService, transport),
      log,
      ...watches,
      engine,
      announce: (change) => engine.publish('auth:changed', change),
      announceGroup: (change) => engine.publish('group:changed', change),
      announceSender: (sender) => engine.publish('send-facts:changed', sender),
      stop: async () => {
        this.#nodes.delete(node);
        await service.stop();
        await transport.close();
      },
    };
    this.#nodes.add(node);
    return node;
  }

  #coordinationOfNode(): Coordination {
    return this.options.scope === 'cluster'
      ? this.#shared.view()
      : createMemoryCoordination({ clock: this.clock });
  }

  async #platform(parts: {
    nodeId: NodeId;
    log: EventLog;
    router: Router;
    coordination: Coordination;
    watches: { tables: Watch };
  }): Promise<Platform> {
    const { clock, captured, gateway } = this;
    const metrics = createMetricRegistry();
    const { coordination } = parts;
    const sessions = createSessionRegistry({ coordination, clock });
    const rooms = createRoomRegistry({ coordination, clock });
    await gateway.connectTo(sessions, rooms);
    const transport = createInProcessTransport({ router: parts.router, clock });
    return {
      nodeId: parts.nodeId,
      clock,
      tables: watched(this.tables, parts.watches.tables),
      log: parts.log,
      coordination,
      sessions,
      rooms,
      delivery: createDelivery({
        sessions,
        rooms,
        clock,
        metrics,
        logger: captured.logger('delivery'),
        nodeClient: () => gateway.client(),
      }),
      metrics,
      logger: (subsystem) => captured.logger(subsystem),
      client: (service) => createClient(service, transport),
      transport,
    };
  }

  #authHandlers(watch: Watch): ServiceHandlers<typeof authv1.AuthService> {
    const { accounts } = this;
    const refuse = () => Promise.reject(new ChatError(ErrorCode.UNKNOWN_COMMAND, 'not in this test'));
    return watched(
      {
        login: refuse,
        logout: refuse,
        resume: refuse,
        verifyUserSig: refuse,
        importAccounts: refuse,
        deleteAccounts: refuse,
        kick: refuse,
        queryOnlineStatus: refuse,
        checkAccounts: async (request, context) => ({
          accounts: request.userIds.map((userId) => ({
            userId,
            isImported: accounts.get(context.appId)?.has(userId) === true,
          })),
        }),
      } satisfies ServiceHandlers<typeof authv1.AuthService>,
      watch,
    );
  }

  async close(): Promise<void> {
    await this.#closeAll();
    await this.directory.remove();
    this.captured.assertNoErrors();
  }
}

/** A user on a connection. */
export const asUser = (
  userId: UserId,
  more: { appId?: AppId; attempt?: number; firstAttemptAtMs?: number; connectionId?: ConnectionId } = {},
): CallContext => ({
  appId: more.appId ?? APP,
  userId,
  role: CallerRole.USER,
  platform: ClientPlatform.WEB,
  attempt: more.attempt ?? 0,
  ...(more.firstAttemptAtMs === undefined ? {} : { firstAttemptAtMs: more.firstAttemptAtMs }),
  ...(more.connectionId === undefined ? {} : { connectionId: more.connectionId }),
});

/** An app's back end. */
export const asAdmin = (more: { appId?: AppId; attempt?: number } = {}): CallContext => ({
  ...serviceContext(more.appId ?? APP, ADMIN),
  role: CallerRole.ADMIN,
  attempt: more.attempt ?? 0,
});

export const textBody = (text: string): Uint8Array =>
  new TextEncoder().encode(JSON.stringify([{ MsgType: 'TIMTextElem', MsgContent: { Text: text } }]));

export const textOf = (message: { body: Uint8Array }): string =>
  JSON.parse(new TextDecoder().decode(message.body))[0].MsgContent.Text;

export const { C2C, GROUP } = messagev1.ConversationType;
export const { MessageFlag } = messagev1;
