// Wires what only groups need; the third part of message.module.ts.
import type { Provider } from '@nestjs/common';
import { groupv1 } from '@parley/proto';
import type { Platform } from '@parley/runtime';
import type { MessageConfig } from './config.js';
import { MessageEvents } from './events.js';
import { ConversationReader } from './reading/conversation-reader.js';
import { GroupReader } from './reading/group-reader.js';
import { HistoryProgress } from './reading/history-progress.js';
import { LastMessages } from './reading/last-messages.js';
import { MarkPlacer } from './reading/mark-placer.js';
import { Mentions } from './reading/mentions.js';
import { TopicOpenings } from './reading/topic-openings.js';
import { ActingInGroups } from './rpc/acting-in-group.js';
import type { GroupUseCases } from './rpc/group-handlers.js';
import { AcceptMessage } from './sending/accept-message.js';
import { AccountCheck } from './sending/account-check.js';
import { DeliverMessage } from './sending/deliver-message.js';
import { GroupDirectory } from './sending/group-directory.js';
import { GroupRate } from './sending/group-rate.js';
import { ReadNotices } from './sending/read-notices.js';
import { RetryResolver } from './sending/retry-resolver.js';
import { SendFactsDirectory } from './sending/send-facts-directory.js';
import { SendGate } from './sending/send-gate.js';
import { GroupMarkStore } from './stores/group-mark-store.js';
import { HeadStore } from './stores/head-store.js';
import { MentionStore } from './stores/mention-store.js';
import { MessageStore } from './stores/message-store.js';
import { SightStore } from './stores/sight-store.js';
import { UserConversationStore } from './stores/user-conversation-store.js';
import { BroadcastLive } from './use-cases/broadcast-live.js';
import { ChangeMembers } from './use-cases/change-members.js';
import { GetHeads } from './use-cases/get-heads.js';
import { GetStandings } from './use-cases/get-standings.js';
import { GetTopicConversations } from './use-cases/get-topic-conversations.js';
import { ImportToGroup } from './use-cases/import-to-group.js';
import { MarkGroupRead } from './use-cases/mark-group-read.js';
import { SendToGroup } from './use-cases/send-to-group.js';

/** Token of the use-cases of groups as the handlers take them. */
export const GROUP_USE_CASES = Symbol('GroupUseCases');

export const groupProviders = (platform: Platform, config: MessageConfig): Provider[] => [
  ...knowledgeProviders(platform, config),
  ...sendingProviders(platform),
  ...memberProviders(platform),
  {
    provide: GROUP_USE_CASES,
    inject: [
      SendToGroup,
      ImportToGroup,
      MarkGroupRead,
      ChangeMembers,
      GetHeads,
      GetTopicConversations,
      GetStandings,
      BroadcastLive,
      ActingInGroups,
    ],
    useFactory: (
      send: SendToGroup,
      importing: ImportToGroup,
      markRead: MarkGroupRead,
      changeMembers: ChangeMembers,
      getHeads: GetHeads,
      topics: GetTopicConversations,
      getStandings: GetStandings,
      broadcast: BroadcastLive,
      acting: ActingInGroups,
    ): GroupUseCases => ({
      send,
      import: importing,
      markRead,
      changeMembers,
      getHeads,
      getStandings,
      topics,
      broadcast,
      acting,
    }),
  },
];

