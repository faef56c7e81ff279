// The public methods about profiles: each is one method of a session's part.
import type { ProfileSDK } from '../model/profile-sdk.js';
import type { SessionParts } from '../session/session-parts.js';

/** `requireParts` throws when nobody is logged in. */
export function createProfileMethods(requireParts: () => SessionParts): ProfileSDK {
  const call = async <T>(part: (parts: SessionParts) => Promise<T>) => ({
    code: 0 as const,
    data: await part(requireParts()),
  });
  return {
    getMyProfile: () => call(({ profileCalls }) => profileCalls.mine()),
    getUserProfile: (options) => call(({ profileCalls }) => profileCalls.ofUsers(options)),
    updateMyProfile: (options) => call(({ profileCalls }) => profileCalls.update(options)),
  };
}
