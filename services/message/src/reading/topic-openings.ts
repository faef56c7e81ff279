// Where members of a community stand in its topics. No row says it: who came in before a topic began has all of it
// before him, who came in later begins behind what was said until then (docs/adr/0012-topics.md).
import type { UserId } from '@parley/kernel';
import type { GroupConversation } from '../domain/conversation.js';
import type { ConversationHead } from '../domain/conversation-head.js';
import type { GroupMembership, PlacedMark } from '../domain/group-mark.js';
import { CLOCK_SKEW_MS_MAX, NUMBERING_MS_MAX } from '../domain/limits.js';
import { NOTHING_READ } from '../domain/unread.js';
import type { HeadStore } from '../stores/head-store.js';
import type { MarkPlacer } from './mark-placer.js';

/** Openings remembered at once; about 200 bytes each. */
const REMEMBERED_MAX = 20_000;
/** Once the head is so much newer than a time, everything said until then is written. */
const SETTLED_MS = NUMBERING_MS_MAX + CLOCK_SKEW_MS_MAX;
const AT_THE_START: PlacedMark = { mark: NOTHING_READ, asOfSeq: 0n };

interface Known {
  readonly change: bigint;
  readonly opening: PlacedMark;
}

export class TopicOpenings {
  readonly #known = new Map<string, Known>();

  constructor(
    private readonly heads: HeadStore,
    private readonly placer: MarkPlacer,
  ) {}

  /** The memberships in topics of who is in their community so; in the order asked. */
  async inTopics(
    topics: readonly GroupConversation[],
    user: UserId,
    membership: GroupMembership,
  ): Promise<GroupMembership[]> {
    const keys = topics.map((topic) => `${topic.key} ${user}`);
    const openings = keys.map((key) => this.#recall(key, membership));
    const unknown = topics.filter((_, at) => openings[at] === undefined);
    const heads = (unknown.length === 0 ? [] : await this.heads.getMany(unknown)).values();
    for (const [at, topic] of topics.entries()) {
      if (openings[at] !== undefined) continue;
      openings[at] = await this.#find({ topic, key: keys[at] ?? '' }, heads.next().value, membership);
    }
    const hidesPast = membership.visibleFromSeq > 0n;
    return openings.map((openingMark = AT_THE_START) => ({
      ...membership,
      openingMark,
      visibleFromSeq: hidesPast ? openingMark.asOfSeq + 1n : 0n,
    }));
  }

  #recall(key: string, { change }: GroupMembership): PlacedMark | undefined {
    const known = this.#known.get(key);
    return known?.change === change ? known.opening : undefined;
  }

  async #find(
    { topic, key }: { readonly topic: GroupConversation; readonly key: string },
    head: ConversationHead | undefined,
    { change, changedAtMs }: GroupMembership,
  ): Promise<PlacedMark> {
    if (head === undefined || head.seq === 0n) return AT_THE_START;
    const opening = await this.placer.asOf(topic, head, changedAtMs);
    if (head.lastTimeMs > changedAtMs + SETTLED_MS) this.#remember(key, { change, opening });
    return opening;
  }

  #remember(key: string, known: Known): void {
    this.#known.delete(key);
    this.#known.set(key, known);
    if (this.#known.size <= REMEMBERED_MAX) return;
    const [oldest] = this.#known.keys();
    if (oldest !== undefined) this.#known.delete(oldest);
  }
}
