// The calls about what stands beside a message, receipts and extensions: see method.ts.
import { messagev1 } from '@parley/proto';

export const RECEIPT_METHOD = {
  sendReceipts: {
    number: 28,
    input: messagev1.SendReceiptsRequestSchema,
    output: messagev1.SendReceiptsResponseSchema,
  },
  getReceipts: {
    number: 29,
    input: messagev1.GetReceiptsRequestSchema,
    output: messagev1.GetReceiptsResponseSchema,
  },
  listReceiptUsers: {
    number: 30,
    input: messagev1.ListReceiptUsersRequestSchema,
    output: messagev1.ListReceiptUsersResponseSchema,
  },
  changeExtensions: {
    number: 31,
    input: messagev1.ChangeExtensionsRequestSchema,
    output: messagev1.ChangeExtensionsResponseSchema,
  },
  getExtensions: {
    number: 32,
    input: messagev1.GetExtensionsRequestSchema,
    output: messagev1.GetExtensionsResponseSchema,
  },
} as const;
