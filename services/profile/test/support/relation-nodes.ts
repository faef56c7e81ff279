// Several processes of the profile service on one set of engines, any of which may die between two steps.
import { equals, fromBinary } from '@bufbuild/protobuf';
import type { Coordination } from '@parley/coordination';
import type { EventLog, SubscribeOptions } from '@parley/event-log';
import type { NodeId, UserId } from '@parley/kernel';
import { authv1, profilev1, relationv1 } from '@parley/proto';
import type { Client } from '@parley/rpc';
import { only } from '@parley/rpc/testing';
import { createPlatform } from '@parley/runtime';
import type { TableStore } from '@parley/table-store';
import { createMetricRegistry, silentLogger } from '@parley/telemetry';
import { createTestPlatform, FakeClock, type TestPlatform, waitFor } from '@parley/testkit';
import { manifest, profileConfig } from '../../src/index.js';
import { pairOf, type Side, sidesOf } from '../../src/relations/domain/pair.js';
import { blockOf, friendOf, ListStore, requestOf } from '../../src/relations/stores/list-store.js';
import { PairStore, type StoredPair } from '../../src/relations/stores/pair-store.js';
import { relationChangesTopic } from '../../src/relations/topics.js';
import { APP } from './profile-world.js';

const { RelationKind } = relationv1;

/** How many effects a process still has before it is dead. */
export class Life {
  constructor(public effectsLeft = Number.POSITIVE_INFINITY) {}

  effect(): void {
    if (this.effectsLeft <= 0) throw new Error('this process is dead');
    this.effectsLeft -= 1;
  }

  look(): void {
    if (this.effectsLeft <= 0) throw new Error('this process is dead');
  }
}

const EFFECTS = new Set(['put', 'delete', 'batch', 'writeAll', 'compareAndSet', 'append', 'publish']);
/** Those that are not called for a change. */
const FREE = new Set(['scope', 'subscribe', 'close', 'migrate', 'ensureTopics', 'partitionOf']);

function mortal<T extends object>(target: T, life: Life): T {
  return new Proxy(target, {
    get: (_, name) => {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      if (FREE.has(String(name))) return member.bind(target);
      return async (...values: unknown[]) => {
        if (EFFECTS.has(String(name))) life.effect();
        else life.look();
        return member.apply(target, values);
      };
    },
  });
}

/** What a delayed group waits for at most; it does so in real time, whatever the clock says afterwards. */
const DELAY_MAX_MS = 200;

function hurried(log: EventLog): EventLog {
  return new Proxy(log, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (name !== 'subscribe') return typeof member === 'function' ? member.bind(target) : member;
      return ({ delayMs = 0, ...options }: SubscribeOptions) =>
        target.subscribe({ ...options, delayMs: Math.min(delayMs, DELAY_MAX_MS) });
    },
  });
}

export interface RelationNode {
  readonly relations: Client<typeof relationv1.RelationService>;
  readonly profiles: Client<typeof profilev1.ProfileService>;
  stop(): Promise<void>;
}

export class RelationNodes {
  readonly clock: FakeClock;
  readonly #changes: relationv1.RelationChange[] = [];
  readonly #running: RelationNode[] = [];

  private constructor(
    private readonly test: TestPlatform,
    private readonly tables: TableStore,
    clock: FakeClock,
  ) {
    this.clock = clock;
  }

  /** On the embedded engines, except for tables that are given. */
  static async open(tables?: TableStore): Promise<RelationNodes> {
    const clock = new FakeClock();
    const test = await createTestPlatform({ clock });
    const store = tables ?? test.platform.tables;
    await store.migrate(manifest.tables);
    await test.platform.log.ensureTopics(manifest.topics);
    const nodes = new RelationNodes(test, store, clock);
    await test.platform.log.subscribe({
      topic: relationChangesTopic,
      group: 'audit',
      handler: async ({ records }) => {
        for (const { value } of records) {
          nodes.#changes.push(fromBinary(relationv1.RelationChangeSchema, value));
        }
      },
    });
    return nodes;
  }

  /** A process; only one whose consumers run settles what others leave. */
  async start({ life = new Life(), hasConsumers = false } = {}): Promise<RelationNode> {
    const { log, coordination } = this.test.platform;
    const handle = createPlatform({
      nodeId: `node-${this.#running.length}` as NodeId,
      engines: {
        tables: mortal(this.tables, life),
        log: mortal<EventLog>(hurried(log), life),
        coordination: mortal<Coordination>(coordination, life),
        close: async () => undefined,
      },
      logs: { logger: () => silentLogger },
      metrics: createMetricRegistry(),
      clock: this.clock,
    });
    const checkAccounts = async ({ userIds }: authv1.CheckAccountsRequest) => ({
      accounts: userIds.map((userId) => ({ userId, isImported: true })),
    });
    handle.router.register(authv1.AuthService, only(authv1.AuthService, { checkAccounts }));
    const fields = Object.entries<{ readonly default: unknown }>(profileConfig.fields);
    const config = Object.fromEntries(fields.map(([name, field]) => [name, field.default]));
    const built = await manifest.build(
      handle.platform,
      config as unknown as Parameters<typeof manifest.build>[1],
    );
    for (const { service, handlers } of built.registrations) handle.router.register(service, handlers);
    if (hasConsumers) await built.start();
    const node = {
      relations: handle.platform.client(relationv1.RelationService),
      profiles: handle.platform.client(profilev1.ProfileService),
      stop: async () => {
        await built.stop();
        await handle.close();
      },
    };
    this.#running.push(node);
    return node;
  }

