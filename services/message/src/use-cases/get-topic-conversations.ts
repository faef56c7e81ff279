// GetTopicConversations: topics of one community as one of its members sees them.
import {
  type AppId,
  ChatError,
  ErrorCode,
  type GroupId,
  membersGroupOf,
  toGroupId,
  type UserId,
} from '@parley/kernel';
import type { groupv1 } from '@parley/proto';
import { type Client, serviceContext } from '@parley/rpc';
import { groupConversationOf } from '../domain/conversation.js';
import { PAGE_BYTES_MAX, TOPICS_PER_CALL_MAX } from '../domain/limits.js';
import { NOTHING_READ } from '../domain/unread.js';
import type { ConversationReader } from '../reading/conversation-reader.js';
import type { LastMessages } from '../reading/last-messages.js';
import type { Mentions } from '../reading/mentions.js';
import { NEVER_SET } from '../stores/receive-option-store.js';
import type { ShownConversation } from './get-conversation.js';

export interface TopicsQuery {
  readonly appId: AppId;
  /** The community. */
  readonly groupId: GroupId;
  readonly user: UserId;
  readonly topicIds: readonly string[];
}

export interface TopicConversations {
  /** In the order asked, without topics that are not there. */
  readonly conversations: readonly ShownConversation[];
  /** So many of the ids are answered; the rest did not fit. */
  readonly answered: number;
}

export class GetTopicConversations {
  constructor(
    private readonly groups: Client<typeof groupv1.GroupService>,
    private readonly reader: ConversationReader,
    private readonly shown: { readonly last: LastMessages; readonly mentions: Mentions },
  ) {}

  /** Undefined for who is not in the community. @throws ChatError 10004, 11000 and what the group service says. */
  async run(query: TopicsQuery): Promise<TopicConversations | undefined> {
    const { appId, user } = query;
    const asked = toTopicIds(query);
    const present = await this.#present(query);
    const topics = asked.filter((id) => present.has(id)).map((id) => groupConversationOf(appId, id));
    const views = await this.reader.inTopics(topics, user);
    if (views === undefined) return undefined;
    const { last, mentions } = this.shown;
    const [rows, found] = await Promise.all([last.read(user, views), mentions.of(user, views)]);
    const conversations: ShownConversation[] = [];
    let bytes = 0;
    for (const [at, view] of views.entries()) {
      const lastMessage = rows[at];
      bytes += lastMessage?.bytes.length ?? 0;
      if (at > 0 && bytes > PAGE_BYTES_MAX)
        return { conversations, answered: asked.indexOf(view.peer as GroupId) };
      conversations.push({
        ...view,
        lastMessage,
        peerMark: NOTHING_READ,
        receive: NEVER_SET,
        mentions: found[at] ?? [],
      });
    }
    return { conversations, answered: asked.length };
  }

  /** What was said in a topic that has ended is not shown any longer. */
  async #present({ appId, groupId, topicIds }: TopicsQuery): Promise<ReadonlySet<string>> {
    const context = serviceContext(appId, 'message' as UserId);
    const { topics } = await this.groups.getTopics({ groupId, topicIds: [...topicIds] }, context);
    return new Set(topics.filter(({ topic }) => topic !== undefined).map(({ topicId }) => topicId));
  }
}

function toTopicIds({ groupId, topicIds }: TopicsQuery): GroupId[] {
  const asked = topicIds.map((id) => toGroupId(id));
  const isEachOnce = new Set(asked).size === asked.length;
  const isGood = isEachOnce && asked.length > 0 && topicIds.length <= TOPICS_PER_CALL_MAX;
  if (isGood && asked.every((id) => membersGroupOf(id) === groupId && id !== groupId)) return asked;
  throw new ChatError(
    ErrorCode.GROUP_BAD_PARAMETER,
    `1 to ${TOPICS_PER_CALL_MAX} different topics of one community`,
  );
}
