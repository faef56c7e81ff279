// The calls of this SDK: wire number, request and response. A test holds the
// numbers against the MethodPolicy of the proto services.
import type { DescMessage } from '@bufbuild/protobuf';
import { authv1, messagev1 } from '@parley/proto';

export interface Method<I extends DescMessage, O extends DescMessage> {
  /** MethodPolicy.sdk_method. */
  readonly number: number;
  readonly input: I;
  readonly output: O;
}

export const METHOD = {
  logout: { number: 1, input: authv1.LogoutRequestSchema, output: authv1.LogoutResponseSchema },
  send: { number: 10, input: messagev1.SendRequestSchema, output: messagev1.SendResponseSchema },
  listMessages: {
    number: 11,
    input: messagev1.ListMessagesRequestSchema,
    output: messagev1.ListMessagesResponseSchema,
  },
  syncMessages: {
    number: 12,
    input: messagev1.SyncMessagesRequestSchema,
    output: messagev1.SyncMessagesResponseSchema,
  },
  listConversations: {
    number: 13,
    input: messagev1.ListConversationsRequestSchema,
    output: messagev1.ListConversationsResponseSchema,
  },
  getConversation: {
    number: 14,
    input: messagev1.GetConversationRequestSchema,
    output: messagev1.GetConversationResponseSchema,
  },
  setReceiveOption: {
    number: 66,
    input: messagev1.SetReceiveOptionRequestSchema,
    output: messagev1.SetReceiveOptionResponseSchema,
  },
  markRead: { number: 15, input: messagev1.MarkReadRequestSchema, output: messagev1.MarkReadResponseSchema },
} as const;
