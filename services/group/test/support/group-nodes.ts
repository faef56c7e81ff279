// Several processes of the group service on one set of engines, any of which may die between two steps.

import { fromBinary } from '@bufbuild/protobuf';
import type { Coordination } from '@parley/coordination';
import type { EventLog } from '@parley/event-log';
import { type GroupId, type NodeId } from '@parley/kernel';
import { authv1, groupv1, messagev1 } from '@parley/proto';
import type { Client } from '@parley/rpc';
import { only } from '@parley/rpc/testing';
import { createPlatform } from '@parley/runtime';
import { createMetricRegistry, silentLogger } from '@parley/telemetry';
import { createTestPlatform, FakeClock, type TestPlatform, waitFor } from '@parley/testkit';
import { type GroupConfig, groupConfig, manifest } from '../../src/index.js';
import { GroupStore } from '../../src/stores/group-store.js';
import { groupChangesTopic } from '../../src/topics.js';
import { APP, admin, FakeMessages, service } from './group-world.js';

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

/** Members that change something; all others only look. */
const EFFECTS = new Set([
  'put',
  'delete',
  'batch',
  'writeAll',
  'compareAndSet',
  'append',
  'publish',
  'openConversations',
  'closeConversations',
]);
/** Those that are not called for a change. */
const FREE = new Set([
  'scope',
  'subscribe',
  'close',
  'migrate',
  'ensureTopics',
  'partitionOf',
  'countInWindow',
]);

function mortal<T extends object>(target: T, life: Life): T {
  return new Proxy(target, {
    get: (_, name) => {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function' || FREE.has(String(name))) {
        return typeof member === 'function' ? member.bind(target) : member;
      }
      return async (...values: unknown[]) => {
        if (EFFECTS.has(String(name))) life.effect();
        else life.look();
        return member.apply(target, values);
      };
    },
  });
}

export interface GroupNode {
  readonly groups: Client<typeof groupv1.GroupService>;
  readonly permissions: Client<typeof groupv1.PermissionGroupService>;
  readonly life: Life;
  stop(): Promise<void>;
}

export class GroupNodes {
  readonly changes: groupv1.GroupChange[] = [];
  readonly #running: GroupNode[] = [];

  private constructor(
    readonly test: TestPlatform,
    readonly messages: FakeMessages,
  ) {}

  static async open(): Promise<GroupNodes> {
    const test = await createTestPlatform({ clock: new FakeClock() });
    const { tables, log } = test.platform;
    await tables.migrate(manifest.tables);
    await log.ensureTopics(manifest.topics);
    const nodes = new GroupNodes(test, new FakeMessages());
    await log.subscribe({
      topic: groupChangesTopic,
      group: 'audit',
      handler: async ({ records }) => {
        for (const { value } of records) nodes.changes.push(fromBinary(groupv1.GroupChangeSchema, value));
      },
    });
    return nodes;
  }

  async start(life = new Life()): Promise<GroupNode> {
    const { tables, log, coordination, clock } = this.test.platform;
    const engines = {
      tables: mortal(tables, life),
      log: mortal<EventLog>(log, life),
      coordination: mortal<Coordination>(coordination, life),
      close: async () => undefined,
    };
    const handle = createPlatform({
      nodeId: `node-${this.#running.length}` as NodeId,
      engines,
      logs: { logger: () => silentLogger },
      metrics: createMetricRegistry(),
      clock,
    });
    handle.router.register(
      authv1.AuthService,
      only(authv1.AuthService, {
        checkAccounts: async ({ userIds }) => ({
          accounts: userIds.map((userId) => ({ userId, isImported: true })),
        }),
      }),
    );
    handle.router.register(messagev1.MessageService, mortal(this.messages.handlers, life));
    const built = await manifest.build(handle.platform, configOf());
    for (const { service: contract, handlers } of built.registrations)
      handle.router.register(contract, handlers);
    const node = {
      groups: handle.platform.client(groupv1.GroupService),
      permissions: handle.platform.client(groupv1.PermissionGroupService),
      life,
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

  async stored(groupId: string) {
    return new GroupStore(this.test.platform.tables).get({ appId: APP, groupId: groupId as GroupId });
  }

  /** What is wrong with a group once `node` has looked at it; empty: nothing. `users` are all who may be in it. */
  async faultsOf(node: GroupNode, groupId: string, users: readonly string[]): Promise<string[]> {
    await node.groups.getGroups({ groupIds: [groupId] }, admin);
    let stored = await this.stored(groupId);
    await waitFor(
      async () => {
        stored = await this.stored(groupId);
        return stored?.intent === undefined;
      },
      { what: 'the intent to be cleared' },
    );
    const state = stored?.state;
    const faults: string[] = [];
    const isThere = state !== undefined && !state.isDestroyed;
    const { members } = isThere
      ? await node.groups.listMembers({ groupId, limit: 200 }, admin)
      : { members: [] };
    const names = members.map((member) => member.userId);
    if (isThere && names.length !== state.group?.memberNum) {
      faults.push(`${state.group?.memberNum} members by number, ${names.length} by rows`);
    }
    for (const user of users) {
      const isIn = names.includes(user);
      const { groupIds } = await node.groups.listRooms({ user }, service);
      if (groupIds.includes(groupId) !== isIn) faults.push(`${user}: rooms differ`);
      if (this.messages.isOpen(groupId, user) !== isIn) faults.push(`${user}: conversation differs`);
    }
    const { groupIds: listed } = await node.groups.listAppGroups({}, admin);
    if (listed.includes(groupId) !== isThere) faults.push('the list of the app differs');
    await this.#checkRecords(groupId, state?.changeSeq ?? 0n, faults);
    return faults;
  }

  /** Every change has its record. */
  async #checkRecords(groupId: string, changeSeq: bigint, faults: string[]): Promise<void> {
    const seqs = () =>
      new Set(this.changes.filter((change) => change.groupId === groupId).map((change) => change.changeSeq));
    try {
      await waitFor(() => BigInt(seqs().size) === changeSeq, { timeoutMs: 3_000 });
    } catch {
      faults.push(`${changeSeq} changes, records of ${[...seqs()].join(', ')}`);
    }
  }
}

function configOf(): GroupConfig {
  const fields = Object.entries<{ readonly default: unknown }>(groupConfig.fields);
  const defaults = Object.fromEntries(fields.map(([name, field]) => [name, field.default]));
  return { ...(defaults as unknown as GroupConfig), groupsPerDayMax: 0 };
}
