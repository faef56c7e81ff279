// What get_joined_group_list says of communities with topics: sums over all of a community's topics.
import { mapBounded } from '@parley/kernel';
import type { groupv1 } from '@parley/proto';
import type { RequestScope } from '../command.js';
import { loadHeads, loadTopicReadSeqs } from './group-facts.js';
import type { FieldFilter } from './response-filter.js';

/** Communities looked at in one time; each asks for up to 200 topics. */
const COMMUNITIES_AT_ONCE = 4;

export interface TopicTotals {
  /** Sum of NextMsgSeq. */
  readonly nextMsgSeq: number;
  /** Sum of the numbers that the user has read. */
  readonly readSeq: number;
}

/** Whether an answer holds them; source: rest-groups.md 3.7. */
export const wantsTopicTotals = (group: FieldFilter, self: FieldFilter): boolean =>
  group.wants('GrossTopicNextMsgSeq') || self.wants('GrossTopicReadSeq');

/** By community; of groups without topics nothing. */
export async function loadTopicTotals(
  scope: RequestScope,
  user: string,
  joined: readonly groupv1.JoinedGroup[],
): Promise<ReadonlyMap<string, TopicTotals>> {
  const communities = joined.flatMap(({ group }) => (group?.supportTopic === true ? [group.groupId] : []));
  const totals = await mapBounded(communities, COMMUNITIES_AT_ONCE, async (groupId) => {
    const { topics } = await scope.tools.groups.getTopics({ groupId }, scope.context);
    const topicIds = topics.map(({ topicId }) => topicId);
    const [heads, readSeqs] = await Promise.all([
      loadHeads(scope, topicIds),
      loadTopicReadSeqs(scope, { user, groupId }, topicIds),
    ]);
    const nextMsgSeq = sum(topicIds.map((id) => Number(heads.get(id)?.seq ?? 0n) + 1));
    return [groupId, { nextMsgSeq, readSeq: sum([...readSeqs.values()].map(Number)) }] as const;
  });
  return new Map(totals);
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
