// Topics as they stand, and how one member stands in them.
import { create } from '@bufbuild/protobuf';
import { ChatError, ErrorCode, type GroupId, type UserId } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import type { GroupRegister } from '../changing/group-register.js';
import type { GroupView } from '../changing/group-view.js';
import { TOPICS_MAX } from '../domain/limits.js';
import { topicNotFound } from '../domain/refusals.js';
import { toTopicId } from '../domain/topic-id.js';
import type { GroupKey } from '../stores/group-store.js';
import { type Caller, subjectUser } from './caller.js';
import { requireInTopic, type TopicOutcomes } from './topic-access.js';

export class GetTopics {
  constructor(private readonly register: GroupRegister) {}

  /** A topic that is not there is an outcome. @throws ChatError 10005, 10007, 10010 or 11000. */
  async run(key: GroupKey, request: groupv1.GetTopicsRequest, caller: Caller): Promise<TopicOutcomes> {
    const view = await this.register.get(key);
    await requireInTopic(view, caller, 'read');
    const asked = request.topicIds.length === 0 ? view.state.topicIds : request.topicIds;
    if (asked.length > TOPICS_MAX) {
      throw new ChatError(ErrorCode.GROUP_TOO_MANY_ACCOUNTS, `at most ${TOPICS_MAX} topics at once`);
    }
    const named = caller.isBackEnd && request.user === '' ? undefined : subjectUser(caller, request.user);
    const member = named && (await view.member(named));
    const rows = await view.topics(asked as GroupId[]);
    const topics = await Promise.all(
      rows.map(async (row, at) => {
        const topicId = asked[at] ?? '';
        const refusal = refusalOf(topicId, row, key.groupId);
        if (refusal !== undefined) return { topicId, code: refusal.code, info: refusal.message };
        const { topic } = row as groupv1.TopicRow;
        if (member === undefined) return { topicId, topic };
        return { topicId, topic, self: await selfIn(view, member, topicId as GroupId) };
      }),
    );
    return { topics };
  }
}

function refusalOf(
  topicId: string,
  row: groupv1.TopicRow | undefined,
  groupId: GroupId,
): ChatError | undefined {
  if (row !== undefined) return undefined;
  try {
    toTopicId(topicId, groupId);
    return topicNotFound();
  } catch (thrown) {
    return ChatError.from(thrown);
  }
}

async function selfIn(view: GroupView, member: groupv1.Member, topicId: GroupId) {
  const [mutedUntilS = 0] = await view.mutedUntil([member.userId as UserId], topicId);
  const receiveOption = member.topicReceiveOptions[topicId] ?? member.receiveOption;
  return create(groupv1.TopicSelfSchema, { mutedUntilS, receiveOption });
}
