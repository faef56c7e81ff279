// Who gets which partition. Each partition likes some members better than others, always the same ones, and
// nobody gets more than a fair share: few partitions move when a member comes or goes.
import kafkajs, { type Assigner, type PartitionAssigner } from 'kafkajs';
import { murmur2 } from '../partitioner.js';

const NAME = 'parley-even';
const VERSION = 1;
const NO_DATA = Buffer.alloc(0);

const liking = (memberId: string, partition: number): number =>
  murmur2(Buffer.from(`${partition}/${memberId}`)) >>> 0;

/** The partitions of each member, by the members' order. */
export function divide(memberIds: readonly string[], partitions: readonly number[]): number[][] {
  const shares: number[][] = memberIds.map(() => []);
  const base = Math.floor(partitions.length / memberIds.length);
  let larger = partitions.length % memberIds.length;
  for (const partition of partitions) {
    const best = memberIds
      .map((memberId, i) => ({ share: shares[i] as number[], likes: liking(memberId, partition) }))
      .filter(({ share }) => share.length < base || (share.length === base && larger > 0))
      .sort((a, b) => b.likes - a.likes)[0]?.share as number[];
    if (best.length === base) larger--;
    best.push(partition);
  }
  return shares;
}

/** All members of one of our groups read the same, one topic. */
export const evenAssigner: PartitionAssigner = ({ cluster }): Assigner => ({
  name: NAME,
  version: VERSION,
  protocol: ({ topics }) => ({
    name: NAME,
    metadata: kafkajs.AssignerProtocol.MemberMetadata.encode({ version: VERSION, topics, userData: NO_DATA }),
  }),
  assign: async ({ members, topics }) => {
    const memberIds = members.map(({ memberId }) => memberId).sort();
    const shares = topics.map((topic) => {
      const partitions = cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => partitionId);
      return {
        topic,
        shares: divide(
          memberIds,
          partitions.sort((a, b) => a - b),
        ),
      };
    });
    return memberIds.map((memberId, i) => ({
      memberId,
      memberAssignment: kafkajs.AssignerProtocol.MemberAssignment.encode({
        version: VERSION,
        assignment: Object.fromEntries(shares.map((it) => [it.topic, it.shares[i] as number[]])),
        userData: NO_DATA,
      }),
    }));
  },
});
