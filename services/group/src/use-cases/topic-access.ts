// What every use-case of topics asks first.

import type { MessageInitShape } from '@bufbuild/protobuf';
import { ChatError, ErrorCode, type GroupId, isTopicId, membersGroupOf } from '@parley/kernel';
import type { groupv1 } from '@parley/proto';
import type { GroupView } from '../changing/group-view.js';
import { refuse, topicNotFound } from '../domain/refusals.js';
import { decideInTopic, type TopicRight } from '../domain/topic-rights.js';
import type { GroupKey } from '../stores/group-store.js';
import { actorIn, type Caller } from './caller.js';

/** A group, or a topic of it, as requests name either with one id. */
export interface Place {
  readonly key: GroupKey;
  readonly topicId: GroupId | undefined;
}

/** What of each topic became, in the order asked. */
export interface TopicOutcomes {
  readonly topics: MessageInitShape<typeof groupv1.TopicOutcomeSchema>[];
}

export const placeOf = ({ appId, groupId }: GroupKey): Place => ({
  key: { appId, groupId: membersGroupOf(groupId) },
  topicId: isTopicId(groupId) ? groupId : undefined,
});

/** @throws ChatError 11000, or what the rights say. */
export async function requireInTopic(
  view: GroupView,
  caller: Caller,
  right: TopicRight,
  topic?: groupv1.TopicRow,
): Promise<void> {
  if (!view.group.supportTopic) {
    throw new ChatError(ErrorCode.COMMUNITY_OFF, 'the group has no topics');
  }
  refuse(decideInTopic(view.policy, await actorIn(view, caller, topic), right));
}

/** @throws ChatError 110003 */
export async function requireTopic(view: GroupView, topicId: GroupId): Promise<groupv1.TopicRow> {
  const row = await view.topic(topicId);
  if (row === undefined) throw topicNotFound();
  return row;
}
