// The running group service: starts and stops what follows changes.
import { fromBinary } from '@bufbuild/protobuf';
import { type BatchHandler, eachRecord, type Subscription } from '@parley/event-log';
import { groupv1 } from '@parley/proto';
import { accountEventsTopic, type Platform, type ReadyState, register, type Service } from '@parley/runtime';
import { createGroupHandlers, type GroupUseCases } from './rpc/group-handlers.js';
import { createPermissionHandlers, type PermissionUseCases } from './rpc/permission-handlers.js';
import {
  ACCOUNTS_GROUP,
  EVENTS_GROUP,
  groupChangesTopic,
  NOTICES_GROUP,
  ROOMS_GROUP,
  TIPS_GROUP,
} from './topics.js';

/** Makes of one change what follows from it; may be asked twice for one, and must come to the same. */
type ChangeFollower = (change: groupv1.GroupChange) => Promise<void>;

export interface GroupServiceParts {
  readonly use: GroupUseCases & PermissionUseCases;
  readonly rooms: ChangeFollower;
  readonly tips: ChangeFollower;
  readonly notices: ChangeFollower;
  readonly events: ChangeFollower;
  readonly accounts: BatchHandler;
  /** Frees what wired the parts together. */
  readonly close: () => Promise<void>;
}

export class GroupServer implements Service {
  readonly registrations;
  readonly #subscriptions: Subscription[] = [];
  #state: 'built' | 'running' | 'stopped' = 'built';

  constructor(
    private readonly platform: Platform,
    private readonly parts: GroupServiceParts,
  ) {
    this.registrations = [
      register(groupv1.GroupService, createGroupHandlers(parts.use)),
      register(groupv1.PermissionGroupService, createPermissionHandlers(parts.use)),
    ];
  }

  async start(): Promise<void> {
    const { rooms, tips, notices, events } = this.parts;
    const followers: [string, ChangeFollower][] = [
      [ROOMS_GROUP, rooms],
      [TIPS_GROUP, tips],
      [NOTICES_GROUP, notices],
      [EVENTS_GROUP, events],
    ];
    for (const [group, follow] of followers) {
      const handler = eachRecord((record) => follow(fromBinary(groupv1.GroupChangeSchema, record)));
      const options = { topic: groupChangesTopic, group, handler };
      this.#subscriptions.push(await this.platform.log.subscribe(options));
    }
    const ofAccounts = { topic: accountEventsTopic, group: ACCOUNTS_GROUP, handler: this.parts.accounts };
    this.#subscriptions.push(await this.platform.log.subscribe(ofAccounts));
    this.#state = 'running';
  }

  ready(): ReadyState {
    if (this.#state === 'running') return { isReady: true };
    return { isReady: false, reason: `the group service is ${this.#state}` };
  }

  /** Calls in flight end by themselves; nobody has to be handed over. */
  async drain(): Promise<void> {}

  async stop(): Promise<void> {
    if (this.#state === 'stopped') return;
    this.#state = 'stopped';
    await Promise.all(this.#subscriptions.splice(0).map((subscription) => subscription.stop()));
    await this.parts.close();
  }
}
