// Wires the objects of the message service; nothing else.
import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import type { Platform } from '@parley/runtime';
import { changeProviders } from './change-providers.js';
import type { MessageConfig } from './config.js';
import { DeliveryRepair } from './consumers/delivery-repair.js';
import { HeadCache } from './consumers/head-cache.js';
import { HistoryWriter } from './consumers/history-writer.js';
import { WriterRest } from './consumers/writer-rest.js';
import type { Stream } from './domain/conversation.js';
import { MessageEvents } from './events.js';
import { groupProviders } from './group-providers.js';
import { ConversationReader } from './reading/conversation-reader.js';
import { GroupReader } from './reading/group-reader.js';
import { HistoryProgress } from './reading/history-progress.js';
import { MarkPlacer } from './reading/mark-placer.js';
import { TimeOrder } from './reading/time-order.js';
import { receiptProviders } from './receipt-providers.js';
import { AcceptMessage } from './sending/accept-message.js';
import { AnnounceChanges } from './sending/announce-changes.js';
import { AppendMessage } from './sending/append-message.js';
import { CoordinationAge } from './sending/coordination-age.js';
import { CounterSeeder } from './sending/counter-seeder.js';
import { Deadlines } from './sending/deadlines.js';
import { DeliverMessage } from './sending/deliver-message.js';
import { DeliveryMarks } from './sending/delivery-marks.js';
import { NumberSource } from './sending/number-source.js';
import { ReadNotices } from './sending/read-notices.js';
import { RetryResolver } from './sending/retry-resolver.js';
import { SendFactsDirectory } from './sending/send-facts-directory.js';
import { SendGate } from './sending/send-gate.js';
import { ToldNotices } from './sending/told-notices.js';
import { ChangeStore } from './stores/change-store.js';
import { DedupStore } from './stores/dedup-store.js';
import { HeadStore } from './stores/head-store.js';
import { ImportedStore } from './stores/imported-store.js';
import { MessageStore } from './stores/message-store.js';
import { SeqFloorStore } from './stores/seq-floor-store.js';
import { SightStore } from './stores/sight-store.js';
import { UserConversationStore } from './stores/user-conversation-store.js';
import { messagesTopic } from './topics.js';
import { useCaseProviders } from './use-case-providers.js';

/** The partition of a conversation in the log. */
const PARTITION_OF = Symbol('PartitionOf');
type PartitionOf = (stream: Stream) => number;

@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: a Nest dynamic module is a class
export class MessageModule {
  static with(platform: Platform, config: MessageConfig): DynamicModule {
    return {
      module: MessageModule,
      providers: [
        ...storeProviders(platform),
        ...readingProviders(platform),
        ...numberingProviders(platform, config),
        ...deliveryProviders(platform),
        ...consumerProviders(platform, config),
        ...changeProviders(platform, config),
        ...receiptProviders(platform),
        ...groupProviders(platform, config),
        ...useCaseProviders(platform, config),
      ],
    };
  }
}

const storeProviders = ({ tables }: Platform): Provider[] => [
  { provide: HeadStore, useFactory: () => new HeadStore(tables) },
  { provide: MessageStore, useFactory: () => new MessageStore(tables) },
  { provide: UserConversationStore, useFactory: () => new UserConversationStore(tables) },
  { provide: DedupStore, useFactory: () => new DedupStore(tables) },
  { provide: ImportedStore, useFactory: () => new ImportedStore(tables) },
  { provide: SeqFloorStore, useFactory: () => new SeqFloorStore(tables) },
];

const readingProviders = (platform: Platform): Provider[] => [
  {
    provide: MessageEvents,
    useFactory: () => new MessageEvents(platform.logger('message'), platform.metrics),
  },
  { provide: WriterRest, useFactory: () => new WriterRest() },
  {
    provide: HistoryProgress,
    inject: [WriterRest],
    useFactory: (rest: WriterRest) => {
      const { log, clock, coordination } = platform;
      const isSoleProcess = coordination.scope === 'process';
      return new HistoryProgress({ log, clock, isSoleProcess, onAwaited: rest.hurry });
    },
  },
  {
    provide: PARTITION_OF,
    useFactory: (): PartitionOf => (stream) => platform.log.partitionOf(messagesTopic, stream.key),
  },
  {
    provide: TimeOrder,
    inject: [MessageStore, ImportedStore],
    useFactory: (messages: MessageStore, imported: ImportedStore) => new TimeOrder(messages, imported),
  },
  {
    provide: MarkPlacer,
    inject: [MessageStore, TimeOrder],
    useFactory: (messages: MessageStore, order: TimeOrder) => new MarkPlacer(messages, order, platform.clock),
  },
  {
    provide: ConversationReader,
    inject: [
      HeadStore,
      MessageStore,
      UserConversationStore,
      GroupReader,
      SightStore,
      HistoryProgress,
      MessageEvents,
      PARTITION_OF,
    ],
    useFactory: (
      heads: HeadStore,
      messages: MessageStore,
      users: UserConversationStore,
      groups: GroupReader,
      sights: SightStore,
      progress: HistoryProgress,
      events: MessageEvents,
      partitionOf: PartitionOf,
    ) => new ConversationReader({ heads, messages, users, groups, sights, progress, events, partitionOf }),
  },
];

