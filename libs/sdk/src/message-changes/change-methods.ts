// The public methods that change messages: each is one method of a session's part.
import type { MessageChangeSDK } from '../model/message-change-sdk.js';
import type { SessionParts } from '../session/session-parts.js';

/** `requireParts` throws when nobody is logged in. */
export function createChangeMethods(requireParts: () => SessionParts): MessageChangeSDK {
  const call = async <T>(part: (parts: SessionParts) => Promise<T>) => ({
    code: 0 as const,
    data: await part(requireParts()),
  });
  return {
    revokeMessage: (message) =>
      call(async ({ changeCalls }) => ({ message: await changeCalls.revoke(message) })),
    modifyMessage: (message) =>
      call(async ({ changeCalls }) => ({ message: await changeCalls.modify(message) })),
    deleteMessage: (messageList) =>
      call(async ({ changeCalls }) => ({ messageList: [...(await changeCalls.delete(messageList))] })),
    clearHistoryMessage: (conversationID) => call(({ changeCalls }) => changeCalls.clear(conversationID)),
  };
}
