// Wires what stands beside messages, receipts and extensions; the fifth part of message.module.ts.
import type { Provider } from '@nestjs/common';
import { groupv1 } from '@parley/proto';
import type { Platform } from '@parley/runtime';
import type { ReceiptUseCases } from './rpc/receipt-handlers.js';
import { ToldNotices } from './sending/told-notices.js';
import { ExtensionStore } from './stores/extension-store.js';
import { MessageStore } from './stores/message-store.js';
import { ReceiptStore } from './stores/receipt-store.js';
import { Extensions } from './use-cases/extensions.js';
import { FindTarget } from './use-cases/find-target.js';
import { ReceiptAudience } from './use-cases/receipt-audience.js';
import { Receipts } from './use-cases/receipts.js';

/** Token of the use-cases as the handlers take them. */
export const RECEIPT_USE_CASES = Symbol('ReceiptUseCases');

export const receiptProviders = (platform: Platform): Provider[] => [
  {
    provide: RECEIPT_USE_CASES,
    inject: [FindTarget, MessageStore, ToldNotices],
    useFactory: (find: FindTarget, messages: MessageStore, notices: ToldNotices): ReceiptUseCases => {
      const { tables, clock, coordination } = platform;
      const audience = new ReceiptAudience(platform.client(groupv1.GroupService));
      const receipts = new ReceiptStore(tables);
      return {
        receipts: new Receipts({ find, messages, receipts, audience, notices, clock }),
        extensions: new Extensions({ find, notices, coordination, store: new ExtensionStore(tables) }),
      };
    },
  },
];