const knowledgeProviders = (platform: Platform, config: MessageConfig): Provider[] => [
  {
    provide: GroupDirectory,
    useFactory: () =>
      new GroupDirectory({
        groups: platform.client(groupv1.GroupService),
        coordination: platform.coordination,
        clock: platform.clock,
        factsMax: config.groupFactsCached,
      }),
  },
  {
    provide: GroupRate,
    inject: [MessageEvents],
    useFactory: (events: MessageEvents) => {
      const { coordination, clock } = platform;
      return new GroupRate({ coordination, clock, onLost: () => events.rateNoticeLost() });
    },
  },
  {
    provide: GroupMarkStore,
    useFactory: () => new GroupMarkStore(platform.tables),
  },
  {
    provide: GroupReader,
    inject: [UserConversationStore, GroupMarkStore, HeadStore, MarkPlacer],
    useFactory: (users: UserConversationStore, marks: GroupMarkStore, heads: HeadStore, placer: MarkPlacer) =>
      new GroupReader(users, marks, new TopicOpenings(heads, placer)),
  },
  {
    provide: ActingInGroups,
    inject: [GroupDirectory, AccountCheck, GroupReader],
    useFactory: (directory: GroupDirectory, accounts: AccountCheck, groups: GroupReader) =>
      new ActingInGroups(directory, accounts, groups),
  },
];

const sendingProviders = ({ clock }: Platform): Provider[] => [
  {
    provide: SendToGroup,
    inject: [
      SendGate,
      GroupDirectory,
      SendFactsDirectory,
      AccountCheck,
      GroupRate,
      RetryResolver,
      AcceptMessage,
      DeliverMessage,
      MessageEvents,
    ],
    useFactory: (
      gate: SendGate,
      directory: GroupDirectory,
      facts: SendFactsDirectory,
      accounts: AccountCheck,
      rate: GroupRate,
      retries: RetryResolver,
      accept: AcceptMessage,
      deliver: DeliverMessage,
      events: MessageEvents,
    ) => new SendToGroup({ clock, gate, directory, facts, accounts, rate, retries, accept, deliver, events }),
  },
  {
    provide: BroadcastLive,
    inject: [AccountCheck, DeliverMessage, MessageEvents],
    useFactory: (accounts: AccountCheck, deliver: DeliverMessage, events: MessageEvents) =>
      new BroadcastLive({ clock, accounts, deliver, events }),
  },
  {
    provide: ImportToGroup,
    inject: [
      AccountCheck,
      GroupDirectory,
      ConversationReader,
      MessageStore,
      AcceptMessage,
      RetryResolver,
      MessageEvents,
    ],
    useFactory: (
      accounts: AccountCheck,
      directory: GroupDirectory,
      reader: ConversationReader,
      messages: MessageStore,
      accept: AcceptMessage,
      retries: RetryResolver,
      events: MessageEvents,
    ) => new ImportToGroup({ accounts, directory, reader, messages, accept, retries, events, clock }),
  },
];

const memberProviders = ({ tables, clock, client }: Platform): Provider[] => [
  {
    provide: GetTopicConversations,
    inject: [ConversationReader, MessageStore, SightStore],
    useFactory: (reader: ConversationReader, messages: MessageStore, sights: SightStore) =>
      new GetTopicConversations(client(groupv1.GroupService), reader, {
        last: new LastMessages(messages, sights),
        mentions: new Mentions(new MentionStore(tables)),
      }),
  },
  {
    provide: MarkGroupRead,
    inject: [ConversationReader, GroupReader, MarkPlacer, GroupMarkStore, ReadNotices],
    useFactory: (
      reader: ConversationReader,
      groups: GroupReader,
      placer: MarkPlacer,
      marks: GroupMarkStore,
      notices: ReadNotices,
    ) => new MarkGroupRead({ reader, groups, placer, marks, notices }),
  },
  {
    provide: ChangeMembers,
    inject: [ConversationReader, UserConversationStore, MarkPlacer],
    useFactory: (reader: ConversationReader, users: UserConversationStore, placer: MarkPlacer) =>
      new ChangeMembers({ tables, reader, users, placer, clock }),
  },
  {
    provide: GetHeads,
    inject: [HeadStore, HistoryProgress],
    useFactory: (heads: HeadStore, progress: HistoryProgress) => new GetHeads(heads, progress),
  },
  {
    provide: GetStandings,
    inject: [HeadStore, GroupReader, HistoryProgress],
    useFactory: (heads: HeadStore, groups: GroupReader, progress: HistoryProgress) =>
      new GetStandings(heads, groups, progress),
  },
];