const numberingProviders = (platform: Platform, config: MessageConfig): Provider[] => [
  { provide: Deadlines, useFactory: () => new Deadlines() },
  { provide: SendGate, useFactory: () => new SendGate() },
  {
    provide: CoordinationAge,
    useFactory: () => new CoordinationAge(platform.coordination, platform.clock),
  },
  {
    provide: CounterSeeder,
    inject: [HistoryProgress, HeadStore, SeqFloorStore, PARTITION_OF],
    useFactory: (
      progress: HistoryProgress,
      heads: HeadStore,
      floors: SeqFloorStore,
      partitionOf: PartitionOf,
    ) => {
      const { coordination, nodeId } = platform;
      const blockSize = BigInt(config.numbersPerBlock);
      return new CounterSeeder({ coordination, progress, heads, floors, partitionOf, blockSize, nodeId });
    },
  },
  {
    provide: NumberSource,
    inject: [CoordinationAge, CounterSeeder, Deadlines],
    useFactory: (age: CoordinationAge, seeder: CounterSeeder, deadlines: Deadlines) => {
      const { coordination, clock } = platform;
      return new NumberSource({ coordination, clock, age, seeder, deadlines });
    },
  },
  {
    provide: RetryResolver,
    inject: [CoordinationAge, NumberSource, HistoryProgress, DedupStore, PARTITION_OF],
    useFactory: (
      age: CoordinationAge,
      numbers: NumberSource,
      progress: HistoryProgress,
      ids: DedupStore,
      partitionOf: PartitionOf,
    ) => {
      const { coordination, clock } = platform;
      return new RetryResolver({ coordination, clock, age, numbers, progress, ids, partitionOf });
    },
  },
];

const deliveryProviders = ({ coordination, delivery, log, clock }: Platform): Provider[] => [
  {
    provide: DeliveryMarks,
    inject: [MessageEvents],
    useFactory: (events: MessageEvents) =>
      new DeliveryMarks(coordination, (lost) => events.deliveryMarksLost(lost)),
  },
  {
    provide: DeliverMessage,
    inject: [DeliveryMarks, MessageEvents],
    useFactory: (marks: DeliveryMarks, events: MessageEvents) => new DeliverMessage(delivery, marks, events),
  },
  {
    provide: ToldNotices,
    inject: [MessageEvents],
    useFactory: (events: MessageEvents) => new ToldNotices(delivery, events),
  },
  {
    provide: ReadNotices,
    inject: [ToldNotices],
    useFactory: (notices: ToldNotices) => new ReadNotices(notices),
  },
  {
    provide: AppendMessage,
    inject: [HistoryProgress, Deadlines, MessageEvents],
    useFactory: (progress: HistoryProgress, deadlines: Deadlines, events: MessageEvents) =>
      new AppendMessage({ log, clock, progress, deadlines, events }),
  },
  {
    provide: AcceptMessage,
    inject: [
      SendGate,
      SendFactsDirectory,
      NumberSource,
      RetryResolver,
      AppendMessage,
      DeliverMessage,
      MessageEvents,
    ],
    useFactory: (
      gate: SendGate,
      facts: SendFactsDirectory,
      numbers: NumberSource,
      retries: RetryResolver,
      append: AppendMessage,
      deliver: DeliverMessage,
      events: MessageEvents,
    ) => new AcceptMessage({ coordination, clock, gate, facts, numbers, retries, append, deliver, events }),
  },
];

const consumerProviders = ({ tables, clock, coordination }: Platform, config: MessageConfig): Provider[] => [
  {
    provide: HeadCache,
    useFactory: () => new HeadCache({ headsMax: config.headsCached, partitions: messagesTopic.partitions }),
  },
  {
    provide: HistoryWriter,
    inject: [
      HeadStore,
      MessageStore,
      ChangeStore,
      SightStore,
      AnnounceChanges,
      HeadCache,
      HistoryProgress,
      MessageEvents,
      WriterRest,
    ],
    useFactory: (
      heads: HeadStore,
      messages: MessageStore,
      changes: ChangeStore,
      sights: SightStore,
      announcing: AnnounceChanges,
      cache: HeadCache,
      progress: HistoryProgress,
      events: MessageEvents,
      rest: WriterRest,
    ) => {
      const announce = announcing.start;
      const parts = { tables, heads, messages, changes, sights, announce, cache, progress, events, clock };
      return new HistoryWriter(coordination.scope === 'process' ? { ...parts, rest } : parts);
    },
  },
  {
    provide: DeliveryRepair,
    inject: [DeliveryMarks, DeliverMessage, ChangeStore, AnnounceChanges, MessageEvents],
    useFactory: (
      marks: DeliveryMarks,
      deliver: DeliverMessage,
      changes: ChangeStore,
      announce: AnnounceChanges,
      events: MessageEvents,
    ) => new DeliveryRepair({ marks, deliver, changes, announce, events, clock }),
  },
];
