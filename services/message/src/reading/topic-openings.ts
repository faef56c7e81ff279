// Where members of a community stand in its topics. No row says it: who came in before a topic began has all of it
// before him, who came in later begins behind what was said until then (docs/adr/0012-topics.md).
import type { UserId } from '@parley/kernel';
import type { GroupConversation } from '../domain/conversation.js';
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

  /** The membership in a topic of who is in its community so. */
  async inTopic(
    topic: GroupConversation,
    user: UserId,
    membership: GroupMembership,
  ): Promise<GroupMembership> {
    const openingMark = await this.#opening(topic, user, membership);
    const hidesPast = membership.visibleFromSeq > 0n;
    return { ...membership, openingMark, visibleFromSeq: hidesPast ? openingMark.asOfSeq + 1n : 0n };
  }

  async #opening(
    topic: GroupConversation,
    user: UserId,
    { change, changedAtMs }: GroupMembership,
  ): Promise<PlacedMark> {
    const key = `${topic.key} ${user}`;
    const known = this.#known.get(key);
    if (known?.change === change) return known.opening;
    const [head] = await this.heads.getMany([topic]);
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
