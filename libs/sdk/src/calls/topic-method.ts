// The calls about topics: see method.ts.
import { groupv1, messagev1 } from '@parley/proto';

export const TOPIC_METHOD = {
  createTopic: {
    number: 80,
    input: groupv1.CreateTopicRequestSchema,
    output: groupv1.CreateTopicResponseSchema,
  },
  getTopics: { number: 81, input: groupv1.GetTopicsRequestSchema, output: groupv1.GetTopicsResponseSchema },
  modifyTopic: {
    number: 82,
    input: groupv1.ModifyTopicRequestSchema,
    output: groupv1.ModifyTopicResponseSchema,
  },
  destroyTopics: {
    number: 83,
    input: groupv1.DestroyTopicsRequestSchema,
    output: groupv1.DestroyTopicsResponseSchema,
  },
  getTopicConversations: {
    number: 84,
    input: messagev1.GetTopicConversationsRequestSchema,
    output: messagev1.GetTopicConversationsResponseSchema,
  },
} as const;
