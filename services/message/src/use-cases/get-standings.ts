// GetStandings: how far members of groups have read, and when they spoke last.
import { READ_YOUR_WRITE_WAIT_MS } from '@parley/kernel';
import type { messagev1 } from '@parley/proto';
import { EMPTY_HEAD } from '../domain/conversation-head.js';
import { markWithImports } from '../domain/group-mark.js';
import type { GroupMember, GroupReader, Standing } from '../reading/group-reader.js';
import type { HistoryProgress } from '../reading/history-progress.js';
import type { HeadStore } from '../stores/head-store.js';

type Answer = Pick<messagev1.Standing, 'readSeq' | 'lastSentMs'>;

export class GetStandings {
  constructor(
    private readonly heads: HeadStore,
    private readonly groups: GroupReader,
    private readonly progress: HistoryProgress,
  ) {}

  /** In the order asked, after everything acked before this call. */
  async run(members: readonly GroupMember[]): Promise<Answer[]> {
    await this.progress.catchUpAll(READ_YOUR_WRITE_WAIT_MS);
    const conversations = new Map(members.map(({ conversation }) => [conversation.key, conversation]));
    const [standings, found] = await Promise.all([
      this.groups.standingsOf(members),
      this.heads.getMany([...conversations.values()]),
    ]);
    const heads = new Map([...conversations.keys()].map((key, at) => [key, found[at]]));
    return standings.map((standing) =>
      toAnswer(standing, heads.get(standing.conversation.key) ?? EMPTY_HEAD),
    );
  }
}

function toAnswer({ membership, stored }: Standing, head: typeof EMPTY_HEAD): Answer {
  if (!membership.isOpen) return { readSeq: 0n, lastSentMs: 0n };
  const { readSeq } = markWithImports(membership, stored, head);
  return { readSeq, lastSentMs: BigInt(stored.lastSent?.readMessageTimeMs ?? 0) };
}
