// The public methods about receipts and extensions: each is one method of a session's part.
import type { ReceiptSDK } from '../model/receipt-sdk.js';
import type { SessionParts } from '../session/session-parts.js';

/** `requireParts` throws when nobody is logged in. */
export function createReceiptMethods(requireParts: () => SessionParts): ReceiptSDK {
  const call = async <T>(part: (parts: SessionParts) => Promise<T>) => ({
    code: 0 as const,
    data: await part(requireParts()),
  });
  return {
    sendMessageReadReceipt: (messages) =>
      call(({ receiptCalls }) => receiptCalls.send(messages).then(() => ({}))),
    getMessageReadReceiptList: (messages) => call(({ receiptCalls }) => receiptCalls.list(messages)),
    getGroupMessageReadMemberList: (options) => call(({ receiptCalls }) => receiptCalls.members(options)),
    setMessageExtensions: (message, pairs) =>
      call(({ extensionCalls }) => extensionCalls.set(message, pairs)),
    getMessageExtensions: (message, keys) => call(({ extensionCalls }) => extensionCalls.get(message, keys)),
    deleteMessageExtensions: (message, keys) =>
      call(({ extensionCalls }) => extensionCalls.delete(message, keys)),
  };
}
