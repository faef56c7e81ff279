// The public methods about topics: each is one method of a session's part.
import type { TopicSDK } from '../model/topic-sdk.js';
import type { SessionParts } from '../session/session-parts.js';

/** `requireParts` throws when nobody is logged in. */
export function createTopicMethods(requireParts: () => SessionParts): TopicSDK {
  const call = async <T>(part: (parts: SessionParts) => T | Promise<T>) => ({
    code: 0 as const,
    data: await part(requireParts()),
  });
  return {
    getJoinedCommunityList: () => call(({ topicCalls }) => topicCalls.communities()),
    createTopicInCommunity: (options) => call(({ topicCalls }) => topicCalls.create(options)),
    deleteTopicFromCommunity: (options) => call(({ topicCalls }) => topicCalls.delete(options)),
    updateTopicProfile: (options) => call(({ topicCalls }) => topicCalls.update(options)),
    getTopicList: (options) => call(({ topicCalls }) => topicCalls.list(options)),
  };
}
