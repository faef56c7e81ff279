// Where a change is told: what concerns one topic, in that topic.
import type { groupv1 } from '@parley/proto';

export function inItsPlace(change: groupv1.GroupChange): groupv1.GroupChange {
  const { change: what } = change;
  const topicId = what.case === 'membersMuted' ? what.value.topicId : '';
  return topicId === '' ? change : { ...change, groupId: topicId };
}
