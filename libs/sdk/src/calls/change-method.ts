// The calls about changes of messages: see method.ts.
import { messagev1 } from '@parley/proto';

export const CHANGE_METHOD = {
  recallMessage: {
    number: 17,
    input: messagev1.RecallMessageRequestSchema,
    output: messagev1.RecallMessageResponseSchema,
  },
  modifyMessage: {
    number: 18,
    input: messagev1.ModifyMessageRequestSchema,
    output: messagev1.ModifyMessageResponseSchema,
  },
  hideMessages: {
    number: 19,
    input: messagev1.HideMessagesRequestSchema,
    output: messagev1.HideMessagesResponseSchema,
  },
  clearHistory: {
    number: 20,
    input: messagev1.ClearHistoryRequestSchema,
    output: messagev1.ClearHistoryResponseSchema,
  },
  listChanges: {
    number: 21,
    input: messagev1.ListChangesRequestSchema,
    output: messagev1.ListChangesResponseSchema,
  },
} as const;
