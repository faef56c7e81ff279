// Wires what changes of messages need; the fourth part of message.module.ts.
import type { Provider } from '@nestjs/common';
import type { Platform } from '@parley/runtime';
import type { MessageConfig } from './config.js';
import type { Stream } from './domain/conversation.js';
import { MessageEvents } from './events.js';
import { ConversationReader } from './reading/conversation-reader.js';
import { HistoryProgress } from './reading/history-progress.js';
import { TimeOrder } from './reading/time-order.js';
import type { ChangeUseCases } from './rpc/change-handlers.js';
import { AnnounceChanges } from './sending/announce-changes.js';
import { AppendMessage } from './sending/append-message.js';
import { DeliveryMarks } from './sending/delivery-marks.js';
import { SubmitChange } from './sending/submit-change.js';
import { ChangeStore } from './stores/change-store.js';
import { HeadStore } from './stores/head-store.js';
import { MessageStore } from './stores/message-store.js';
import { SightStore } from './stores/sight-store.js';
import { messagesTopic } from './topics.js';
import { FindTarget } from './use-cases/find-target.js';
import { ListChanges } from './use-cases/list-changes.js';
import { ModifyMessage } from './use-cases/modify-message.js';
import { NarrowView } from './use-cases/narrow-view.js';
import { RecallMessage } from './use-cases/recall-message.js';
import { SendToGroup } from './use-cases/send-to-group.js';
import { StreamMessage } from './use-cases/stream-message.js';

/** Token of the use-cases of changes as the handlers take them. */
export const CHANGE_USE_CASES = Symbol('ChangeUseCases');

export const changeProviders = (platform: Platform, config: MessageConfig): Provider[] => [
  ...writerProviders(platform),
  ...submitProviders(platform),
  {
    provide: StreamMessage,
    inject: [SendToGroup, FindTarget, SubmitChange],
    useFactory: (send: SendToGroup, find: FindTarget, submit: SubmitChange) => {
      const { coordination, clock } = platform;
      return new StreamMessage({ send, find, submit, coordination, clock });
    },
  },
  {
    provide: CHANGE_USE_CASES,
    inject: [FindTarget, ConversationReader, MessageStore, SubmitChange, ListChanges],
    useFactory: (
      find: FindTarget,
      reader: ConversationReader,
      messages: MessageStore,
      submit: SubmitChange,
      listChanges: ListChanges,
    ): ChangeUseCases => {
      const { clock } = platform;
      const windowMs = { pair: config.recallWindowPairS * 1_000, group: config.recallWindowGroupS * 1_000 };
      return {
        recall: new RecallMessage({ find, reader, messages, submit, clock, windowMs }),
        modify: new ModifyMessage(find, submit, clock),
        narrow: new NarrowView({ find, reader, submit, clock }),
        listChanges,
      };
    },
  },
];

const writerProviders = ({ tables, delivery }: Platform): Provider[] => [
  { provide: ChangeStore, useFactory: () => new ChangeStore(tables) },
  { provide: SightStore, useFactory: () => new SightStore(tables) },
  {
    provide: AnnounceChanges,
    inject: [DeliveryMarks, MessageEvents],
    useFactory: (marks: DeliveryMarks, events: MessageEvents) => new AnnounceChanges(delivery, marks, events),
  },
];

const submitProviders = ({ log, clock }: Platform): Provider[] => [
  {
    provide: FindTarget,
    inject: [ConversationReader, MessageStore, TimeOrder],
    useFactory: (reader: ConversationReader, messages: MessageStore, order: TimeOrder) =>
      new FindTarget(reader, messages, order),
  },
  {
    provide: SubmitChange,
    inject: [AppendMessage, HistoryProgress, ChangeStore],
    useFactory: (append: AppendMessage, progress: HistoryProgress, changes: ChangeStore) =>
      new SubmitChange({ append, progress, changes, clock, partitionOf: partitionOf(log) }),
  },
  {
    provide: ListChanges,
    inject: [ChangeStore, HeadStore, HistoryProgress],
    useFactory: (changes: ChangeStore, heads: HeadStore, progress: HistoryProgress) =>
      new ListChanges({ changes, heads, progress, partitionOf: partitionOf(log) }),
  },
];

const partitionOf =
  (log: Platform['log']) =>
  (stream: Stream): number =>
    log.partitionOf(messagesTopic, stream.key);
