// The running message service: starts and stops the parts in order.
import type { Subscription } from '@parley/event-log';
import { messagev1 } from '@parley/proto';
import { type Platform, type ReadyState, register, type Service } from '@parley/runtime';
import { type DeliveryRepair, REPAIR_DELAY_MS } from './consumers/delivery-repair.js';
import type { HistoryWriter } from './consumers/history-writer.js';
import { sendCodec } from './encoding/send-codec.js';
import type { HistoryProgress } from './reading/history-progress.js';
import { createMessageHandlers, type MessageUseCases } from './rpc/message-handlers.js';
import type { AccountDirectory } from './sending/account-directory.js';
import type { CoordinationAge } from './sending/coordination-age.js';
import type { DeliveryMarks } from './sending/delivery-marks.js';
import type { GroupDirectory } from './sending/group-directory.js';
import type { SendFactsDirectory } from './sending/send-facts-directory.js';
import { DELIVERY_REPAIR_GROUP, HISTORY_GROUP, messagesTopic } from './topics.js';

export interface MessageServiceParts {
  readonly use: MessageUseCases;
  readonly progress: HistoryProgress;
  readonly age: CoordinationAge;
  readonly accounts: AccountDirectory;
  readonly groups: GroupDirectory;
  readonly facts: SendFactsDirectory;
  readonly marks: DeliveryMarks;
  readonly writer: HistoryWriter;
  readonly repair: DeliveryRepair;
  /** Frees what wired the parts together. */
  readonly close: () => Promise<void>;
}

export class MessageServer implements Service {
  readonly registrations;
  readonly #subscriptions: Subscription[] = [];
  #state: 'built' | 'running' | 'stopped' = 'built';

  constructor(
    private readonly platform: Platform,
    private readonly parts: MessageServiceParts,
  ) {
    const handlers = createMessageHandlers(parts.use);
    this.registrations = [register(messagev1.MessageService, handlers, { send: sendCodec })];
  }

  async start(): Promise<void> {
    const { progress, age, accounts, groups, facts, writer, repair } = this.parts;
    const { log } = this.platform;
    await accounts.start();
    await groups.start();
    await facts.start();
    await age.look();
    // Before the first record and the first append, so that nothing of them is missed.
    await progress.start();
    this.#subscriptions.push(
      await log.subscribe({ topic: messagesTopic, group: HISTORY_GROUP, handler: writer.handle }),
      await log.subscribe({
        topic: messagesTopic,
        group: DELIVERY_REPAIR_GROUP,
        handler: repair.handle,
        delayMs: REPAIR_DELAY_MS,
      }),
    );
    this.#state = 'running';
  }

  ready(): ReadyState {
    if (this.#state === 'running') return { isReady: true };
    return { isReady: false, reason: `the message service is ${this.#state}` };
  }

  /** Calls in flight end by themselves; nobody has to be handed over. */
  async drain(): Promise<void> {}

  async stop(): Promise<void> {
    if (this.#state === 'stopped') return;
    this.#state = 'stopped';
    this.parts.writer.stop();
    await Promise.all(this.#subscriptions.splice(0).map((subscription) => subscription.stop()));
    this.parts.progress.stop();
    await this.parts.marks.flush();
    await this.parts.accounts.stop();
    await this.parts.groups.stop();
    await this.parts.facts.stop();
    await this.parts.close();
  }
}
