// The calls about user statuses: see method.ts.
import { presencev1 } from '@parley/proto';

export const PRESENCE_METHOD = {
  setSelfStatus: {
    number: 158,
    input: presencev1.SetSelfStatusRequestSchema,
    output: presencev1.SetSelfStatusResponseSchema,
  },
  getUserStatuses: {
    number: 159,
    input: presencev1.GetUserStatusesRequestSchema,
    output: presencev1.GetUserStatusesResponseSchema,
  },
  subscribeStatuses: {
    number: 160,
    input: presencev1.SubscribeStatusesRequestSchema,
    output: presencev1.SubscribeStatusesResponseSchema,
  },
  unsubscribeStatuses: {
    number: 161,
    input: presencev1.UnsubscribeStatusesRequestSchema,
    output: presencev1.UnsubscribeStatusesResponseSchema,
  },
} as const;
