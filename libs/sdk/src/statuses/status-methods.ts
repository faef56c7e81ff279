// The public methods about user statuses: each is one method of a session's part.
import type { StatusSDK } from '../model/status-sdk.js';
import type { SessionParts } from '../session/session-parts.js';

/** `requireParts` throws when nobody is logged in. */
export function createStatusMethods(requireParts: () => SessionParts): StatusSDK {
  const call = async <T>(part: (parts: SessionParts) => Promise<T>) => ({
    code: 0 as const,
    data: await part(requireParts()),
  });
  return {
    setSelfStatus: (options) => call(({ statusCalls }) => statusCalls.set(options)),
    getUserStatus: (options) => call(({ statusCalls }) => statusCalls.ofUsers(options)),
    subscribeUserStatus: (options) => call(({ statusCalls }) => statusCalls.subscribe(options)),
    unsubscribeUserStatus: (options) => call(({ statusCalls }) => statusCalls.unsubscribe(options)),
  };
}
