// Wires the use-cases; the second half of message.module.ts.
import type { Provider } from '@nestjs/common';
import { authv1, profilev1 } from '@parley/proto';
import type { Platform } from '@parley/runtime';
import { CHANGE_USE_CASES } from './change-providers.js';
import type { MessageConfig } from './config.js';
import { MessageEvents } from './events.js';
import { GROUP_USE_CASES } from './group-providers.js';
import { ConversationReader } from './reading/conversation-reader.js';
import { LastMessages } from './reading/last-messages.js';
import { MarkPlacer } from './reading/mark-placer.js';
import { Mentions } from './reading/mentions.js';
import { TimeOrder } from './reading/time-order.js';
import { VisibleRows } from './reading/visible-rows.js';
import { RECEIPT_USE_CASES } from './receipt-providers.js';
import { ActingUsers } from './rpc/acting-user.js';
import type { ChangeUseCases } from './rpc/change-handlers.js';
import type { GroupUseCases } from './rpc/group-handlers.js';
import type { MessageUseCases } from './rpc/message-handlers.js';
import type { ReceiptUseCases } from './rpc/receipt-handlers.js';
import { AcceptMessage } from './sending/accept-message.js';
import { AccountCheck } from './sending/account-check.js';
import { AccountDirectory } from './sending/account-directory.js';
import { DeliverMessage } from './sending/deliver-message.js';
import { OptionNotices } from './sending/option-notices.js';
import { ReadNotices } from './sending/read-notices.js';
import { RetryResolver } from './sending/retry-resolver.js';
import { SendFactsDirectory } from './sending/send-facts-directory.js';
import { MentionStore } from './stores/mention-store.js';
import { MessageStore } from './stores/message-store.js';
import { ReceiveOptionStore } from './stores/receive-option-store.js';
import { SightStore } from './stores/sight-store.js';
import { UserConversationStore } from './stores/user-conversation-store.js';
import { CountUnread } from './use-cases/count-unread.js';
import { GetConversation } from './use-cases/get-conversation.js';
import { ImportMessage } from './use-cases/import-message.js';
import { ListConversations } from './use-cases/list-conversations.js';
import { ListMessages } from './use-cases/list-messages.js';
import { ListMessagesByTime } from './use-cases/list-messages-by-time.js';
import { MarkRead } from './use-cases/mark-read.js';
import { SendMessage } from './use-cases/send-message.js';
import { SetReceiveOption } from './use-cases/set-receive-option.js';
import { StreamMessage } from './use-cases/stream-message.js';
import { SyncMessages } from './use-cases/sync-messages.js';

/** Token of the use-cases as the handlers take them. */
export const MESSAGE_USE_CASES = Symbol('MessageUseCases');

type WriteUseCases = Pick<MessageUseCases, 'send' | 'import' | 'markRead'>;
const WRITES = Symbol('WriteUseCases');

export const useCaseProviders = (platform: Platform, config: MessageConfig): Provider[] => [
  ...directoryProviders(platform, config),
  { provide: ReceiveOptionStore, useFactory: () => new ReceiveOptionStore(platform.tables) },
  writeProvider(platform),
  {
    provide: MESSAGE_USE_CASES,
    inject: [
      WRITES,
      ConversationReader,
      MessageStore,
      SightStore,
      UserConversationStore,
      ReceiveOptionStore,
      TimeOrder,
      AccountDirectory,
      AccountCheck,
      GROUP_USE_CASES,
      CHANGE_USE_CASES,
      RECEIPT_USE_CASES,
      StreamMessage,
      MessageEvents,
    ],
    useFactory: (
      writes: WriteUseCases,
      reader: ConversationReader,
      messages: MessageStore,
      sights: SightStore,
      users: UserConversationStore,
      options: ReceiveOptionStore,
      order: TimeOrder,
      directory: AccountDirectory,
      accounts: AccountCheck,
      groups: GroupUseCases,
      changes: ChangeUseCases,
      beside: ReceiptUseCases,
      stream: StreamMessage,
      events: MessageEvents,
    ): MessageUseCases => {
      const visible = new VisibleRows(sights);
      const last = new LastMessages(messages, sights);
      const mentions = new Mentions(new MentionStore(platform.tables));
      const { clock, delivery } = platform;
      const notices = new OptionNotices(delivery, events);
      return {
        ...writes,
        groups,
        changes,
        beside,
        stream,
        listMessages: new ListMessages(reader, messages, visible),
        syncMessages: new SyncMessages(reader, messages, visible, platform.clock),
        listMessagesByTime: new ListMessagesByTime(reader, order, users, visible),
        listConversations: new ListConversations({ reader, last, mentions, users, options, clock }),
        getConversation: new GetConversation(reader, last, mentions, { users, options }),
        countUnread: new CountUnread(reader, directory),
        setReceiveOption: new SetReceiveOption(options, notices, clock),
        acting: new ActingUsers(accounts),
      };
    },
  },
];

const directoryProviders = (platform: Platform, config: MessageConfig): Provider[] => [
  {
    provide: AccountDirectory,
    useFactory: () =>
      new AccountDirectory({
        auth: platform.client(authv1.AuthService),
        coordination: platform.coordination,
        clock: platform.clock,
        accountsMax: config.accountsCached,
      }),
  },
  {
    provide: SendFactsDirectory,
    useFactory: () =>
      new SendFactsDirectory({
        profiles: platform.client(profilev1.ProfileService),
        coordination: platform.coordination,
        clock: platform.clock,
        factsMax: config.sendFactsCached,
      }),
  },
  {
    provide: AccountCheck,
    inject: [AccountDirectory],
    useFactory: (directory: AccountDirectory) => new AccountCheck(directory),
  },
];

const writeProvider = ({ clock }: Platform): Provider => ({
  provide: WRITES,
  inject: [
    AccountCheck,
    SendFactsDirectory,
    RetryResolver,
    AcceptMessage,
    DeliverMessage,
    MessageEvents,
    ConversationReader,
    MarkPlacer,
    UserConversationStore,
    ReadNotices,
  ],
  useFactory: (
    accounts: AccountCheck,
    facts: SendFactsDirectory,
    retries: RetryResolver,
    accept: AcceptMessage,
    deliver: DeliverMessage,
    events: MessageEvents,
    reader: ConversationReader,
    placer: MarkPlacer,
    users: UserConversationStore,
    notices: ReadNotices,
  ): WriteUseCases => ({
    send: new SendMessage({ clock, accounts, facts, retries, accept, deliver, events }),
    import: new ImportMessage({ accounts, accept, events }),
    markRead: new MarkRead({ reader, placer, users, notices }),
  }),
});
