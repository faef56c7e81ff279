// What the message service is to the platform.
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { authv1, groupv1, messagev1, profilev1 } from '@parley/proto';
import type { Platform, Service, ServiceManifest } from '@parley/runtime';
import { type MessageConfig, messageConfig } from './config.js';
import { DeliveryRepair } from './consumers/delivery-repair.js';
import { HistoryWriter } from './consumers/history-writer.js';
import { MessageModule } from './message.module.js';
import { MessageServer } from './message-server.js';
import { HistoryProgress } from './reading/history-progress.js';
import type { MessageUseCases } from './rpc/message-handlers.js';
import { AccountDirectory } from './sending/account-directory.js';
import { CoordinationAge } from './sending/coordination-age.js';
import { DeliveryMarks } from './sending/delivery-marks.js';
import { GroupDirectory } from './sending/group-directory.js';
import { SendFactsDirectory } from './sending/send-facts-directory.js';
import { MESSAGE_TABLES } from './tables.js';
import { messagesTopic } from './topics.js';
import { MESSAGE_USE_CASES } from './use-case-providers.js';

async function build(platform: Platform, config: MessageConfig): Promise<Service> {
  const nest = await NestFactory.createApplicationContext(MessageModule.with(platform, config), {
    logger: false,
  });
  return new MessageServer(platform, {
    use: nest.get<MessageUseCases>(MESSAGE_USE_CASES),
    progress: nest.get(HistoryProgress),
    age: nest.get(CoordinationAge),
    accounts: nest.get(AccountDirectory),
    groups: nest.get(GroupDirectory),
    facts: nest.get(SendFactsDirectory),
    marks: nest.get(DeliveryMarks),
    writer: nest.get(HistoryWriter),
    repair: nest.get(DeliveryRepair),
    close: () => nest.close(),
  });
}

export const manifest: ServiceManifest<MessageConfig> = {
  name: 'message',
  config: messageConfig,
  owns: [messagev1.MessageService],
  calls: [authv1.AuthService, profilev1.ProfileService],
  callsBack: [groupv1.GroupService],
  tables: MESSAGE_TABLES,
  topics: [messagesTopic],
  build,
};