  async close(): Promise<void> {
    for (const node of this.#running) await node.stop();
    await this.test.close();
  }

  /** Time goes on until whatever was left is carried out, though nobody touches the pair. */
  async settled(a: string, b: string): Promise<void> {
    this.clock.advance(11_000);
    const pairs = new PairStore(this.tables);
    const key = pairOf(APP, a as UserId, b as UserId);
    await waitFor(async () => (await pairs.get(key)).intent === undefined, {
      what: 'the intent to be cleared',
    });
  }

  /** What stands between two users now, with what follows from it. */
  stored(a: string, b: string) {
    return new PairStore(this.tables).get(pairOf(APP, a as UserId, b as UserId));
  }

  /** Writes the rows of an intent, as a process does that was asleep meanwhile. */
  async writeLate({ version, intent }: StoredPair): Promise<void> {
    const lists = new ListStore(this.tables);
    for (const row of intent?.rows ?? []) await lists.write(APP, version, row);
  }

  /** What is wrong between two users; empty: nothing. */
  async faultsOf(a: string, b: string): Promise<string[]> {
    const key = pairOf(APP, a as UserId, b as UserId);
    const { pair, version } = await new PairStore(this.tables).get(key);
    const faults: string[] = [];
    for (const userId of [key.low, key.high]) {
      const { mine, theirs } = sidesOf(key, pair, userId);
      const peer = userId === key.low ? key.high : key.low;
      faults.push(...(await this.#rowFaults({ userId, peer, mine, theirs })));
      if (mine.blocked && (mine.friend ?? mine.request ?? theirs.friend ?? theirs.request)) {
        faults.push(`${userId} blocks, and something is left between both`);
      }
      if (mine.request && mine.friend && theirs.friend) faults.push(`${userId} asks a friend`);
    }
    const told = () => {
      const ofPair = this.#changes.filter(({ lists }) =>
        lists.some((list) => [a, b].includes(list.userId) && [a, b].includes(list.peer)),
      );
      return new Set(ofPair.map(({ pairVersion }) => pairVersion)).size;
    };
    const isTold = await waitFor(() => BigInt(told()) === version, { timeoutMs: 3_000 }).then(
      () => true,
      () => false,
    );
    if (!isTold) faults.push(`${version} changes, ${told()} told`);
    return faults;
  }

  async #rowFaults({ userId, peer, mine, theirs }: RowsOf): Promise<string[]> {
    const lists = new ListStore(this.tables);
    const faults: string[] = [];
    const row = async (kind: relationv1.RelationKind) => (await lists.named(APP, userId, kind, [peer]))[0];
    const friend = await row(RelationKind.FRIEND);
    const blocked = await row(RelationKind.BLOCKED);
    const sent = await row(RelationKind.SENT);
    const received = await row(RelationKind.RECEIVED);
    const say = (isRight: boolean, what: string) => {
      if (!isRight) faults.push(`${userId}: ${what} differs`);
    };
    say(same(relationv1.FriendEntrySchema, friend && friendOf(friend), mine.friend), 'friend');
    say(same(relationv1.BlockEntrySchema, blocked && blockOf(blocked), mine.blocked), 'blocked');
    say(same(relationv1.RequestEntrySchema, sent && requestOf(sent), mine.request), 'sent');
    say(same(relationv1.RequestEntrySchema, received && requestOf(received), theirs.request), 'received');
    say(((await row(RelationKind.KNOWN_BY)) !== undefined) === (theirs.friend !== undefined), 'known by');
    say(
      ((await row(RelationKind.BLOCKED_BY)) !== undefined) === (theirs.blocked !== undefined),
      'blocked by',
    );
    return faults;
  }
}

interface RowsOf {
  readonly userId: UserId;
  readonly peer: UserId;
  readonly mine: Side;
  readonly theirs: Side;
}

function same(
  schema: Parameters<typeof equals>[0],
  a: Parameters<typeof equals>[1] | undefined,
  b: Parameters<typeof equals>[1] | undefined,
): boolean {
  return a === undefined || b === undefined ? a === b : equals(schema, a, b);
}
